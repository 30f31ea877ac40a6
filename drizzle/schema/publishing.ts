import { boolean, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';

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
  /** What is asked for: to upload and read, or to change what is there as well. */
  access: text('access', { enum: ['upload', 'manage'] })
    .notNull()
    .default('upload'),
  /** Hash of the browser that agreed to go to the host; only that one may come back. */
  browserHash: text('browser_hash'),
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
    status: text('status', { enum: ['connected', 'reconnect', 'disconnected'] }).notNull(),
    scopes: json<string[]>('scopes').notNull(),
    /** Both tokens are gone once it is disconnected; the row stays for its publications. */
    accessTokenSealed: text('access_token_sealed'),
    refreshTokenSealed: text('refresh_token_sealed'),
    accessExpiresAt: moment('access_expires_at').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [unique('channels_host').on(table.accountId, table.hostChannelId)],
);

/** What became of something beside the video itself; its failure is never that of the publication. */
const extraStatus = (name: string) =>
  text(name, { enum: ['none', 'waiting', 'set', 'refused'] })
    .notNull()
    .default('none');

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
    thumbnail: text('thumbnail', { enum: ['automatic', 'first_frame', 'own', 'generated'] })
      .notNull()
      .default('automatic'),
    /** The kept picture, for `own`. */
    pictureId: text('picture_id').references(() => pictures.id),
    thumbnailStatus: extraStatus('thumbnail_status'),
    thumbnailFailure: text('thumbnail_failure'),
    /** The title of the playlist that it joins; null: none. */
    playlist: text('playlist'),
    playlistStatus: extraStatus('playlist_status'),
    playlistFailure: text('playlist_failure'),
    /** Whether its lines go along as a caption track. */
    captionsStatus: extraStatus('captions_status'),
    captionsFailure: text('captions_failure'),
    status: text('status', {
      enum: ['uploading', 'processing', 'scheduled', 'live', 'unconfirmed', 'failed', 'cancelled'],
    }).notNull(),
    /** What it waits for before it goes on by itself: its channel, the host's daily allowance, or a service, by name. */
    waitingFor: text('waiting_for'),
    waitingUntil: moment('waiting_until'),
    /** When the host was told who may see it; null: what is approved has not been told yet. */
    toldAt: moment('told_at'),
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

/** What one day of the host's project-wide allowance has been used for; all processes count here. */
export const hostAllowances = pgTable(
  'host_allowances',
  {
    /** Day of Pacific time, such as 2026-11-23. */
    day: text('day').notNull(),
    bucket: text('bucket', { enum: ['uploads', 'units'] }).notNull(),
    used: integer('used').notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.bucket] })],
);

/** How often a published video was played and liked at one moment; null: the host does not say. */
export const publicationCounts = pgTable(
  'publication_counts',
  {
    publicationId: text('publication_id')
      .notNull()
      .references(() => publications.id),
    readAt: moment('read_at').notNull(),
    views: count('views'),
    likes: count('likes'),
    comments: count('comments'),
  },
  (table) => [primaryKey({ columns: [table.publicationId, table.readAt] })],
);
