import {
  bigserial,
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
    thumbnailUrl: text('thumbnail_url'),
    hashtags: json<string[]>('hashtags').notNull(),
    analysis: json<unknown>('analysis'),
    seenAt: moment('seen_at').notNull(),
  },
  (table) => [unique('trends_external').on(table.platform, table.externalId)],
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

export const trendSearches = pgTable('trend_searches', {
  id: text('id').primaryKey(),
  accountId: text('account_id')
    .notNull()
    .references(() => accounts.id),
  keyword: text('keyword').notNull(),
  request: json<Record<string, unknown>>('request').notNull(),
  skipped: json<Record<string, number>>('skipped').notNull(),
  notes: json<unknown>('notes').notNull(),
  costUsd: doublePrecision('cost_usd'),
  /** The chat server that it was asked for in; null: for the person alone. */
  serverId: text('server_id'),
  createdAt: moment('created_at').notNull(),
});

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
