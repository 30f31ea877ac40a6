import { withAccess } from '../channel/access.ts';
import { requirePort } from '../context.ts';
import { defineExtra } from './extra.ts';
import { publicationPlaylist } from './queue.ts';

/**
 * Puts an uploaded video into the playlist of that title, which is made when the channel has none: a
 * second try finds the one that the first has made.
 */
export const playlistPublication = defineExtra(
  'playlist',
  publicationPlaylist,
  async (context, { channelId, playlist: title }, hostVideoId) => {
    if (title === null) return;
    const host = requirePort(context.ports, 'videoHost');
    await withAccess(context, channelId, async (token) => {
      const known = await host.fetchPlaylists(token);
      const playlist =
        known.find((one) => one.title === title) ?? (await host.createPlaylist(token, title));
      await host.addToPlaylist(token, playlist.id, hostVideoId);
    });
  },
);
