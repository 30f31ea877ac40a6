import { scryptSync } from 'node:crypto';

import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { tokenCreate } from '../../core/token/create.ts';
import { accessTokens } from '../../drizzle/schema/access.ts';
import { oauthClients } from '../../drizzle/schema/oauth.ts';
import { loginMethods, logins, loginSessions } from '../../drizzle/schema/sign-in.ts';
import type { DiscordEmulator } from '../../sandbox/discord/discord.ts';
import { answer, createProviderWorld, keptOf, signInWith } from '../../test/kit/providers.ts';
import { contextOfLogin } from '../../test/kit/signed-up.ts';
import { createVisitor, goodPassword, linkInMail, signUp } from '../../test/kit/visitor.ts';
import type { World } from '../../test/kit/world.ts';

let world: World;
let discord: DiscordEmulator;
let fresh: readonly number[];
beforeAll(async () => {
  ({ world, discord } = await createProviderWorld());
  const { db } = world.app.database;
  const tables = [logins, loginMethods, loginSessions, accessTokens, oauthClients];
  fresh = await Promise.all(tables.map((table) => db.$count(table)));
  await signUp(world, visit(), 'kim@example.org');
});
afterAll(async () => {
  await world.close();
  await discord.close();
});

const name = 'jilo.session_token';
const visit = (follow = true) => createVisitor(world.publicUrl, { follow });
const enter = (email: string, password = goodPassword, visitor = visit(false)) =>
  visitor.post('/sign-in', { email, password });

/** Where a browser with these headers ends that wants the page of an account. */
async function pageFor(headers: Readonly<Record<string, string>>): Promise<string> {
  const { status, headers: told } = await fetch(`${world.publicUrl}/account`, {
    headers: { accept: 'text/html', ...headers },
    redirect: 'manual',
  });
  return told.get('location') ?? String(status);
}

/** Signs up with a password, and confirms the address. */
async function register(email: string, password: string): Promise<void> {
  await visit().post('/sign-up', { email, password, repeat: password });
  await world.drain();
  await visit().press(await visit().open(linkInMail(world, email)), '/verify');
}

async function passwordOf(email: string): Promise<string> {
  const { methods } = await keptOf(world, email);
  return methods.find(({ providerId }) => providerId === 'credential')?.password ?? '';
}

test('a fresh installation has nobody and nothing that anybody could get in with', () => {
  expect(fresh).toEqual([0, 0, 0, 0, 0]);
});

describe('a password', () => {
  test('is kept as scrypt with a salt of its own, so that two that are equal differ', async () => {
    await register('same@example.org', goodPassword);
    const [one, two] = [await passwordOf('kim@example.org'), await passwordOf('same@example.org')];
    expect(one).not.toBe(two);
    for (const kept of [one, two]) {
      expect(kept).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/u);
      const [salt = '', hash] = kept.split(':');
      const options = { N: 16_384, r: 16, p: 1, maxmem: 64 * 1024 * 1024 };
      expect(scryptSync(goodPassword, salt, 64, options).toString('hex')).toBe(hash);
    }
  });

  test('signs in as it was typed alone: no other case, no cut end, no space more', async () => {
    const email = 'exact@example.org';
    const password = `Vk ${'boat '.repeat(24)}Tw9zX`;
    expect(password).toHaveLength(128);
    await register(email, password);
    const others = [
      password.toLowerCase(),
      password.toUpperCase(),
      password.slice(0, 127),
      password.slice(0, 72),
      `${password.slice(0, 127)}x`,
      `${password} `,
      ` ${password}`,
      password.replaceAll(' ', ''),
    ];
    for (const other of others) expect((await enter(email, other)).status).toBe(400);
    expect((await enter(email, password)).status).toBe(200);
  });

  test('of three years ago still signs in, and nobody is asked for another one', async () => {
    await register('old@example.org', goodPassword);
    const { login } = await keptOf(world, 'old@example.org');
    const long = sql`now() - interval '3 years'`;
    await world.app.database.db
      .update(loginMethods)
      .set({ createdAt: long, updatedAt: long })
      .where(eq(loginMethods.userId, login?.id ?? ''));
    const visitor = visit();
    const page = await enter('old@example.org', goodPassword, visitor);
    expect(new URL(page.url).pathname).toBe('/dashboard');
  });

  test.each([
    ['/sign-in', ['current-password']],
    ['/sign-up', ['new-password', 'new-password']],
    ['/reset/new?token=x', ['new-password', 'new-password']],
  ])('on %s is hidden while it is typed, may be pasted and filled in', async (path, filled) => {
    const { text } = await visit().open(path);
    const inputs = [...text.matchAll(/<input\b[^>]*>/gu)].map(([input]) => input);
    const secret = inputs.filter((input) => /name="(?:password|repeat)"/u.test(input));
    expect(secret.map((input) => /autocomplete="([^"]*)"/u.exec(input)?.[1])).toEqual(filled);
    for (const input of secret) expect(input).toContain('type="password"');
    // Neither the fields nor the script of the page know of pasting.
    expect(text).not.toMatch(/paste|contextmenu|readonly|autocomplete="off"/iu);
    expect(text).toContain('<script');
  });
});

describe('a session', () => {
  test('is another one of 32 random letters and digits each time, and ends the one before', async () => {
    const kim = visit();
    const seen: string[] = [];
    for (const _ of [1, 2, 3]) {
      await enter('kim@example.org', goodPassword, kim);
      seen.push(kim.cookies.get(name) ?? '');
    }
    expect(new Set(seen).size).toBe(3);
    // 62 signs in 32 places are 190 bits.
    for (const one of seen) expect(one).toMatch(/^[A-Za-z0-9]{32}\./u);
    const ends = await Promise.all(seen.map((one) => pageFor({ cookie: `${name}=${one}` })));
    expect(ends).toEqual(['/sign-in?next=%2Faccount', '/sign-in?next=%2Faccount', '200']);
  });

  test('by Google ends the one before as well', async () => {
    const visitor = visit();
    await enter('kim@example.org', goodPassword, visitor);
    const cookie = `${name}=${visitor.cookies.get(name)}`;
    const lee = world.emulators.google.addPerson({ name: 'Lee', email: 'lee@example.org' });
    expect(await pageFor({ cookie })).toBe('200');
    const page = await visitor.post('/sign-in/google', { next: '/dashboard' });
    await visitor.open(await answer(page, lee.id));
    expect((await visitor.open('/account')).text).toContain('title="Lee"');
    expect(await pageFor({ cookie })).toBe('/sign-in?next=%2Faccount');
  });

  test('is no token of a program, in whatever way it is shown', async () => {
    const context = await contextOfLogin(world, 'kim@example.org');
    const made = await world.must(tokenCreate, { name: 'Claude', scopes: 'read' }, context);
    const { token } = tokenCreate.output.parse(made);
    for (const headers of [
      { authorization: `Bearer ${token}` },
      { cookie: `${name}=${token}` },
      { cookie: `${name}=${token}.${token}` },
    ])
      expect(await pageFor(headers)).toBe('/sign-in?next=%2Faccount');
  });

  test('is ended by a button of each page of an account, and what the browser keeps is cleared', async () => {
    const kim = visit();
    await enter('kim@example.org', goodPassword, kim);
    const account = await kim.open('/account');
    const pages = [account, await kim.open('/dashboard'), await kim.open('/tokens')];
    for (const { status, url, text } of [...pages, await kim.press(account, '/account/delete')])
      expect([url, status, text.includes('action="/sign-out"')]).toEqual([url, 200, true]);
    const still = visit(false);
    still.cookies.set(name, kim.cookies.get(name) ?? '');
    const after = await still.press(account, '/sign-out');
    expect(after.headers.get('clear-site-data')).toBe('"storage"');
    expect(still.cookies.has(name)).toBe(false);
  });
});

test('whoever has another address at Google since is the same person', async () => {
  const { db } = world.app.database;
  const ada = world.emulators.google.addPerson({ name: 'Ada', email: 'ada.new@example.org' });
  await signInWith(visit(), 'google', ada.id);
  const first = await keptOf(world, ada.email);
  await db.update(logins).set({ email: 'ada.old@example.org' }).where(eq(logins.email, ada.email));
  const page = await signInWith(visit(), 'google', ada.id);
  expect(new URL(page.url).pathname).toBe('/dashboard');
  const second = await keptOf(world, 'ada.old@example.org');
  expect([second.accountId, second.sessions]).toEqual([first.accountId, 2]);
  expect((await keptOf(world, ada.email)).login).toBeUndefined();
});

test('who came in, and who was refused and why, stands in the log, and no password', async () => {
  const { login } = await keptOf(world, 'kim@example.org');
  world.logs.splice(0);
  await enter('kim@example.org');
  await enter('kim@example.org', 'wrong horse 7');
  await visit().post('/verify', { token: 'x' });
  await visit().post('/reset/new', { token: 'x', password: 'a boat 77', repeat: 'a boat 77' });
  const lines = world.logs.map((line): unknown => JSON.parse(line));
  const refused = { msg: 'request refused', status: 400, method: 'POST' };
  for (const line of [
    { msg: 'signed in', login: login?.id },
    { ...refused, path: '/sign-in', code: 'wrong_password', from: '127.0.0.1' },
    { ...refused, path: '/verify', code: 'link_not_valid' },
    { ...refused, path: '/reset/new', code: 'link_not_valid' },
  ])
    expect(lines).toContainEqual(expect.objectContaining({ ...line, time: expect.any(String) }));
  for (const secret of [goodPassword, 'wrong horse', 'a boat 77', 'kim@example.org'])
    expect(world.logs.join('\n')).not.toContain(secret);
});
