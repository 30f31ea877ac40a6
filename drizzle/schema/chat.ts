import { bigserial, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';

import { count, json, moment } from './columns.ts';
import { accounts } from './people.ts';

/** What a chat server has settled for its members. */
export const servers = pgTable('servers', {
  id: text('id').primaryKey(),
  /** Channels where Jilo answers; empty: everywhere. */
  channels: json<string[]>('channels').notNull(),
  /** Roles whose members may use it; empty: everyone. */
  roles: json<string[]>('roles').notNull(),
  /** Language of what everybody sees; null: that of the person who asked. */
  locale: text('locale', { enum: ['en', 'zh'] }),
  /** Who sees results: everybody in the channel, or the person alone. */
  visibility: text('visibility', { enum: ['everyone', 'person'] }).notNull(),
  /** Who pays for videos that are asked for here: the server's wallet as far as it reaches, or each for themselves. */
  pays: text('pays', { enum: ['person', 'server'] })
    .notNull()
    .default('person'),
  /** Units a day that a member with the role may spend of the server's wallet; without any: nobody may. */
  roleLimits: json<Record<string, number>>('role_limits').notNull().default({}),
  /** Channel in which each movement of the server's wallet is told; null: nowhere. */
  ledgerChannel: text('ledger_channel'),
  /** The last movement that was told there. */
  ledgerTold: count('ledger_told').notNull().default(0),
  changedAt: moment('changed_at').notNull(),
  changedBy: text('changed_by')
    .notNull()
    .references(() => accounts.id),
});

/** What a person has typed or picked and not sent yet: the last prompt, a publish form. */
export const drafts = pgTable(
  'drafts',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    serverId: text('server_id'),
    /** What it is a draft of: `prompt`, or `publication:vid_…`. */
    topic: text('topic').notNull(),
    fields: json<Record<string, unknown>>('fields').notNull(),
    changedAt: moment('changed_at').notNull(),
  },
  (table) => [
    unique('drafts_topic').on(table.accountId, table.serverId, table.topic).nullsNotDistinct(),
  ],
);

/** Where an approval was put before its person, so that what comes of it is told there. */
export const approvalCards = pgTable('approval_cards', {
  approvalId: text('approval_id').primaryKey(),
  accountId: text('account_id')
    .notNull()
    .references(() => accounts.id),
  /** The person at the chat service. */
  userId: text('user_id').notNull(),
  serverId: text('server_id'),
  channelId: text('channel_id').notNull(),
  /** Set when an agent asked: it is told what was decided. */
  conversationId: text('conversation_id'),
  /** The largest file that may be uploaded there, in bytes. */
  uploadLimit: integer('upload_limit').notNull(),
  createdAt: moment('created_at').notNull(),
});

/** The one message that shows how a video or a publication is getting on. */
export const progressMessages = pgTable(
  'progress_messages',
  {
    subjectId: text('subject_id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    userId: text('user_id').notNull(),
    serverId: text('server_id'),
    channelId: text('channel_id').notNull(),
    /** null until the service has taken the message. */
    messageId: text('message_id'),
    conversationId: text('conversation_id'),
    uploadLimit: integer('upload_limit').notNull(),
    createdAt: moment('created_at').notNull(),
    /** When the last state was shown; nothing is edited after that. */
    endedAt: moment('ended_at'),
  },
  (table) => [index('progress_messages_open').on(table.endedAt)],
);

/** What a person is to be told; written with the change it is about. */
export const notices = pgTable(
  'notices',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    kind: text('kind', {
      enum: [
        'video_ready',
        'video_failed',
        'publication_live',
        'publication_scheduled',
        'publication_failed',
        'publication_waiting',
        'channel_reconnect',
        'watch_found',
        'watch_paused',
        'approval_asked',
        'payment_received',
        'payment_failed',
        'payment_returned',
        'plan_ended',
      ],
    }).notNull(),
    subjectId: text('subject_id').notNull(),
    createdAt: moment('created_at').notNull(),
    /** When the person was told, or did not want to be. */
    deliveredAt: moment('delivered_at'),
  },
  (table) => [index('notices_open').on(table.deliveredAt, table.id)],
);

/** One thread of talk with one person at one place. */
export const conversations = pgTable(
  'conversations',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    surface: text('surface').notNull(),
    /** The channel, thread, direct message or terminal. */
    place: text('place').notNull(),
    serverId: text('server_id'),
    /** What was said up to `summarisedThrough`, in short. */
    summary: text('summary').notNull(),
    summarisedThrough: count('summarised_through').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [unique('conversations_place').on(table.accountId, table.surface, table.place)],
);

/** Something said to the agent, by its person or by what happened meanwhile; answered once. */
export const conversationTurns = pgTable(
  'conversation_turns',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    conversationId: text('conversation_id')
      .notNull()
      .references(() => conversations.id),
    /** The message or event it comes from: the same one is taken in once. */
    key: text('key').notNull(),
    kind: text('kind', { enum: ['person', 'event'] }).notNull(),
    text: text('text').notNull(),
    /** Where the answer goes, in the words of the surface. */
    replyTo: json<Record<string, unknown>>('reply_to').notNull(),
    createdAt: moment('created_at').notNull(),
    answeredAt: moment('answered_at'),
  },
  (table) => [
    unique('conversation_turns_key').on(table.conversationId, table.key),
    index('conversation_turns_open').on(table.answeredAt, table.id),
  ],
);

/** What the model was told and what it answered, as it is sent to it again. */
export const conversationMessages = pgTable(
  'conversation_messages',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    conversationId: text('conversation_id')
      .notNull()
      .references(() => conversations.id),
    turnId: count('turn_id').notNull(),
    message: json<unknown>('message').notNull(),
    /** Estimated, for trimming. */
    tokens: integer('tokens').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [index('conversation_messages_by_conversation').on(table.conversationId, table.id)],
);

/** What an account's agent has used on one day (UTC). */
export const agentUsage = pgTable(
  'agent_usage',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    day: text('day').notNull(),
    steps: integer('steps').notNull(),
    inputTokens: count('input_tokens').notNull(),
    outputTokens: count('output_tokens').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.day] })],
);
