import { MessageResponseSchema } from 'discord-api-spec/zod';
import {
  ChannelType,
  GatewayIntentBits,
  MessageFlags,
  MessageReferenceType,
  MessageType,
  type APIMessage,
  type APIUser,
} from 'discord-api-types/v10';

import type { MessageParts } from './message-body.ts';
import { checkSelf } from './self-check.ts';
import { seeMessage } from './seen.ts';
import {
  addEntry,
  isOpenToBot,
  pick,
  type ChannelState,
  type InteractionState,
  type MessageRecord,
  type World,
} from './world.ts';

const nonceLifeMs = 5 * 60_000;

export type NewMessage = {
  readonly channel: ChannelState;
  readonly author: APIUser;
  readonly parts: Omit<MessageParts, 'body'>;
  readonly type?: MessageType;
  readonly visibleTo?: string | null;
  readonly nonce?: string | number | null;
  /** The message it replies to. */
  readonly reference?: MessageRecord | null;
  readonly pingsReplied?: boolean;
  readonly interaction?: InteractionState;
  readonly extraFlags?: number;
};

/** Puts a message into a channel and tells everyone who may know. */
export function createMessage(world: World, draft: NewMessage): MessageRecord {
  const { channel, visibleTo = null } = draft;
  const message = buildMessage(world, draft);
  checkSelf(world, 'message', MessageResponseSchema, message);
  const nonce = message.nonce === undefined ? null : String(message.nonce);
  const record: MessageRecord = { message, visibleTo, nonce, edits: 0 };
  channel.records.set(message.id, record);
  addEntry(channel, { kind: 'message', record });
  tellBot(world, channel, record, 'MESSAGE_CREATE');
  world.emit({ type: 'message', change: 'created', message: seeMessage(world, record) });
  return record;
}

function buildMessage(world: World, draft: NewMessage): APIMessage {
  const { channel, reference = null, interaction, nonce = null } = draft;
  const { flags, ...parts } = draft.parts;
  const ephemeral = draft.visibleTo ? MessageFlags.Ephemeral : 0;
  return {
    id: world.ids.next(),
    channel_id: channel.id,
    author: draft.author,
    timestamp: world.clock.now().toISOString(),
    edited_timestamp: null,
    tts: false,
    pinned: false,
    type: draft.type ?? (reference ? MessageType.Reply : MessageType.Default),
    ...parts,
    mentions: pinged(draft),
    flags: flags | (draft.extraFlags ?? 0) | ephemeral,
    ...(nonce === null ? {} : { nonce }),
    ...(reference ? referenceTo(reference, channel) : {}),
    ...(interaction
      ? {
          application_id: world.applicationId,
          webhook_id: world.applicationId,
          interaction_metadata: interaction.metadata,
        }
      : {}),
  };
}

function pinged({ parts: { mentions }, reference, pingsReplied }: NewMessage): APIUser[] {
  const replied = reference?.message.author;
  const isNew = replied && mentions.every(({ id }) => id !== replied.id);
  return pingsReplied && isNew ? [...mentions, replied] : mentions;
}

function referenceTo(
  { message }: MessageRecord,
  channel: ChannelState,
): Pick<APIMessage, 'message_reference' | 'referenced_message'> {
  const { referenced_message: _deeper, ...shallow } = message;
  return {
    message_reference: {
      type: MessageReferenceType.Default,
      message_id: message.id,
      channel_id: channel.id,
      ...(channel.guildId === null ? {} : { guild_id: channel.guildId }),
    },
    referenced_message: shallow,
  };
}

export function editMessage(
  world: World,
  record: MessageRecord,
  parts: Omit<MessageParts, 'body'>,
): void {
  const { body: _body, ...fields } = { body: null, ...parts };
  // The first answer to "thinking" is not an edit to those who read it.
  const wasThinking = isThinking(record.message);
  record.message = {
    ...record.message,
    ...fields,
    flags: fields.flags & ~MessageFlags.Loading,
    ...(wasThinking ? {} : { edited_timestamp: world.clock.now().toISOString() }),
  };
  if (!wasThinking) record.edits += 1;
  checkSelf(world, 'edited message', MessageResponseSchema, record.message);
  const channel = pick(world.channels, record.message.channel_id);
  tellBot(world, channel, record, 'MESSAGE_UPDATE');
  world.emit({ type: 'message', change: 'edited', message: seeMessage(world, record) });
}

export function deleteMessage(world: World, record: MessageRecord): void {
  const channel = pick(world.channels, record.message.channel_id);
  channel.records.delete(record.message.id);
  const index = channel.entries.findIndex(
    (entry) => entry.kind === 'message' && entry.record === record,
  );
  if (index !== -1) channel.entries.splice(index, 1);
  if (record.visibleTo === null && isOpenToBot(world, channel)) {
    const { id } = record.message;
    world.dispatch({
      type: 'MESSAGE_DELETE',
      guildId: channel.guildId,
      intents: messageIntent(channel),
      data: () => ({ id, channel_id: channel.id, ...guildOf(channel) }),
    });
  }
  world.emit({ type: 'message', change: 'deleted', message: seeMessage(world, record) });
}

export const isThinking = (message: APIMessage): boolean =>
  ((message.flags ?? 0) & MessageFlags.Loading) !== 0;

const messageIntent = (channel: ChannelState): number =>
  channel.guildId === null ? GatewayIntentBits.DirectMessages : GatewayIntentBits.GuildMessages;

const guildOf = (channel: ChannelState) =>
  channel.guildId === null ? {} : { guild_id: channel.guildId };

const channelTypes = {
  text: ChannelType.GuildText,
  dm: ChannelType.DM,
  thread: ChannelType.PublicThread,
} as const;

function tellBot(
  world: World,
  channel: ChannelState,
  record: MessageRecord,
  type: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE',
): void {
  if (record.visibleTo !== null || !isOpenToBot(world, channel)) return;
  const { message } = record;
  const member = memberOf(world, channel, message.author.id);
  world.dispatch({
    type,
    guildId: channel.guildId,
    intents: messageIntent(channel),
    data: ({ intents }) => ({
      ...asReadByBot(world, channel, message, (intents & GatewayIntentBits.MessageContent) !== 0),
      ...guildOf(channel),
      channel_type: channelTypes[channel.kind],
      ...(member ? { member } : {}),
    }),
  });
}

function memberOf(world: World, channel: ChannelState, userId: string): object | null {
  const roles = channel.guildId && pick(world.guilds, channel.guildId).members.get(userId);
  if (!roles) return null;
  return { roles, joined_at: channel.createdAt, mute: false, deaf: false, flags: 0 };
}

/** The message as the bot gets it: without the content intent most of what others say is blank. */
export function asReadByBot(
  world: World,
  channel: ChannelState,
  message: APIMessage,
  hasContentIntent: boolean,
): APIMessage {
  const mayRead =
    hasContentIntent ||
    channel.guildId === null ||
    message.author.id === world.botUser.id ||
    message.mentions.some(({ id }) => id === world.botUser.id);
  const { referenced_message: referenced } = message;
  return {
    ...message,
    ...(mayRead ? {} : { content: '', embeds: [], attachments: [], components: [] }),
    ...(referenced
      ? { referenced_message: asReadByBot(world, channel, referenced, hasContentIntent) }
      : {}),
  };
}

/** The message that the bot sent here with this nonce within the last minutes. */
export function findByNonce(
  world: World,
  channel: ChannelState,
  nonce: string,
): MessageRecord | undefined {
  const since = world.clock.now().getTime() - nonceLifeMs;
  return [...channel.records.values()].find(
    (record) =>
      record.nonce === nonce &&
      record.message.author.id === world.botUser.id &&
      Date.parse(record.message.timestamp) >= since,
  );
}
