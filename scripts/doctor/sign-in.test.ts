import { expect, test } from 'vitest';

import { systemClock } from '../../core/clock.ts';
import { parseConfig } from '../../core/config.ts';
import { systemIds } from '../../core/ids.ts';
import type { Locale } from '../../core/messages/catalogue.ts';
import type { Tools } from './check.ts';
import { signInCheck } from './sign-in.ts';
import { doctorWords } from './words/words.ts';

const never = () => Promise.reject(new Error('not looked at'));

/** What the check finds with these settings; it asks nobody. */
function look(settings: Readonly<Record<string, string>>, locale: Locale = 'en') {
  const config = parseConfig({ PUBLIC_URL: 'https://jilo.example', ...settings });
  const tools: Tools = {
    config,
    clock: systemClock,
    ids: systemIds,
    locale,
    words: doctorWords(locale),
    caller: { ask: never, skews: [] },
    runtime: null,
    database: never,
    history: never,
    ports: never,
    freeBytes: never,
  };
  return signInCheck.run(tools, new AbortController().signal);
}

const production = {
  NODE_ENV: 'production',
  JILO_SECRET: 'a secret of more than thirty-two signs',
};
const google = { GOOGLE_CLIENT_ID: 'a.apps.googleusercontent.com', GOOGLE_CLIENT_SECRET: 'one' };
const discord = { DISCORD_TOKEN: 'bot', DISCORD_APPLICATION_ID: '12345678901234567' };
const secret = { DISCORD_CLIENT_SECRET: 'two' };
const redirects = [
  'https://jilo.example/auth/callback/google',
  'https://jilo.example/auth/callback/discord',
];

test('with all settings it says which redirects must be registered', async () => {
  const found = await look({ ...production, ...google, ...discord, ...secret });
  expect(found).toMatchObject({ state: 'ok', switchesOff: null, howToGetIt: null });
  for (const redirect of redirects) expect(found.what).toContain(redirect);
});

test.each([
  ['en', 'Sign-in with Discord is off.'],
  ['zh', '无法使用 Discord 登录。'],
] as const)('a bot without the client secret signs nobody in (%s)', async (locale, off) => {
  for (const surroundings of [production, {}]) {
    const found = await look({ ...surroundings, ...google, ...discord }, locale);
    expect(found).toMatchObject({ state: 'missing', switchesOff: off });
    expect(found.what).toContain('DISCORD_CLIENT_SECRET');
    expect(found.what).not.toContain('DISCORD_APPLICATION_ID');
    expect(found.howToGetIt).toContain(redirects[1]);
  }
});

test('without any setting both are emulated here, and off in production', async () => {
  expect(await look({})).toMatchObject({ state: 'sandbox', switchesOff: null });
  const { state, switchesOff } = await look(production);
  expect([state, switchesOff]).toEqual([
    'missing',
    'Sign-in with Google is off. Sign-in with Discord is off.',
  ]);
});
