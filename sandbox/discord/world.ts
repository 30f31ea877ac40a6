import type {
  APIApplicationCommand,
  APIMessage,
  APIMessageInteractionMetadata,
  APIModalInteractionResponseCallbackData,
  APIRole,
  APIUser,
  InteractionResponseType,
  InteractionType,
} from 'discord-api-types/v10';

import type { SandboxClock } from '../clock.ts';
import type { Attachments } from './attachments.ts';
import type { Ids } from './ids.ts';
import type { DiscordEvent, Suggestion, TurnState, Violation } from './types.ts';

export type GuildState = {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  readonly roles: APIRole[];
  /** Roles of each member by user id. */
  readonly members: Map<string, string[]>;
  botIsMember: boolean;
};

export type MessageRecord = {
  message: APIMessage;
  /** The only person who sees it, when it is ephemeral. */
  readonly visibleTo: string | null;
  readonly nonce: string | null;
  edits: number;
};

/** What is said and done in a channel, in order, for the transcript. */
export type Entry =
  | { readonly kind: 'message'; readonly record: MessageRecord }
  | { readonly kind: 'action'; readonly text: string };

export type ChannelState = {
  readonly id: string;
  readonly kind: 'text' | 'dm' | 'thread';
  name: string;
  readonly guildId: string | null;
  readonly parentId: string | null;
  /** Whose DM with the bot it is. */
  readonly personId: string | null;
  readonly ownerId: string | null;
  readonly createdAt: string;
  archived: boolean;
  readonly entries: Entry[];
  readonly records: Map<string, MessageRecord>;
};

export type PersonState = {
  readonly user: APIUser;
  readonly name: string;
  locale: string;
  acceptsDms: boolean;
  readonly isManager: boolean;
  readonly roleNames: readonly string[];
  readonly email: string | null;
  readonly emailVerified: boolean;
};

/** One interaction from the person's act to the death of its token. */
export type InteractionState = {
  readonly id: string;
  readonly token: string;
  readonly type: InteractionType;
  readonly personId: string;
  readonly channelId: string;
  readonly guildId: string | null;
  /** For the transcript and the page: `/video generate`. */
  readonly action: string;
  readonly owners: Readonly<Record<string, string>>;
  readonly userInstallOnly: boolean;
  /** The message whose component was used, or that led to the form. */
  readonly sourceMessageId: string | null;
  /** Goes into the messages that answer it. */
  readonly metadata: APIMessageInteractionMetadata;
  readonly createdAt: number;
  state: TurnState;
  /** Type of the accepted callback. */
  acked: InteractionResponseType | null;
  dead: boolean;
  /** Message that @original means. */
  originalId: string | null;
  followUps: number;
  /** First final answer. */
  replyId: string | null;
  modal: APIModalInteractionResponseCallbackData | null;
  /** Whether the person can still submit it; while an answer is awaited they cannot. */
  form: 'open' | 'sent' | 'closed';
  /** The interaction whose form this one submits. */
  readonly trigger: InteractionState | null;
  suggestions: readonly Suggestion[] | null;
  error: string | null;
  stopClock: () => void;
};

/** Everything that the emulated Discord knows. */
export type World = {
  readonly clock: SandboxClock;
  readonly ids: Ids;
  readonly attachments: Attachments;
  readonly applicationId: string;
  readonly botUser: APIUser;
  readonly startedAt: number;
  readonly settings: {
    readonly token: string;
    readonly clientSecret: string;
    readonly ackMs: number;
    readonly tokenMs: number;
    readonly heartbeatMs: number;
    readonly uploadLimit: number;
    readonly privilegedIntents: number;
    readonly shards: number;
  };
  readonly guilds: Map<string, GuildState>;
  readonly channels: Map<string, ChannelState>;
  readonly people: Map<string, PersonState>;
  /** Key is the command's id. */
  readonly commands: Map<string, APIApplicationCommand>;
  readonly interactions: Map<string, InteractionState>;
  /** Commands created today. */
  readonly creates: { day: string; count: number };
  readonly violations: Violation[];
  readonly selfFaults: string[];
  /** Set when the gateway runs. */
  dispatch: (event: Dispatch) => void;
  /** Tells the page, waiting tests and turns. */
  emit: (event: DiscordEvent) => void;
  readonly listeners: Set<(event: DiscordEvent) => void>;
};

export type Dispatch = {
  readonly type: string;
  /** Per session, because some fields depend on its intents. */
  readonly data: (session: { readonly intents: number }) => object;
  readonly guildId: string | null;
  /** Intent bits, any of which lets the event through; 0 always. */
  readonly intents: number;
};

/** Oldest entries leave when a list is longer than this. */
const logLimit = 5000;
const channelLimit = 2000;

export function pushBounded<Item>(list: Item[], item: Item): void {
  list.push(item);
  if (list.length > logLimit) list.splice(0, list.length - logLimit);
}

/** Appends to a channel; what is older than its last 2000 entries is forgotten. */
export function addEntry(channel: ChannelState, entry: Entry): void {
  channel.entries.push(entry);
  if (channel.entries.length <= channelLimit) return;
  const [oldest] = channel.entries.splice(0, 1);
  if (oldest?.kind === 'message') channel.records.delete(oldest.record.message.id);
}

export function pick<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`the emulator lost ${String(key)}`);
  return value;
}

/** May the bot read and write here with its own token? */
export function isOpenToBot(world: World, channel: ChannelState): boolean {
  return channel.guildId === null || pick(world.guilds, channel.guildId).botIsMember;
}

export function recordViolation(world: World, violation: Omit<Violation, 'at'>): void {
  const full = { ...violation, at: world.clock.now().toISOString() };
  pushBounded(world.violations, full);
  world.emit({ type: 'violation', violation: full });
}
