import {
  GuildChannelResponseSchema,
  MessageCreateRequestSchema,
  MessageEditRequestPartialSchema,
  MessageResponseSchema,
  PrivateChannelResponseSchema,
  ThreadResponseSchema,
} from 'discord-api-spec/zod';
import { GatewayIntentBits } from 'discord-api-types/v10';
import { z } from 'zod';

import { markAnswered } from './interactions.ts';
import { readMessage } from './message-body.ts';
import {
  asReadByBot,
  createMessage,
  deleteMessage,
  editMessage,
  findByNonce,
  isThinking,
} from './messages.ts';
import { channelObject } from './objects.ts';
import { announce } from './places.ts';
import { problem, refuse, refuseForm } from './refusal.ts';
import { openChannel, openMessage } from './reach.ts';
import type { Asked, RestRoute } from './rest.ts';
import { oneOf } from './self-check.ts';
import { threadRoutes } from './thread-routes.ts';
import { pick, type ChannelState, type MessageRecord, type World } from './world.ts';

/** Channels, messages, threads and typing, with the bot's own token. */
export function channelRoutes(world: World): RestRoute[] {
  return [
    ...ownRoutes(world),
    ...messageRoutes(world),
    ...threadRoutes(world),
    ...reactionRoutes(world),
  ];
}

function readable(world: World, channel: ChannelState, { message }: MessageRecord): object {
  const intent = world.settings.privilegedIntents & GatewayIntentBits.MessageContent;
  return asReadByBot(world, channel, message, intent !== 0);
}

function ownRoutes(world: World): RestRoute[] {
  const path = '/channels/:channel';
  const schemas = [PrivateChannelResponseSchema, ThreadResponseSchema] as const;
  const answers = oneOf(GuildChannelResponseSchema, ...schemas);
  const patch = z.looseObject({
    name: z.string().min(1).max(100).optional(),
    archived: z.boolean().optional(),
  });
  return [
    {
      method: 'GET',
      path,
      answers,
      handle: (asked) => ({ status: 200, body: channelObject(world, openChannel(world, asked)) }),
    },
    {
      method: 'PATCH',
      path,
      answers,
      handle: (asked) => {
        const channel = openChannel(world, asked);
        const wanted = patch.safeParse(asked.body);
        if (!wanted.success) {
          const message = 'Must be between 1 and 100 in length.';
          throw refuseForm([problem(['name'], 'BASE_TYPE_BAD_LENGTH', message)]);
        }
        if (channel.kind !== 'thread') throw refuse('missingPermissions');
        channel.name = wanted.data.name ?? channel.name;
        channel.archived = wanted.data.archived ?? channel.archived;
        announce(world, channel, 'THREAD_UPDATE');
        return { status: 200, body: channelObject(world, channel) };
      },
    },
    {
      method: 'POST',
      path: `${path}/typing`,
      handle: (asked) => {
        const channel = openChannel(world, asked);
        world.emit({ type: 'typing', channelId: channel.id, userId: world.botUser.id });
        return { status: 204 };
      },
    },
  ];
}

function messageRoutes(world: World): RestRoute[] {
  const path = '/channels/:channel/messages';
  const answers = MessageResponseSchema;
  return [
    {
      method: 'GET',
      path,
      answers,
      handle: (asked) => {
        const channel = openChannel(world, asked);
        const page = listMessages(channel, asked.query);
        return { status: 200, body: page.map((record) => readable(world, channel, record)) };
      },
    },
    {
      method: 'POST',
      path,
      answers,
      bucket: 'createMessage',
      handle: (asked) => ({ status: 200, body: postMessage(world, asked).message }),
    },
    {
      method: 'POST',
      path: `${path}/bulk-delete`,
      handle: (asked) => {
        const channel = openChannel(world, asked);
        if (channel.guildId === null) throw refuse('missingPermissions');
        const wanted = z.looseObject({ messages: z.array(z.string()) }).safeParse(asked.body);
        const ids = wanted.success ? wanted.data.messages : [];
        if (ids.length < 2 || ids.length > 100) throw refuse('badDeleteCount');
        for (const id of ids) {
          const record = channel.records.get(id);
          if (record?.visibleTo === null) deleteMessage(world, record);
        }
        return { status: 204 };
      },
    },
    {
      method: 'GET',
      path: `${path}/:message`,
      answers,
      handle: (asked) => {
        const channel = openChannel(world, asked);
        return { status: 200, body: readable(world, channel, openMessage(channel, asked)) };
      },
    },
    {
      method: 'PATCH',
      path: `${path}/:message`,
      answers,
      bucket: 'editMessage',
      handle: (asked) => ({ status: 200, body: patchMessage(world, asked).message }),
    },
    {
      method: 'DELETE',
      path: `${path}/:message`,
      handle: (asked) => {
        const record = openMessage(openChannel(world, asked), asked);
        // The bot is never given the right to manage other people's messages.
        if (record.message.author.id !== world.botUser.id) throw refuse('missingPermissions');
        deleteMessage(world, record);
        return { status: 204 };
      },
    },
  ];
}

function listMessages(channel: ChannelState, query: URLSearchParams): MessageRecord[] {
  const limit = Number(query.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    const message = 'int value should be less than or equal to 100.';
    throw refuseForm([problem(['limit'], 'NUMBER_TYPE_MAX', message)]);
  }
  const before = query.get('before');
  const after = query.get('after');
  const visible = [...channel.records.values()].filter(({ visibleTo }) => visibleTo === null);
  const fitting = visible.filter(
    ({ message: { id } }) =>
      (before === null || BigInt(id) < BigInt(before)) &&
      (after === null || BigInt(id) > BigInt(after)),
  );
  const page = after === null ? fitting.slice(-limit) : fitting.slice(0, limit);
  return page.toReversed();
}

function postMessage(world: World, asked: Asked): MessageRecord {
  const channel = openChannel(world, asked);
  const { body, ...parts } = readMessage(world, {
    schema: MessageCreateRequestSchema,
    body: asked.body,
    files: asked.files,
    channelId: channel.id,
    existing: null,
  });
  if (channel.personId !== null && !pick(world.people, channel.personId).acceptsDms) {
    throw refuse('closedDms');
  }
  if (channel.archived) channel.archived = false;
  if (body.enforce_nonce && body.nonce !== undefined && body.nonce !== null) {
    const same = findByNonce(world, channel, String(body.nonce));
    if (same) return same;
  }
  return createMessage(world, {
    channel,
    author: world.botUser,
    parts,
    nonce: body.nonce ?? null,
    reference: referenceOf(channel, body.message_reference ?? null),
    pingsReplied: body.allowed_mentions ? (body.allowed_mentions.replied_user ?? false) : true,
  });
}

function referenceOf(
  channel: ChannelState,
  wanted: { readonly message_id: string; readonly fail_if_not_exists?: boolean | null } | null,
): MessageRecord | null {
  if (!wanted) return null;
  const record = channel.records.get(wanted.message_id);
  if (record && record.visibleTo === null) return record;
  if (wanted.fail_if_not_exists === false) return null;
  const code = 'REPLIES_UNKNOWN_MESSAGE';
  throw refuseForm([problem(['message_reference'], code, 'Unknown message')]);
}

function patchMessage(world: World, asked: Asked): MessageRecord {
  const channel = openChannel(world, asked);
  const record = openMessage(channel, asked);
  if (record.message.author.id !== world.botUser.id) throw refuse('notTheAuthor');
  const parts = readMessage(world, {
    schema: MessageEditRequestPartialSchema,
    body: asked.body,
    files: asked.files,
    channelId: channel.id,
    existing: record,
  });
  const opener = isThinking(record.message) ? openerOf(world, record) : undefined;
  editMessage(world, record, parts);
  if (opener) markAnswered(world, opener, record);
  return record;
}

/** The interaction whose "thinking" message this is. */
const openerOf = (world: World, { message }: MessageRecord) =>
  [...world.interactions.values()].findLast(({ originalId }) => originalId === message.id);

function reactionRoutes(world: World): RestRoute[] {
  const path = '/channels/:channel/messages/:message/reactions/:emoji/@me';
  const handle = (asked: Asked) => {
    openMessage(openChannel(world, asked), asked);
    return { status: 204 };
  };
  return [
    { method: 'PUT', path, handle },
    { method: 'DELETE', path, handle },
  ];
}
