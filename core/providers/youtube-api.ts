import type { youtube_v3 } from '@googleapis/youtube';

import type { GoogleOAuth } from './google-oauth.ts';
import { callGoogle, type FailureWords } from './youtube-errors.ts';

/** What every call to YouTube needs. */
export type YouTubeAccess = Pick<GoogleOAuth, 'clientFor'> & {
  /** Live: https://youtube.googleapis.com. */
  readonly apiUrl: string;
  readonly now: () => Date;
};

/** Google's client for one channel. */
export type YouTubeApi = {
  readonly api: youtube_v3.Youtube;
  /** Goes with EVERY call: the client's own option misses media calls. */
  readonly place: { readonly rootUrl: string };
};

/** Runs calls of Google's client, each made once, and turns their failure into a Fault. */
export function callYouTube<T>(
  { clientFor, apiUrl, now }: YouTubeAccess,
  accessToken: string,
  run: (youtube: YouTubeApi) => Promise<T>,
  words: FailureWords = {},
): Promise<T> {
  const call = async () => {
    const { youtube } = await import('@googleapis/youtube');
    const api = youtube({ version: 'v3', auth: await clientFor(accessToken) });
    return run({ api, place: { rootUrl: apiUrl } });
  };
  return callGoogle(now, call, words);
}
