import { Fault } from '../fault.ts';
import type { VideoHost } from '../ports/video-host.ts';
import type { YouTubeAccess } from './youtube-api.ts';
import { callGoogle, refusal } from './youtube-errors.ts';

type Image = Parameters<VideoHost['setThumbnail']>[2];

const timeoutMs = 60_000;

/** Sends the picture of a video in one media request; see the port. */
export function setThumbnail(
  { clientFor, apiUrl, now }: YouTubeAccess,
  accessToken: string,
  videoId: string,
  { data, contentType }: Image,
): Promise<void> {
  const send = async () => {
    const client = await clientFor(accessToken);
    const url = new URL('/upload/youtube/v3/thumbnails/set', apiUrl);
    url.searchParams.set('videoId', videoId);
    url.searchParams.set('uploadType', 'media');
    await client.request<unknown>({
      method: 'POST',
      url: url.href,
      redirect: 'manual',
      timeout: timeoutMs,
      headers: { 'content-type': contentType },
      data,
    });
  };
  return callGoogle(now, send, {
    // Said of every channel whose phone number nobody has confirmed.
    refuse: (reason, cause) =>
      reason === 'forbidden'
        ? new Fault('thumbnail_not_allowed', {}, { cause })
        : refusal(reason, cause),
  });
}
