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

export type UploadMetadata = {
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly categoryId: string;
  readonly privacy: Privacy;
  readonly publishAt: Date | null;
  readonly madeForKids: boolean;
  readonly notifySubscribers: boolean;
};

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
};

/**
 * Publishes videos. Sandbox and live are the same Google clients. All calls
 * @throws Fault `channel_reconnect` (invalid_grant, 401 after refresh), `provider_busy` (429, 5xx,
 * daily quota; with retryAfterSeconds), `publication_refused` (400 and other 403, reason in our words).
 */
export interface VideoHost {
  authorizationUrl(request: { state: string; codeVerifier: string; redirectUri: string }): string;
  exchangeCode(request: {
    code: string;
    codeVerifier: string;
    redirectUri: string;
  }): Promise<HostTokens>;
  refresh(refreshToken: string): Promise<HostTokens>;
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
    chunk: Buffer,
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
   * How often videos were played, by id, for at most `viewsPerCall` of them; without those that are
   * hidden, and those that the host does not know (any more).
   */
  fetchViews(
    accessToken: string,
    videoIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>>;
}

/** How many videos the host tells the views of in one call. */
export const viewsPerCall = 50;

/** The scopes without which nothing can be published. */
export const requiredScopes = [
  'https://www.googleapis.com/auth/youtube.upload',
  'https://www.googleapis.com/auth/youtube.readonly',
] as const;
