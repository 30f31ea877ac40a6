import { z } from 'zod';

import {
  manageScope,
  type HostCounts,
  type HostVideo,
  type VideoChanges,
} from '../ports/video-host.ts';
import { readCounts, readVideos, videoParts } from './youtube-answers.ts';
import { callYouTube, type YouTubeAccess, type YouTubeApi } from './youtube-api.ts';
import { buildVideoUpdate, writableVideosSchema } from './youtube-change.ts';
import { refusal, unless } from './youtube-errors.ts';

/** How many uploads are looked at: one page. */
const uploadsPerCall = 50;

/** What YouTube says of a video; see the port. */
export const fetchVideo = (
  access: YouTubeAccess,
  accessToken: string,
  videoId: string,
): Promise<HostVideo | null> =>
  callYouTube(access, accessToken, async ({ api, place }) => {
    const { data } = await api.videos.list({ part: videoParts, id: [videoId] }, place);
    return readVideos(data).find(({ id }) => id === videoId) ?? null;
  });

/** Reads a video and writes the changed parts back whole; see the port. */
export const updateVideo = (
  access: YouTubeAccess,
  accessToken: string,
  videoId: string,
  changes: VideoChanges,
): Promise<void> =>
  callYouTube(
    access,
    accessToken,
    async ({ api, place }) => {
      const { data } = await api.videos.list({ part: ['snippet', 'status'], id: [videoId] }, place);
      const items = writableVideosSchema.parse(data).items ?? [];
      const video = items.find(({ id }) => id === videoId);
      if (!video) throw refusal('videoNotFound', new Error('YouTube does not list this video'));
      const update = buildVideoUpdate(video, changes);
      if (update.part.length > 0) await api.videos.update(update, place);
    },
    { scopes: [manageScope] },
  );

/** The newest uploads of the channel; see the port. */
export const fetchUploads = (
  access: YouTubeAccess,
  accessToken: string,
): Promise<readonly HostVideo[]> =>
  callYouTube(access, accessToken, async (youtube) => {
    const playlistId = await fetchUploadsPlaylist(youtube);
    const ids = playlistId === null ? [] : await fetchItems(youtube, playlistId);
    if (ids.length === 0) return [];
    const { api, place } = youtube;
    const { data } = await api.videos.list({ part: videoParts, id: ids }, place);
    return readVideos(data).toSorted((a, b) => b.uploadedAt.getTime() - a.uploadedAt.getTime());
  });

const channelUploadsSchema = z.object({
  items: z
    .array(
      z.object({
        contentDetails: z.object({ relatedPlaylists: z.object({ uploads: z.string().nullish() }) }),
      }),
    )
    .optional(),
});

async function fetchUploadsPlaylist({ api, place }: YouTubeApi): Promise<string | null> {
  const { data } = await api.channels.list({ part: ['contentDetails'], mine: true }, place);
  const [channel] = channelUploadsSchema.parse(data).items ?? [];
  return channel?.contentDetails.relatedPlaylists.uploads || null;
}

const playlistVideosSchema = z.object({
  items: z.array(z.object({ contentDetails: z.object({ videoId: z.string() }) })).optional(),
});

async function fetchItems({ api, place }: YouTubeApi, playlistId: string): Promise<string[]> {
  const wanted = { part: ['contentDetails'], playlistId, maxResults: uploadsPerCall };
  // YouTube knows the playlist of uploads only once there is one.
  const answer = await api.playlistItems.list(wanted, place).catch(unless('playlistNotFound'));
  const items = answer === null ? [] : (playlistVideosSchema.parse(answer.data).items ?? []);
  return items.map(({ contentDetails }) => contentDetails.videoId);
}

/** The counts of videos; see the port. */
export async function fetchCounts(
  access: YouTubeAccess,
  accessToken: string,
  videoIds: readonly string[],
): Promise<ReadonlyMap<string, HostCounts>> {
  if (videoIds.length === 0) return new Map();
  return callYouTube(access, accessToken, async ({ api, place }) => {
    const { data } = await api.videos.list({ part: ['statistics'], id: [...videoIds] }, place);
    return readCounts(data);
  });
}
