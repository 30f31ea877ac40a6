import { z } from 'zod';
import {
  hostChannelSchema,
  privacies,
  type HostChannel,
  type HostVideo,
  type VideoHost,
} from '../ports/video-host.ts';
import { createGoogleOAuth, type GoogleOAuthSettings } from './google-oauth.ts';
import { callGoogle } from './youtube-errors.ts';
import { setThumbnail } from './youtube-thumbnail.ts';
import { putToSession, startUpload, type UploadCalls } from './youtube-upload.ts';

export type YouTubeSettings = GoogleOAuthSettings & {
  /** Live: https://youtube.googleapis.com. */
  readonly apiUrl: string;
};

const channelListSchema = z.object({
  items: z
    .array(
      z.object({
        id: z.string(),
        snippet: z.object({ title: z.string(), customUrl: z.string().nullish() }),
      }),
    )
    .optional(),
});

const videoListSchema = z.object({
  items: z
    .array(
      z.object({
        id: z.string(),
        status: z.object({
          uploadStatus: z.enum(['uploaded', 'processed', 'failed', 'rejected', 'deleted']),
          privacyStatus: z.enum(privacies),
          failureReason: z.string().nullish(),
          rejectionReason: z.string().nullish(),
          publishAt: z.iso.datetime({ offset: true }).nullish(),
        }),
      }),
    )
    .optional(),
});

const statisticsSchema = z.object({
  id: z.string(),
  /** A string of digits; absent where the owner hides it. */
  statistics: z
    .object({
      viewCount: z
        .string()
        .regex(/^\d{1,15}$/u)
        .nullish()
        .catch(null),
    })
    .nullish(),
});
const statisticsListSchema = z.object({ items: z.array(statisticsSchema).optional() });

/**
 * Publishes to YouTube through Google's own clients, live or against the emulator.
 * Each call is made once; waiting and repeating are the caller's.
 */
export function createYouTube(settings: YouTubeSettings, now: () => Date): VideoHost {
  const oauth = createGoogleOAuth(settings, now);
  const { apiUrl } = settings;
  // Needs its slash, and goes with EVERY call: the client's own option misses media calls.
  const place = { rootUrl: `${apiUrl.replace(/\/+$/u, '')}/` };
  const uploads: UploadCalls = { oauth, apiUrl, now };
  const connect = async (accessToken: string) => {
    const { youtube } = await import('@googleapis/youtube');
    return youtube({ version: 'v3', auth: await oauth.clientFor(accessToken) });
  };
  return {
    authorizationUrl: (request) => oauth.authorizationUrl(request),
    exchangeCode: (request) => oauth.exchangeCode(request),
    refresh: (refreshToken) => oauth.refresh(refreshToken),
    fetchChannels: (accessToken) =>
      callGoogle(now, async () => {
        const api = await connect(accessToken);
        const { data } = await api.channels.list(
          { part: ['snippet'], mine: true, maxResults: 50 },
          place,
        );
        return (channelListSchema.parse(data).items ?? []).map(toHostChannel);
      }),
    startUpload: (accessToken, metadata, totalBytes) =>
      startUpload(uploads, accessToken, metadata, totalBytes),
    fetchUploadState: (accessToken, sessionUri, totalBytes) =>
      putToSession(uploads, { accessToken, sessionUri, totalBytes, chunk: null }),
    sendChunk: (accessToken, sessionUri, bytes, firstByte, totalBytes) =>
      putToSession(uploads, { accessToken, sessionUri, totalBytes, chunk: { bytes, firstByte } }),
    setThumbnail: (accessToken, videoId, image) =>
      setThumbnail(uploads, accessToken, videoId, image),
    watchUrl: (videoId) =>
      `${settings.oauthUrl === null ? 'https://www.youtube.com/' : place.rootUrl}watch?v=${videoId}`,
    fetchVideo: (accessToken, videoId) =>
      callGoogle(now, async () => {
        const api = await connect(accessToken);
        const { data } = await api.videos.list({ part: ['status'], id: [videoId] }, place);
        const found = videoListSchema.parse(data).items?.find(({ id }) => id === videoId);
        return found ? toHostVideo(found) : null;
      }),
    fetchViews: (accessToken, videoIds) =>
      callGoogle(now, async () => {
        const api = await connect(accessToken);
        const { data } = await api.videos.list({ part: ['statistics'], id: [...videoIds] }, place);
        return toViews(statisticsListSchema.parse(data).items ?? []);
      }),
  };
}

const toViews = (items: readonly z.infer<typeof statisticsSchema>[]): ReadonlyMap<string, number> =>
  new Map(
    items.flatMap(({ id, statistics }) => {
      const views = statistics?.viewCount ?? null;
      return views === null ? [] : [[id, Number(views)] as const];
    }),
  );

const toHostChannel = ({
  id,
  snippet,
}: NonNullable<z.infer<typeof channelListSchema>['items']>[number]): HostChannel =>
  hostChannelSchema.parse({ id, title: snippet.title, handle: snippet.customUrl ?? null });

function toHostVideo({
  id,
  status,
}: NonNullable<z.infer<typeof videoListSchema>['items']>[number]): HostVideo {
  const { publishAt } = status;
  return {
    id,
    privacy: status.privacyStatus,
    uploadStatus: status.uploadStatus,
    reason: status.failureReason ?? status.rejectionReason ?? null,
    publishAt: publishAt ? new Date(publishAt) : null,
  };
}
