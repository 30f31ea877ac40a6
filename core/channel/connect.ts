import { z } from 'zod';

import { oauthStates } from '../../drizzle/schema/publishing.ts';
import { secondsAfter } from '../clock.ts';
import { requirePublicUrl } from '../context.ts';
import { sha256Hex } from '../crypto.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { channelAccesses } from '../ports/video-host.ts';
import { sealVerifier } from './state.ts';

const stateSeconds = 10 * 60;

export const channelConnect = defineOperation({
  name: 'channel_connect',
  summary: {
    en: 'Connect a YouTube channel: get the link to allow it.',
    zh: '连接 YouTube 频道：获取授权链接。',
  },
  guidance:
    'Give the link to the person; then channel_list. Public videos, schedules, playlists and captions need access manage.',
  effect: 'write',
  audience: 'everyone',
  needs: ['videoHost'],
  input: z.object({
    access: z
      .enum(channelAccesses)
      .default('upload')
      .describe('upload: private uploads only; manage: also publish, schedule, edit and caption'),
  }),
  output: z.object({
    url: z.url().describe('Page for the person to open, which leads on to Google'),
    expires_at: z.iso.datetime(),
  }),
  async run({ access }, context) {
    const publicUrl = requirePublicUrl(context);
    const state = context.ids.random(32).toString('base64url');
    const codeVerifier = context.ids.random(48).toString('base64url');
    const stateHash = sha256Hex(state);
    const { accountId } = context.actor;
    const createdAt = context.clock.now();
    const expiresAt = secondsAfter(createdAt, stateSeconds);
    await context.database.db.insert(oauthStates).values({
      stateHash,
      accountId,
      codeVerifierSealed: sealVerifier(context, codeVerifier, { stateHash, accountId }),
      access,
      createdAt,
      expiresAt,
    });
    const url = new URL('/oauth/google/start', publicUrl);
    url.searchParams.set('state', state);
    return { url: url.href, expires_at: expiresAt.toISOString() };
  },
  say: ({ url }, locale) => catalogue(locale).say.channel_connect({ url }),
});
