import { z } from 'zod';

import { manageScope, type HostPlaylist } from '../ports/video-host.ts';
import { callYouTube, type YouTubeAccess } from './youtube-api.ts';
import { unless } from './youtube-errors.ts';

const perPage = 50;
const mostPages = 4;

const playlistSchema = z.object({ id: z.string(), snippet: z.object({ title: z.string() }) });
const playlistPageSchema = z.object({
  items: z.array(playlistSchema).optional(),
  nextPageToken: z.string().nullish(),
});

const toPlaylist = ({ id, snippet }: z.infer<typeof playlistSchema>): HostPlaylist => ({
  id,
  title: snippet.title,
});

/** The playlists of the channel; see the port. */
export const fetchPlaylists = (
  access: YouTubeAccess,
  accessToken: string,
): Promise<readonly HostPlaylist[]> =>
  callYouTube(access, accessToken, async ({ api, place }) => {
    const found: HostPlaylist[] = [];
    let pageToken: string | null = null;
    for (let page = 0; page < mostPages; page += 1) {
      const wanted = { part: ['snippet'], mine: true, maxResults: perPage };
      // Each page names the next one.
      const { data } = await api.playlists.list(
        pageToken === null ? wanted : { ...wanted, pageToken },
        place,
      );
      const { items = [], nextPageToken } = playlistPageSchema.parse(data);
      found.push(...items.map(toPlaylist));
      pageToken = nextPageToken || null;
      if (pageToken === null) break;
    }
    return found;
  });

/** Makes an empty private playlist; see the port. */
export const createPlaylist = (
  access: YouTubeAccess,
  accessToken: string,
  title: string,
): Promise<HostPlaylist> =>
  callYouTube(
    access,
    accessToken,
    async ({ api, place }) => {
      const requestBody = { snippet: { title }, status: { privacyStatus: 'private' } };
      const { data } = await api.playlists.insert(
        { part: ['snippet', 'status'], requestBody },
        place,
      );
      return toPlaylist(playlistSchema.parse(data));
    },
    { scopes: [manageScope] },
  );

const itemsSchema = z.object({ items: z.array(z.unknown()).optional() });

/** Puts a video into a playlist unless it is in it; see the port. */
export const addToPlaylist = (
  access: YouTubeAccess,
  accessToken: string,
  { playlistId, videoId }: { readonly playlistId: string; readonly videoId: string },
): Promise<void> =>
  callYouTube(
    access,
    accessToken,
    async ({ api, place }) => {
      const { data } = await api.playlistItems.list({ part: ['id'], playlistId, videoId }, place);
      if ((itemsSchema.parse(data).items ?? []).length > 0) return;
      const resourceId = { kind: 'youtube#video', videoId };
      const requestBody = { snippet: { playlistId, resourceId } };
      const inserted = api.playlistItems.insert({ part: ['snippet'], requestBody }, place);
      await inserted.catch(unless('videoAlreadyInPlaylist'));
    },
    { scopes: [manageScope] },
  );
