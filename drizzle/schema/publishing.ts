import { boolean, index, pgTable, text, unique } from 'drizzle-orm/pg-core';

import { count, json, moment } from './columns.ts';
import { accounts } from './people.ts';
import { pictures } from './pictures.ts';
import { videos } from './videos.ts';

/** One consent round trip; single use. */
export const oauthStates = pgTable('oauth_states', {
  stateHash: text('state_hash').primaryKey(),
  accountId: text('account_id')
    .notNull()
    .references(() => accounts.id),
  codeVerifierSealed: text('code_verifier_sealed').notNull(),
  createdAt: moment('created_at').notNull(),
  expiresAt: moment('expires_at').notNull(),
  usedAt: moment('used_at'),
});

export const channels = pgTable(
  'channels',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    hostChannelId: text('host_channel_id').notNull(),
    title: text('title').notNull(),
    handle: text('handle'),
    status: text('status', { enum: ['connected', 'reconnect'] }).notNull(),
    scopes: json<string[]>('scopes').notNull(),
    accessTokenSealed: text('access_token_sealed').notNull(),
    refreshTokenSealed: text('refresh_token_sealed').notNull(),
    accessExpiresAt: moment('access_expires_at').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [unique('channels_host').on(table.accountId, table.hostChannelId)],
);

export const publications = pgTable(
  'publications',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    videoId: text('video_id')
      .notNull()
      .references(() => videos.id),
    channelId: text('channel_id')
      .notNull()
      .references(() => channels.id),
    title: text('title').notNull(),
    description: text('description').notNull(),
    tags: json<string[]>('tags').notNull(),
    categoryId: text('category_id').notNull(),
    /** What the person approved; `hostPrivacy` is what YouTube made of it. */
    privacy: text('privacy', { enum: ['private', 'unlisted', 'public'] }).notNull(),
    publishAt: moment('publish_at'),
    madeForKids: boolean('made_for_kids').notNull(),
    notifySubscribers: boolean('notify_subscribers').notNull(),
    /** What people see before they play it; `automatic`: the host picks. */
    thumbnail: text('thumbnail', { enum: ['automatic', 'first_frame', 'own'] })
      .notNull()
      .default('automatic'),
    /** The kept picture, for `own`. */
    pictureId: text('picture_id').references(() => pictures.id),
    /** What became of the thumbnail; its failure is never that of the publication. */
    thumbnailStatus: text('thumbnail_status', { enum: ['none', 'waiting', 'set', 'refused'] })
      .notNull()
      .default('none'),
    thumbnailFailure: text('thumbnail_failure', {
      enum: ['thumbnail_not_allowed', 'channel_reconnect', 'thumbnail_refused'],
    }),
    status: text('status', {
      enum: ['uploading', 'processing', 'scheduled', 'live', 'unconfirmed', 'failed'],
    }).notNull(),
    failure: text('failure'),
    failureReason: text('failure_reason'),
    sessionSealed: text('session_sealed'),
    /** True from before the last byte is sent: after that a lost session is read, never started again. */
    lastChunkSent: boolean('last_chunk_sent').notNull(),
    uploadedBytes: count('uploaded_bytes').notNull(),
    totalBytes: count('total_bytes').notNull(),
    hostVideoId: text('host_video_id'),
    hostPrivacy: text('host_privacy', { enum: ['private', 'unlisted', 'public'] }),
    /** The chat server that it was asked for in; null: for the person alone. */
    serverId: text('server_id'),
    /** The approval that it was started with. */
    approvalId: text('approval_id'),
    createdAt: moment('created_at').notNull(),
    liveAt: moment('live_at'),
  },
  (table) => [
    index('publications_by_account').on(table.accountId, table.createdAt),
    index('publications_by_picture').on(table.pictureId),
    unique('publications_host_video').on(table.hostVideoId),
    unique('publications_approval').on(table.approvalId),
  ],
);
