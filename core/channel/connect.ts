import { z } from 'zod';

import { oauthStates } from '../../drizzle/schema/publishing.ts';
import { secondsAfter } from '../clock.ts';
import { requirePort, requirePublicUrl, type Services } from '../context.ts';
import { sha256Hex } from '../crypto.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';

const stateSeconds = 10 * 60;

/** Where Google sends the person back to. */
export const redirectUri = (publicUrl: string): string =>
  new URL('/oauth/google/callback', publicUrl).href;

export const channelConnect = defineOperation({
  name: 'channel_connect',
  summary: {
    en: 'Connect a YouTube channel: get the link to allow it.',
    zh: '连接 YouTube 频道：获取授权链接。',
  },
  guidance: 'Give the link to the person; afterwards channel_list shows the channel.',
  effect: 'write',
  audience: 'everyone',
  needs: ['videoHost'],
  input: z.object({}),
  output: z.object({
    url: z.url().describe("Google's consent page, for the person to open"),
    expires_at: z.iso.datetime(),
  }),
  async run(_, context) {
    const host = requirePort(context.ports, 'videoHost');
    const publicUrl = requirePublicUrl(context);
    const state = context.ids.random(32).toString('base64url');
    const codeVerifier = context.ids.random(48).toString('base64url');
    const stateHash = sha256Hex(state);
    const { accountId } = context.actor;
    const createdAt = context.clock.now();
    const expiresAt = secondsAfter(createdAt, stateSeconds);
    const codeVerifierSealed = context.crypto.seal(
      codeVerifier,
      verifierPlace(stateHash, accountId),
    );
    await context.database.db
      .insert(oauthStates)
      .values({ stateHash, accountId, codeVerifierSealed, createdAt, expiresAt });
    const url = host.authorizationUrl({ state, codeVerifier, redirectUri: redirectUri(publicUrl) });
    return { url, expires_at: expiresAt.toISOString() };
  },
  say: ({ url }, locale) => catalogue(locale).say.channel_connect({ url }),
});

const verifierPlace = (stateHash: string, account: string) => ({
  table: 'oauth_states',
  column: 'code_verifier_sealed',
  row: stateHash,
  account,
});

/** Opens the verifier of a state. */
export const openVerifier = (
  services: Services,
  state: {
    readonly stateHash: string;
    readonly accountId: string;
    readonly codeVerifierSealed: string;
  },
): string =>
  services.crypto.open(state.codeVerifierSealed, verifierPlace(state.stateHash, state.accountId));
