import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

import { defaultPeople, personSchema } from './people.ts';

export const privacySchema = z.enum(['private', 'unlisted', 'public']);

const channelSchema = z.object({
  id: z.string(),
  title: z.string(),
  handle: z.string(),
});
export type SandboxChannel = z.infer<typeof channelSchema>;

const grantSchema = z.object({
  refreshToken: z.string(),
  /** null: a Google account without a YouTube channel. */
  channelId: z.string().nullable(),
  /** Who signed in; null where nothing was asked of the person. */
  personId: z.string().nullable().default(null),
  scopes: z.array(z.string()),
  issuedAt: z.number(),
  /** Milliseconds since the epoch; null: does not expire by itself. */
  expiresAt: z.number().nullable(),
});

const accessSchema = z.object({
  token: z.string(),
  refreshToken: z.string().nullable(),
  channelId: z.string().nullable(),
  /** Who signed in; null where nothing was asked of the person. */
  personId: z.string().nullable().default(null),
  scopes: z.array(z.string()),
  expiresAt: z.number(),
});
export type Access = z.infer<typeof accessSchema>;

const metadataSchema = z.object({
  title: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  categoryId: z.string(),
  defaultLanguage: z.string().nullable(),
  privacy: privacySchema,
  publishAt: z.string().nullable(),
  madeForKids: z.boolean().nullable(),
  syntheticMedia: z.boolean().nullable(),
  notifySubscribers: z.boolean(),
  embeddable: z.boolean().default(true),
  license: z.enum(['youtube', 'creativeCommon']).default('youtube'),
  publicStatsViewable: z.boolean().default(true),
});
export type VideoMetadata = z.infer<typeof metadataSchema>;

const sessionSchema = z.object({
  id: z.string(),
  channelId: z.string(),
  metadata: metadataSchema,
  /** null: the client did not announce a length. */
  totalBytes: z.number().nullable(),
  startedAt: z.number(),
  videoId: z.string().nullable(),
  /** Every byte of every chunk that came, also what was stored already or is lost again. */
  received: z.number().default(0),
});
export type UploadSession = z.infer<typeof sessionSchema>;

const privacyChangeSchema = z.object({
  /** Milliseconds since the epoch. */
  at: z.number(),
  privacy: privacySchema,
  publishAt: z.string().nullable(),
});
export type PrivacyChange = z.infer<typeof privacyChangeSchema>;

const videoSchema = metadataSchema.extend({
  id: z.string(),
  channelId: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  file: z.string(),
  uploadedAt: z.number(),
  failureReason: z.string().nullable(),
  /** Whether its owner shows no counts. */
  countsHidden: z.boolean().default(false),
  /** The picture that its owner set; null: the host's own pick. */
  thumbnail: z
    .object({
      file: z.string(),
      contentType: z.enum(['image/jpeg', 'image/png']),
      sha256: z.string(),
      bytes: z.number(),
      setAt: z.number(),
      /** How often one was set. */
      times: z.number(),
    })
    .nullable()
    .default(null),
  /** Who could see it since when, without what a schedule does by itself; see `historyOf`. */
  history: z.array(privacyChangeSchema).default([]),
});
export type StoredVideo = z.infer<typeof videoSchema>;

const playlistItemSchema = z.object({ id: z.string(), videoId: z.string(), addedAt: z.number() });
export type PlaylistItem = z.infer<typeof playlistItemSchema>;

const playlistSchema = z.object({
  id: z.string(),
  channelId: z.string(),
  title: z.string(),
  description: z.string(),
  privacy: privacySchema,
  createdAt: z.number(),
  items: z.array(playlistItemSchema),
});
export type StoredPlaylist = z.infer<typeof playlistSchema>;

const captionSchema = z.object({
  id: z.string(),
  videoId: z.string(),
  language: z.string(),
  name: z.string(),
  isDraft: z.boolean(),
  status: z.enum(['serving', 'failed']),
  file: z.string(),
  addedAt: z.number(),
});
export type StoredCaption = z.infer<typeof captionSchema>;

const stateSchema = z.object({
  /** Where the last run listened: session addresses name it, so a restart goes back there. */
  port: z.number().nullable(),
  channels: z.array(channelSchema),
  people: z.array(personSchema).default([...defaultPeople]),
  grants: z.array(grantSchema),
  access: z.array(accessSchema),
  sessions: z.array(sessionSchema),
  videos: z.array(videoSchema),
  /** What this project has used on one day of Pacific time. */
  used: z.object({ day: z.string(), inserts: z.number(), units: z.number() }),
  sessionsStarted: z.number(),
  /** Channels whose phone number nobody has confirmed: they have no thumbnails of their own. */
  unverified: z.array(z.string()).default([]),
  playlists: z.array(playlistSchema).default([]),
  captions: z.array(captionSchema).default([]),
});
export type GoogleState = z.infer<typeof stateSchema>;

const defaultChannels: readonly SandboxChannel[] = [
  { id: 'UCjiloSandbox0000000001A', title: 'Jilo Demo Channel', handle: '@jilodemo' },
  { id: 'UCjiloSandbox0000000002B', title: '城市慢镜头', handle: '@chengshi-slow' },
];

const emptyState = (): GoogleState => ({
  port: null,
  channels: [...defaultChannels],
  people: [...defaultPeople],
  grants: [],
  access: [],
  sessions: [],
  videos: [],
  used: { day: '', inserts: 0, units: 0 },
  sessionsStarted: 0,
  unverified: [],
  playlists: [],
  captions: [],
});

/** The emulator's memory; `save` writes it to the file, if there is one, before anybody is answered. */
export type StateStore = { readonly state: GoogleState; save(): void };

export function openState(file: string | undefined): StateStore {
  const state = file === undefined ? emptyState() : readState(file);
  return {
    state,
    save() {
      if (file === undefined) return;
      mkdirSync(dirname(file), { recursive: true });
      const draft = `${file}.new`;
      writeFileSync(draft, JSON.stringify(state, null, 1), { mode: 0o600 });
      renameSync(draft, file);
    },
  };
}

function readState(file: string): GoogleState {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return emptyState();
  }
  return stateSchema.parse(JSON.parse(text));
}
