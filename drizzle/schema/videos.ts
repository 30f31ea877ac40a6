import { sql } from 'drizzle-orm';
import {
  bigserial,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core';

import { count, json, moment } from './columns.ts';
import { accounts } from './people.ts';

export const quotes = pgTable(
  'quotes',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    prompt: text('prompt').notNull(),
    model: text('model').notNull(),
    seconds: integer('seconds').notNull(),
    shape: text('shape').notNull(),
    /** Style, tone, pace and what is added to the picture, as the person chose them. */
    options: json<unknown>('options').notNull().default({}),
    /** The storyboard, shot by shot. */
    shots: json<unknown>('shots').notNull(),
    /** Who drew the storyboard up: the language model, or the rules that stand in for it. */
    plannedBy: text('planned_by', { enum: ['model', 'rules'] })
      .notNull()
      .default('rules'),
    quota: integer('quota').notNull(),
    estimatedUsd: doublePrecision('estimated_usd'),
    /** Minutes that such a video took lately; null while nothing backs a number. */
    expectedMinutes: doublePrecision('expected_minutes'),
    /** Hash of the wish: the same wish finds its quote again while that holds. */
    wishHash: text('wish_hash').notNull().default(''),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [index('quotes_by_wish').on(table.accountId, table.wishHash, table.expiresAt)],
);

export const videos = pgTable(
  'videos',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    quoteId: text('quote_id')
      .notNull()
      .references(() => quotes.id),
    /** The first video of a chain of free retries; its own id when it is the first. */
    rootId: text('root_id').notNull(),
    prompt: text('prompt').notNull(),
    model: text('model').notNull(),
    seconds: integer('seconds').notNull(),
    shape: text('shape').notNull(),
    options: json<unknown>('options').notNull().default({}),
    /** The first take of the same order; its own id when it is the first or the only one. */
    batchId: text('batch_id').notNull().default(''),
    /** Which take of the order this is, from 1. */
    take: integer('take').notNull().default(1),
    quota: integer('quota').notNull(),
    status: text('status', {
      enum: ['queued', 'generating', 'assembling', 'ready', 'failed', 'cancelled'],
    }).notNull(),
    /** Why it failed: a fault code, or `timed_out`. */
    failure: text('failure'),
    /** The service that its assembly waits for, by name; what its shots wait for stands with them. */
    waitingFor: text('waiting_for'),
    fileKey: text('file_key'),
    /** How far the assembly is, 0 to 100. */
    assembledPercent: integer('assembled_percent').notNull().default(0),
    bytes: count('bytes'),
    sha256: text('sha256'),
    durationSeconds: doublePrecision('duration_seconds'),
    width: integer('width'),
    height: integer('height'),
    /** A still of it as JPEG; null until one was needed. */
    posterKey: text('poster_key'),
    /** Part of the signature of every share link: those of an earlier number have ended. */
    shareEpoch: integer('share_epoch').notNull().default(0),
    /** The chat server that it was asked for in; null: for the person alone. */
    serverId: text('server_id'),
    /** The approval that it was started with. */
    approvalId: text('approval_id'),
    createdAt: moment('created_at').notNull(),
    readyAt: moment('ready_at'),
    /** Deleted by its person: the files are gone, the row stays for the journal. */
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    index('videos_by_account').on(table.accountId, table.createdAt),
    unique('videos_approval').on(table.approvalId, table.take),
    index('videos_by_batch').on(table.batchId),
    check(
      'videos_ready_has_file',
      sql`${table.status} <> 'ready' or ${table.fileKey} is not null or ${table.deletedAt} is not null`,
    ),
  ],
);

export const shots = pgTable(
  'shots',
  {
    id: text('id').primaryKey(),
    videoId: text('video_id')
      .notNull()
      .references(() => videos.id),
    /** A clip of the picture, or a spoken line over the clip of the same position. */
    kind: text('kind', { enum: ['clip', 'voice'] })
      .notNull()
      .default('clip'),
    position: integer('position').notNull(),
    /** How long the provider makes it. */
    clipSeconds: doublePrecision('clip_seconds').notNull(),
    /** How much of it the video uses; null: all. */
    keepSeconds: doublePrecision('keep_seconds'),
    prompt: text('prompt').notNull(),
    /** The line that is shown while it plays. */
    caption: text('caption'),
    /** `planned` waits for its turn at the provider, `due` has it. */
    status: text('status', {
      enum: ['planned', 'due', 'submitted', 'delivered', 'failed'],
    }).notNull(),
    /** A shot that failed waits until then for its next attempt. */
    notBefore: moment('not_before'),
    /** The provider or the storage that does not answer, by name; it goes on by itself. */
    waitingFor: text('waiting_for'),
    /** Another shot's file is used as it is after a free retry. */
    fileKey: text('file_key'),
    bytes: count('bytes'),
    sha256: text('sha256'),
  },
  (table) => [
    unique('shots_position').on(table.videoId, table.kind, table.position),
    index('shots_waiting').on(table.status, table.notBefore),
  ],
);

/** One paid submit at the most: the row is the intent, written before the call. */
export const shotAttempts = pgTable(
  'shot_attempts',
  {
    id: text('id').primaryKey(),
    shotId: text('shot_id')
      .notNull()
      .references(() => shots.id),
    number: integer('number').notNull(),
    provider: text('provider', { enum: ['fal', 'runway'] })
      .notNull()
      .default('fal'),
    status: text('status', {
      enum: ['intended', 'accepted', 'unknown', 'rejected', 'delivered', 'failed'],
    }).notNull(),
    requestId: text('request_id'),
    statusUrl: text('status_url'),
    responseUrl: text('response_url'),
    cancelUrl: text('cancel_url'),
    createdAt: moment('created_at').notNull(),
    endedAt: moment('ended_at'),
  },
  (table) => [unique('shot_attempts_number').on(table.shotId, table.number)],
);

/** What happened to a video or a publication, in order; progress is drawn from it. */
export const events = pgTable(
  'events',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: moment('at').notNull(),
    subjectId: text('subject_id').notNull(),
    kind: text('kind').notNull(),
    data: json<Record<string, unknown>>('data').notNull(),
  },
  (table) => [index('events_by_subject').on(table.subjectId, table.id)],
);

/** Callbacks as they were received and verified; a pair of source and event id is taken in once. */
export const inbox = pgTable(
  'inbox',
  {
    source: text('source').notNull(),
    eventId: text('event_id').notNull(),
    receivedAt: moment('received_at').notNull(),
    attemptId: text('attempt_id').notNull(),
    payload: json<unknown>('payload').notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.eventId] })],
);

/** What was judged about a text before money was spent; the same text is not asked about twice. */
export const promptChecks = pgTable('prompt_checks', {
  /** Of the normalised text and of the rules' version. */
  hash: text('hash').primaryKey(),
  verdict: json<unknown>('verdict').notNull(),
  checkedAt: moment('checked_at').notNull(),
});
