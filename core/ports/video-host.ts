import type { Readable } from 'node:stream';

import { z } from 'zod';

export const privacies = ['private', 'unlisted', 'public'] as const;
export type Privacy = (typeof privacies)[number];

export const hostTokensSchema = z.object({
  accessToken: z.string().min(1),
  /** Absent on a refresh: the old one stays valid. */
  refreshToken: z.string().optional(),
  expiresAt: z.date(),
  scopes: z.array(z.string()),
});
export type HostTokens = z.infer<typeof hostTokensSchema>;

export const hostChannelSchema = z.object({
  id: z.string().min(1),
  title: z.string(),
  handle: z.string().nullable(),
});
export type HostChannel = z.infer<typeof hostChannelSchema>;

/** What is said of a video with its upload, which is private whatever it becomes later. */
export type UploadMetadata = {
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly categoryId: string;
  readonly madeForKids: boolean;
  readonly notifySubscribers: boolean;
};

/** What is to change of a video; what is left out stays as the host has it. */
export type VideoChanges = Partial<
  Pick<UploadMetadata, 'title' | 'description' | 'tags' | 'categoryId'>
> & {
  readonly visibility?: Visibility;
};

/** Who may see a video; one with a time is private until then, and public from then on. */
export type Visibility = { readonly privacy: Privacy; readonly publishAt: Date | null };

/** Bytes that are read as they are sent: a chunk is never in memory whole. */
export type ChunkSource = { readonly length: number; readonly open: () => Readable };

/** Where a resumable upload stands. `gone`: the host no longer knows the session. */
export type UploadState =
  | { readonly kind: 'partial'; readonly nextByte: number }
  | { readonly kind: 'done'; readonly videoId: string }
  | { readonly kind: 'gone' };

/** What the host says about a video now; the answer to an insert is never trusted for this. */
export type HostVideo = {
  readonly id: string;
  readonly privacy: Privacy;
  readonly uploadStatus: 'uploaded' | 'processed' | 'failed' | 'rejected' | 'deleted';
  /** The host's failureReason or rejectionReason. */
  readonly reason: string | null;
  readonly publishAt: Date | null;
  readonly title: string;
  readonly description: string;
  readonly uploadedAt: Date;
};

export type HostPlaylist = { readonly id: string; readonly title: string };

/** A caption track in SubRip, for one language (BCP 47). */
export type CaptionTrack = {
  readonly language: string;
  readonly name: string;
  readonly srt: string;
};

/** How often a video was played and liked; null where its owner hides it. */
export type HostCounts = {
  readonly views: number | null;
  readonly likes: number | null;
  readonly comments: number | null;
};

/**
 * Publishes videos. Sandbox and live are the same Google clients. All calls
 * @throws Fault `channel_reconnect` (invalid_grant, 401 after refresh), `provider_busy` (429, 5xx,
 * daily quota; with retryAfterSeconds), `publication_refused` (400 and other 403, reason in our words).
 */
export interface VideoHost {
  authorizationUrl(request: {
    state: string;
    codeVerifier: string;
    redirectUri: string;
    scopes: readonly string[];
  }): string;
  exchangeCode(request: {
    code: string;
    codeVerifier: string;
    redirectUri: string;
  }): Promise<HostTokens>;
  refresh(refreshToken: string): Promise<HostTokens>;
  /** Ends everything that was granted with this token; one that is not valid any more is no error. */
  revoke(token: string): Promise<void>;
  fetchChannels(accessToken: string): Promise<readonly HostChannel[]>;
  /** Opens a resumable session; the answer is a bearer secret. No video exists until the last byte. */
  startUpload(accessToken: string, metadata: UploadMetadata, totalBytes: number): Promise<string>;
  /** Asks the session how far it is. */
  fetchUploadState(
    accessToken: string,
    sessionUri: string,
    totalBytes: number,
  ): Promise<UploadState>;
  /** Sends one chunk (a multiple of 256 KiB unless it is the last) that starts at `firstByte`. */
  sendChunk(
    accessToken: string,
    sessionUri: string,
    chunk: Buffer | ChunkSource,
    firstByte: number,
    totalBytes: number,
  ): Promise<UploadState>;
  /** Where people watch a video. */
  watchUrl(videoId: string): string;
  /**
   * Sets what people see before they play a video; the same picture twice does no harm.
   * @throws Fault `thumbnail_not_allowed` when the channel may not have its own.
   */
  setThumbnail(
    accessToken: string,
    videoId: string,
    image: { readonly data: Buffer; readonly contentType: 'image/jpeg' },
  ): Promise<void>;
  /** null when the host does not know the id (any more). */
  fetchVideo(accessToken: string, videoId: string): Promise<HostVideo | null>;
  /**
   * Changes a video: reads it and writes it back whole, since the host wipes what is not sent.
   * Setting the same twice does no harm. Declares it as synthetic each time.
   * @throws Fault `channel_scope_missing` without `manageScope`; `publication_refused` when it is gone.
   */
  updateVideo(accessToken: string, videoId: string, changes: VideoChanges): Promise<void>;
  /** The newest uploads of the channel, newest first, at most 50; for finding one whose answer was lost. */
  fetchUploads(accessToken: string): Promise<readonly HostVideo[]>;
  /** The playlists of the channel, at most 200. */
  fetchPlaylists(accessToken: string): Promise<readonly HostPlaylist[]>;
  /** Makes an empty private playlist. */
  createPlaylist(accessToken: string, title: string): Promise<HostPlaylist>;
  /** Puts a video at the end of a playlist, unless it is in it. */
  addToPlaylist(accessToken: string, playlistId: string, videoId: string): Promise<void>;
  /** Adds a caption track, unless there is one of this language and name. */
  addCaptions(accessToken: string, videoId: string, track: CaptionTrack): Promise<void>;
  /** Where the owner of a video sets what this interface cannot: comments, age limit, monetisation. */
  studioUrl(videoId: string): string;
  /** Counts by id, for at most `countsPerCall` of them; without those that the host does not know (any more). */
  fetchCounts(
    accessToken: string,
    videoIds: readonly string[],
  ): Promise<ReadonlyMap<string, HostCounts>>;
}

/** How many videos the host tells the counts of in one call. */
export const countsPerCall = 50;

/** The scopes without which nothing can be published. */
export const requiredScopes = [
  'https://www.googleapis.com/auth/youtube.upload',
  'https://www.googleapis.com/auth/youtube.readonly',
] as const;

/** What else is needed to change what is there: visibility, texts, playlists and captions. */
export const manageScope = 'https://www.googleapis.com/auth/youtube.force-ssl';

/** What a person allows: to upload and read, or to change what is there as well. */
export const channelAccesses = ['upload', 'manage'] as const;
export type ChannelAccess = (typeof channelAccesses)[number];

/** The scopes that go with an access. */
export const scopesOf = (access: ChannelAccess): readonly string[] =>
  access === 'manage' ? [...requiredScopes, manageScope] : requiredScopes;

/** Whether these scopes allow to change what is there. */
export const canManage = (scopes: readonly string[]): boolean =>
  scopes.includes(manageScope) || scopes.includes('https://www.googleapis.com/auth/youtube');
