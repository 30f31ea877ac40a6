import { isIP } from 'node:net';

import { z } from 'zod';

import { redirectUri } from '../../core/channel/state.ts';
import { FarEndFault } from './call.ts';
import { combine, ok, type Finding, type Tools } from './check.ts';
import { at, publicUrlOf, serviceCheck } from './service.ts';

const refusalSchema = z.object({ error: z.string() });

/** Whether Google knows the client, would come back to us, and lets videos and pictures be seen. */
export const youtubeCheck = serviceCheck('youtube', async (tools, signal) => {
  const { config, words, locale } = tools;
  const redirect = redirectUri(publicUrlOf(config));
  const failed = (what: string, howToGetIt: string): Finding => ({
    state: 'failed',
    what,
    switchesOff: words.services.youtube.off,
    howToGetIt,
  });
  if (!config.GOOGLE_CLIENT_ID?.endsWith('.apps.googleusercontent.com'))
    return failed(words.youtubeClient(), words.copyAgain({ get: words.services.youtube.get }));
  await askClient(tools, signal);
  const shown = await shownSoFar(tools, redirect);
  return takesRedirect(redirect)
    ? shown
    : combine([failed(words.youtubeRedirect({ url: redirect }), words.webGet()), shown], locale);
});

/**
 * A grant that nobody has is refused as such when the client is right, and otherwise for the client.
 * @throws FarEndFault
 */
async function askClient({ caller, config }: Tools, signal: AbortSignal): Promise<void> {
  const { body, host, status } = await caller.ask({
    url: at(config.GOOGLE_OAUTH_URL ?? 'https://oauth2.googleapis.com', '/token'),
    form: {
      grant_type: 'refresh_token',
      refresh_token: 'nobody',
      client_id: config.GOOGLE_CLIENT_ID ?? '',
      client_secret: config.GOOGLE_CLIENT_SECRET ?? '',
    },
    signal,
    accept: [400, 401],
  });
  const error = refusalSchema.safeParse(body).data?.error;
  if (error === 'invalid_grant') return;
  throw new FarEndFault(error === 'invalid_client' ? 'refused' : 'strange', host, { status });
}

function takesRedirect(redirect: string): boolean {
  const { protocol, hostname } = new URL(redirect);
  if (['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return true;
  return protocol === 'https:' && isIP(hostname.replaceAll(/[[\]]/g, '')) === 0;
}

/** What only publishing shows, from what has been published. */
async function shownSoFar({ words, history, locale }: Tools, redirect: string): Promise<Finding> {
  const seen = await history();
  const privacy: Finding =
    seen?.lockedPrivate === false
      ? ok(words.youtubeFine())
      : {
          state: 'warning',
          what: seen?.lockedPrivate
            ? words.youtubeLocked()
            : words.youtubeUnknown({ url: redirect }),
          switchesOff: words.youtubeLockedOff(),
          howToGetIt: words.youtubeApply(),
        };
  if (!seen?.thumbnailRefused) return privacy;
  const picture: Finding = {
    state: 'warning',
    what: words.youtubeThumbnail(),
    switchesOff: words.youtubeThumbnailOff(),
    howToGetIt: words.youtubeVerify(),
  };
  return combine([privacy, picture], locale);
}
