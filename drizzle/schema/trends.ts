import { sql } from 'drizzle-orm';
import {
  bigserial,
  boolean,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

import { count, json, moment } from './columns.ts';
import { accounts } from './people.ts';

export const trends = pgTable(
  'trends',
  {
    id: text('id').primaryKey(),
    platform: text('platform', { enum: ['tiktok', 'youtube', 'instagram'] }).notNull(),
    externalId: text('external_id').notNull(),
    kind: text('kind', { enum: ['short', 'long'] }).notNull(),
    title: text('title').notNull(),
    description: text('description').notNull(),
    url: text('url').notNull(),
    channel: text('channel'),
    channelFollowers: count('channel_followers'),
    views: count('views'),
    likes: count('likes'),
    comments: count('comments'),
    shares: count('shares'),
    durationSeconds: doublePrecision('duration_seconds'),
    publishedAt: moment('published_at'),
    /** Where the platform shows it; such addresses expire. */
    thumbnailUrl: text('thumbnail_url'),
    /** Our own copy. */
    thumbnailKey: text('thumbnail_key'),
    thumbnailTries: integer('thumbnail_tries').notNull().default(0),
    hashtags: json<string[]>('hashtags').notNull(),
    analysis: json<unknown>('analysis'),
    seenAt: moment('seen_at').notNull(),
  },
  (table) => [unique('trends_external').on(table.platform, table.externalId)],
);

/**
 * What one actor was sent for on one platform. Searches and watches that ask the same share it while it
 * goes on, and while it is fresh.
 */
export const trendHarvests = pgTable(
  'trend_harvests',
  {
    id: text('id').primaryKey(),
    purpose: text('purpose', { enum: ['search', 'watch', 'sample'] }).notNull(),
    platform: text('platform', { enum: ['tiktok', 'youtube', 'instagram'] }).notNull(),
    /** Hash of keyword and period, or of the addresses that are looked at again. */
    query: text('query').notNull(),
    request: json<Record<string, unknown>>('request').notNull(),
    maxItems: integer('max_items').notNull(),
    maxCostUsd: doublePrecision('max_cost_usd').notNull(),
    status: text('status', {
      enum: ['waiting', 'running', 'done', 'failed', 'timed_out', 'aborted'],
    }).notNull(),
    /** Set as soon as the provider has said which run it is. */
    runId: text('run_id'),
    skipped: json<Record<string, number>>('skipped').notNull(),
    /** Code of the fault that ended it, or that it waits because of. */
    fault: json<unknown>('fault'),
    costUsd: doublePrecision('cost_usd'),
    /** Until then one process works on it; after that anybody may go on. */
    leasedUntil: moment('leased_until').notNull(),
    createdAt: moment('created_at').notNull(),
    endedAt: moment('ended_at'),
  },
  (table) => [
    index('trend_harvests_by_query').on(table.platform, table.query, table.createdAt),
    index('trend_harvests_by_purpose').on(table.purpose, table.createdAt),
    uniqueIndex('trend_harvests_once')
      .on(table.platform, table.query, table.maxItems)
      .where(sql`${table.status} in ('waiting', 'running')`),
  ],
);

/** The videos that a harvest brought. */
export const trendHarvestItems = pgTable(
  'trend_harvest_items',
  {
    harvestId: text('harvest_id')
      .notNull()
      .references(() => trendHarvests.id),
    trendId: text('trend_id')
      .notNull()
      .references(() => trends.id),
  },
  (table) => [primaryKey({ columns: [table.harvestId, table.trendId] })],
);

/** Each sighting appends: from the second on, growth is measured. */
export const trendSnapshots = pgTable(
  'trend_snapshots',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    trendId: text('trend_id')
      .notNull()
      .references(() => trends.id),
    seenAt: moment('seen_at').notNull(),
    views: count('views'),
    likes: count('likes'),
    comments: count('comments'),
    shares: count('shares'),
  },
  (table) => [index('trend_snapshots_by_trend').on(table.trendId, table.seenAt)],
);

export const trendSearches = pgTable(
  'trend_searches',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    keyword: text('keyword').notNull(),
    request: json<Record<string, unknown>>('request').notNull(),
    status: text('status', { enum: ['running', 'ready', 'failed', 'cancelled'] })
      .notNull()
      .default('ready'),
    skipped: json<Record<string, number>>('skipped').notNull(),
    notes: json<unknown>('notes').notNull(),
    costUsd: doublePrecision('cost_usd'),
    /** When the oldest of what it was answered from was seen; null while that is not known. */
    seenAt: moment('seen_at'),
    /** The chat server that it was asked for in; null: for the person alone. */
    serverId: text('server_id'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [index('trend_searches_by_account').on(table.accountId, table.createdAt)],
);

/** What a search was answered from. */
export const trendSearchHarvests = pgTable(
  'trend_search_harvests',
  {
    searchId: text('search_id')
      .notNull()
      .references(() => trendSearches.id),
    harvestId: text('harvest_id')
      .notNull()
      .references(() => trendHarvests.id),
    /** Whether this search sent the actor; otherwise it came from the store, or waits with somebody. */
    isStarter: boolean('is_starter').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.searchId, table.harvestId] }),
    index('trend_search_harvests_by_harvest').on(table.harvestId),
  ],
);

export const trendResults = pgTable(
  'trend_results',
  {
    searchId: text('search_id')
      .notNull()
      .references(() => trendSearches.id),
    trendId: text('trend_id')
      .notNull()
      .references(() => trends.id),
    position: integer('position').notNull(),
    score: json<unknown>('score').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.searchId, table.trendId] }),
    index('trend_results_by_trend').on(table.trendId),
  ],
);

/** Trends that a person keeps, each where it was found. */
export const savedTrends = pgTable(
  'saved_trends',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    trendId: text('trend_id')
      .notNull()
      .references(() => trends.id),
    serverId: text('server_id'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    unique('saved_trends_once')
      .on(table.accountId, table.trendId, table.serverId)
      .nullsNotDistinct(),
  ],
);

/** "Tell me when something about this breaks out." */
export const watches = pgTable(
  'watches',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    serverId: text('server_id'),
    keyword: text('keyword').notNull(),
    platforms: json<string[]>('platforms').notNull(),
    /** From this score on it is told, 0..100. */
    minScore: integer('min_score').notNull(),
    everyHours: integer('every_hours').notNull(),
    /** At most this many US dollars in 24 hours. */
    dailyUsd: doublePrecision('daily_usd').notNull(),
    status: text('status', { enum: ['active', 'paused', 'deleted'] }).notNull(),
    /** How often in a row it could not be looked. */
    failures: integer('failures').notNull().default(0),
    lastAt: moment('last_at'),
    nextAt: moment('next_at').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    index('watches_due').on(table.status, table.nextAt),
    index('watches_by_account').on(table.accountId),
  ],
);

/** What a watch has found; each video once. */
export const watchFinds = pgTable(
  'watch_finds',
  {
    id: text('id').primaryKey(),
    watchId: text('watch_id')
      .notNull()
      .references(() => watches.id),
    trendId: text('trend_id')
      .notNull()
      .references(() => trends.id),
    /** The search that it was found by. */
    searchId: text('search_id')
      .notNull()
      .references(() => trendSearches.id),
    score: doublePrecision('score').notNull(),
    foundAt: moment('found_at').notNull(),
  },
  (table) => [unique('watch_finds_once').on(table.watchId, table.trendId)],
);

/** What was expected of a video when it was published, and what became of it. */
export const trendForecasts = pgTable(
  'trend_forecasts',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    publicationId: text('publication_id').notNull(),
    /** The trend whose idea the video takes up. */
    trendId: text('trend_id').references(() => trends.id),
    /** Its viral score when the forecast was made, 0..100. */
    score: doublePrecision('score').notNull(),
    madeAt: moment('made_at').notNull(),
    /** When the views are to be read. */
    dueAt: moment('due_at').notNull(),
    /** Views at that time; null before, and where they cannot be read. */
    views: count('views'),
    gradedAt: moment('graded_at'),
    tries: integer('tries').notNull().default(0),
  },
  (table) => [
    unique('trend_forecasts_once').on(table.publicationId),
    index('trend_forecasts_due').on(table.gradedAt, table.dueAt),
  ],
);
