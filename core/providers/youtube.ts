import type { VideoHost } from '../ports/video-host.ts';
import { createGoogleOAuth, type GoogleOAuthSettings } from './google-oauth.ts';
import { readChannels } from './youtube-answers.ts';
import { callYouTube, type YouTubeAccess } from './youtube-api.ts';
import { addCaptions } from './youtube-captions.ts';
import { addToPlaylist, createPlaylist, fetchPlaylists } from './youtube-playlists.ts';
import { setThumbnail } from './youtube-thumbnail.ts';
import { putToSession, startUpload } from './youtube-upload.ts';
import { fetchCounts, fetchUploads, fetchVideo, updateVideo } from './youtube-videos.ts';

export type YouTubeSettings = GoogleOAuthSettings & Pick<YouTubeAccess, 'apiUrl'>;

/**
 * Publishes to YouTube through Google's own clients, live or against the emulator.
 * Each call is made once; waiting and repeating are the caller's.
 */
export function createYouTube(settings: YouTubeSettings, now: () => Date): VideoHost {
  const { clientFor, ...oauth } = createGoogleOAuth(settings, now);
  const { apiUrl } = settings;
  const access: YouTubeAccess = { clientFor, apiUrl, now };
  const site = settings.oauthUrl === null ? 'https://www.youtube.com' : apiUrl;
  return {
    ...oauth,
    fetchChannels: (token) =>
      callYouTube(access, token, async ({ api, place }) => {
        const wanted = { part: ['snippet'], mine: true, maxResults: 50 };
        const { data } = await api.channels.list(wanted, place);
        return readChannels(data);
      }),
    startUpload: (token, metadata, totalBytes) => startUpload(access, token, metadata, totalBytes),
    fetchUploadState: (accessToken, sessionUri, totalBytes) =>
      putToSession(access, { accessToken, sessionUri, totalBytes, chunk: null }),
    sendChunk: (accessToken, sessionUri, bytes, firstByte, totalBytes) =>
      putToSession(access, { accessToken, sessionUri, totalBytes, chunk: { bytes, firstByte } }),
    watchUrl: (videoId) => new URL(`/watch?v=${videoId}`, site).href,
    studioUrl: (videoId) => `https://studio.youtube.com/video/${videoId}/edit`,
    setThumbnail: (token, videoId, image) => setThumbnail(access, token, videoId, image),
    fetchVideo: (token, videoId) => fetchVideo(access, token, videoId),
    updateVideo: (token, videoId, changes) => updateVideo(access, token, videoId, changes),
    fetchUploads: (token) => fetchUploads(access, token),
    fetchPlaylists: (token) => fetchPlaylists(access, token),
    createPlaylist: (token, title) => createPlaylist(access, token, title),
    addToPlaylist: (token, playlistId, videoId) =>
      addToPlaylist(access, token, { playlistId, videoId }),
    addCaptions: (token, videoId, track) => addCaptions(access, token, videoId, track),
    fetchCounts: (token, videoIds) => fetchCounts(access, token, videoIds),
  };
}
