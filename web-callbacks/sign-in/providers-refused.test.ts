import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { signInWords } from '../../core/messages/sign-in.ts';
import type { DiscordEmulator } from '../../sandbox/discord/discord.ts';
import {
  answer,
  countLogins,
  createProviderWorld,
  forgetLogins,
  goTo,
  signInWith,
  type Provider,
} from '../../test/kit/providers.ts';
import { createVisitor, type Seen, type Visitor } from '../../test/kit/visitor.ts';
import type { World } from '../../test/kit/world.ts';

let world: World;
let discord: DiscordEmulator;
beforeAll(async () => {
  ({ world, discord } = await createProviderWorld());
});
afterEach(async () => {
  world.emulators.google.behave();
  await forgetLogins(world);
});
afterAll(async () => {
  await world.close();
  await discord.close();
});

const other = { google: 'discord', discord: 'google' } as const;
const visit = (): Visitor => createVisitor(world.publicUrl);
const accountAt = (provider: Provider): string =>
  provider === 'google'
    ? world.emulators.google.addPerson({ name: 'Kim', email: 'kim@example.org' }).id
    : discord.person('Kim', { email: 'kim@example.org' }).id;

/** The address with a parameter changed. */
function changed(address: string, name: string, value: string): string {
  const url = new URL(address);
  url.searchParams.set(name, value);
  return url.href;
}
const codeOf = (address: string): string => new URL(address).searchParams.get('code') ?? '';

/** Nobody was let in, and the page says so in our words alone. */
async function expectRefused(seen: Seen, visitor: Visitor): Promise<void> {
  expect(seen.status).toBeGreaterThanOrEqual(400);
  expect(seen.status).toBeLessThan(500);
  expect(seen.headers.get('content-type')).toContain('text/html');
  const shown = seen.text.replaceAll(/<(style|script)\b[\s\S]*?<\/\1>/gu, '');
  expect(shown).toContain('<h1');
  expect(shown).not.toMatch(/better-auth|invalid_|state_|stack|emulator|\bError\b/u);
  expect((await visitor.open('/dashboard')).url).toContain('/sign-in');
}

describe.each(['google', 'discord'] as const)('the way back from %s', (provider) => {
  const words = signInWords.en.problems.provider_refused;

  test('in another browser lets nobody in, and the first one may still come', async () => {
    const first = visit();
    const back = await answer(await goTo(first, provider), accountAt(provider));
    const second = visit();
    const seen = await second.open(back);
    await expectRefused(seen, second);
    expect(seen.text).toContain(words);
    expect(await countLogins(world)).toMatchObject({ logins: 0, sessions: 0 });
    expect((await first.open(back)).status).toBe(200);
    expect(await countLogins(world)).toMatchObject({ sessions: 1 });
  });

  test('is gone once', async () => {
    const first = visit();
    const back = await answer(await goTo(first, provider), accountAt(provider));
    const second = visit();
    for (const [name, value] of first.cookies) second.cookies.set(name, value);
    await first.open(back);
    await expectRefused(await second.open(back), second);
    expect(await countLogins(world)).toMatchObject({ sessions: 1 });
  });

  test.each(['', 'A', 'x'.repeat(32)])('with the state %j is refused', async (state) => {
    const visitor = visit();
    const back = await answer(await goTo(visitor, provider), accountAt(provider));
    await expectRefused(await visitor.open(changed(back, 'state', state)), visitor);
    expect(await countLogins(world)).toMatchObject({ logins: 0, sessions: 0 });
  });

  test('with a code that was used is refused', async () => {
    const account = accountAt(provider);
    const first = visit();
    const used = await answer(await goTo(first, provider), account);
    await first.open(used);
    const visitor = visit();
    const back = await answer(await goTo(visitor, provider), account);
    const seen = await visitor.open(changed(back, 'code', codeOf(used)));
    await expectRefused(seen, visitor);
    expect(seen.text).toContain(words);
    expect(await countLogins(world)).toMatchObject({ sessions: 1 });
  });

  test('with a code that somebody else fetched is refused by its proof', async () => {
    const account = accountAt(provider);
    const fetched = await answer(await goTo(visit(), provider), account);
    const visitor = visit();
    const back = await answer(await goTo(visitor, provider), account);
    await expectRefused(await visitor.open(changed(back, 'code', codeOf(fetched))), visitor);
    expect(await countLogins(world)).toMatchObject({ logins: 0, sessions: 0 });
  });

  test('that leads to the way of the other provider is refused', async () => {
    const visitor = visit();
    const back = await answer(await goTo(visitor, provider), accountAt(provider));
    const mixed = back.replace(`/auth/callback/${provider}`, `/auth/callback/${other[provider]}`);
    expect(mixed).not.toBe(back);
    const seen = await visitor.open(mixed);
    await expectRefused(seen, visitor);
    expect(await countLogins(world)).toMatchObject({ logins: 0, sessions: 0 });
  });
});

type Trouble = readonly [string, Provider, () => void];
const google = (on: 'token' | 'userinfo', how: 'reset_before' | 'reset_after' | 'http_500') => () =>
  world.emulators.google.misbehave({ on, how, times: 1 });
const atDiscord = (route: string, how: { status: number; reset?: boolean | 'after' }) => () =>
  discord.fault({ route, ...how });

const troubles: readonly Trouble[] = [
  ['cuts the connection for a token', 'google', google('token', 'reset_before')],
  ['loses the answer with the token', 'google', google('token', 'reset_after')],
  ['answers 500 for a token', 'google', google('token', 'http_500')],
  ['cuts the connection when asked for the person', 'google', google('userinfo', 'reset_before')],
  ['answers 500 when asked for the person', 'google', google('userinfo', 'http_500')],
  [
    'cuts the connection for a token',
    'discord',
    atDiscord('/oauth2/token', { status: 0, reset: true }),
  ],
  ['answers 500 for a token', 'discord', atDiscord('/oauth2/token', { status: 500 })],
  ['answers 429 for a token', 'discord', atDiscord('/oauth2/token', { status: 429 })],
  [
    'cuts the connection when asked for the person',
    'discord',
    atDiscord('/users/@me', { status: 0, reset: true }),
  ],
  ['answers 503 when asked for the person', 'discord', atDiscord('/users/@me', { status: 503 })],
];

test.each(troubles)(
  'a provider that %s (%s) leaves a clear page and nothing else',
  async (_what, provider, trouble) => {
    const visitor = visit();
    const account = accountAt(provider);
    const back = await answer(await goTo(visitor, provider), account);
    world.logs.splice(0);
    trouble();
    const seen = await visitor.open(back);
    await expectRefused(seen, visitor);
    expect(seen.text).toContain(signInWords.en.problems.provider_refused);
    expect(await countLogins(world)).toEqual({ logins: 0, sessions: 0, proofs: 0 });
    expect(world.logs.join('\n')).not.toContain(codeOf(back));
    expect((await signInWith(visit(), provider, account)).status).toBe(200);
  },
);
