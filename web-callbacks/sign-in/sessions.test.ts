import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { accountDelete } from '../../core/account/delete.ts';
import { contextOfAccount } from '../../core/account/acting.ts';
import { createSignIn } from '../../core/providers/sign-in.ts';
import type { Services } from '../../core/context.ts';
import { loginSessions } from '../../drizzle/schema/sign-in.ts';
import { keptOf } from '../../test/kit/providers.ts';
import { createVisitor, goodPassword, signUp, type Visitor } from '../../test/kit/visitor.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { createWebApp } from '../app.ts';
import { serveWeb } from '../serve.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ settings: { TRUSTED_PROXIES: '1' } });
  for (const email of ['kim@example.org', 'thief@example.org']) await signUp(world, visit(), email);
});
afterAll(() => world.close());

const name = 'jilo.session_token';
let networks = 0;
const visit = (follow = true): Visitor => {
  networks += 1;
  return createVisitor(world.publicUrl, { follow, network: `192.0.2.${networks}` });
};
const enter = (visitor: Visitor, email = 'kim@example.org') =>
  visitor.post('/sign-in', { email, password: goodPassword });

/** Whose pages a browser with these cookies is shown; null for nobody's. */
async function whose(cookie: string): Promise<string | null> {
  const response = await fetch(`${world.publicUrl}/account`, {
    headers: { cookie, accept: 'text/html' },
    redirect: 'manual',
  });
  const shown = /title="([^"]*)"/u.exec(await response.text())?.[1];
  return response.status === 200 ? (shown ?? null) : null;
}
const cookieOf = (visitor: Visitor): string => `${name}=${visitor.cookies.get(name)}`;

describe('the cookie of a session', () => {
  test('is for us alone, and never for a script', async () => {
    const answer = await enter(visit(false));
    const [cookie = '', ...others] = answer.headers.getSetCookie();
    expect(others).toEqual([]);
    expect(cookie).toMatch(/^jilo\.session_token=/u);
    const attributes = cookie.toLowerCase().split('; ').slice(1).toSorted();
    expect(attributes).toEqual(['httponly', 'max-age=2592000', 'path=/', 'samesite=lax']);
  });

  test('over https goes over https alone, and no other host of the site can set it', async () => {
    const address = 'https://jilo.test';
    const services: Services = {
      ...world.services,
      publicUrl: () => address,
      signIn: createSignIn(() => services),
    };
    const web = await serveWeb(createWebApp(services, { operations: [], instanceId: 'run_x' }), 0);
    const answer = await fetch(`${web.url}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ email: 'kim@example.org', password: goodPassword }),
      headers: { origin: address, 'x-forwarded-for': '203.0.113.1' },
    });
    await web.close();
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-jilo\.session_token=/u);
    const attributes = cookie.toLowerCase().split('; ').slice(1).toSorted();
    expect(attributes).toEqual(['httponly', 'max-age=2592000', 'path=/', 'samesite=lax', 'secure']);
  });
});

describe('a session that was there before', () => {
  test('of somebody else is not the one after signing in', async () => {
    const thief = visit();
    await enter(thief, 'thief@example.org');
    const planted = thief.cookies.get(name) ?? '';
    const kim = visit();
    kim.cookies.set(name, planted);
    await enter(kim);
    expect(kim.cookies.get(name)).not.toBe(planted);
    // What the browser had is over with the sign-in, for the other one as well.
    expect([await whose(cookieOf(kim)), await whose(cookieOf(thief))]).toEqual(['kim', null]);
  });

  test.each(['x', 'x.y', `${'a'.repeat(32)}.${'b'.repeat(43)}%3D`, '', '%00', '"quoted"'])(
    'made up as %j is no session before, nor after',
    async (made) => {
      expect(await whose(`${name}=${made}`)).toBeNull();
      const kim = visit();
      kim.cookies.set(name, made);
      await enter(kim);
      expect(kim.cookies.get(name)).not.toBe(made);
      expect(await whose(`${name}=${made}`)).toBeNull();
      expect(await whose(cookieOf(kim))).toBe('kim');
    },
  );

  test('is changed by every sign-in', async () => {
    const kim = visit();
    const seen = new Set<string>();
    for (const _ of [1, 2, 3]) {
      await enter(kim);
      seen.add(kim.cookies.get(name) ?? '');
    }
    expect(seen.size).toBe(3);
    // 32 letters and digits, before their signature.
    for (const one of seen) expect(one).toMatch(/^[\dA-Za-z]{32}\./u);
  });

  test('with its signature changed, or that of another one, is none', async () => {
    const [kim, thief] = [visit(), visit()];
    await enter(kim);
    await enter(thief, 'thief@example.org');
    const halves = (visitor: Visitor) => (visitor.cookies.get(name) ?? '').split('.');
    const [token = ''] = halves(kim);
    const [, signature = ''] = halves(thief);
    expect(await whose(`${name}=${token}.${signature}`)).toBeNull();
    expect(await whose(`${name}=${token}`)).toBeNull();
    expect(await whose(`x${name}=${kim.cookies.get(name)}`)).toBeNull();
    expect(await whose(cookieOf(kim))).toBe('kim');
  });
});

test('signing out empties the storage of the browser', async () => {
  const kim = visit(false);
  await enter(kim);
  const answer = await kim.press(await kim.open('/account'), '/sign-out');
  expect([answer.status, answer.headers.get('clear-site-data')]).toEqual([303, '"storage"']);
});

describe('a session ends', () => {
  test('at the server when somebody signs out: the cookie that was kept is worth nothing', async () => {
    const kim = visit();
    await enter(kim);
    const kept = cookieOf(kim);
    const page = await kim.open('/account');
    const after = await kim.press(page, '/sign-out');
    expect([new URL(after.url).pathname, kim.cookies.size]).toEqual(['/sign-in', 0]);
    expect(await whose(kept)).toBeNull();
  });

  test('by nothing but the button of its own page', async () => {
    const [kim, thief] = [visit(), visit()];
    await enter(kim);
    await enter(thief, 'thief@example.org');
    const csrfOf = async (visitor: Visitor) =>
      /name="csrf" value="([^"]*)"/u.exec((await visitor.open('/account')).text)?.[1] ?? '';
    const foreign = await csrfOf(thief);
    for (const fields of [{}, { csrf: '' }, { csrf: 'x' }, { csrf: foreign }])
      expect((await kim.post('/sign-out', fields)).status).toBe(403);
    const own = { csrf: await csrfOf(kim) };
    expect((await kim.post('/sign-out', own, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await kim.post('/sign-out', own, { 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect(await whose(cookieOf(kim))).toBe('kim');
    expect((await kim.open('/sign-out')).status).toBe(404);
  });

  test.each([
    [89, 'kim', true],
    [90, null, false],
    [91, null, false],
  ])('%i days after the sign-in, however it is used: %j', async (days, shown, isLeft) => {
    const kim = visit();
    await enter(kim);
    const { db } = world.app.database;
    const [token = ''] = (kim.cookies.get(name) ?? '').split('.');
    const mine = eq(loginSessions.token, token);
    // As if it had begun so long ago, and had been prolonged until yesterday.
    const days29 = sql`now() + interval '28 days'`;
    const createdAt = sql`now() - make_interval(days => ${days})`;
    await db.update(loginSessions).set({ createdAt, expiresAt: days29 }).where(mine);
    expect(await whose(cookieOf(kim))).toBe(shown);
    const rows = await db.select().from(loginSessions).where(mine);
    const isCapped = rows.every(
      ({ createdAt: from, expiresAt: to }) => to.getTime() - from.getTime() <= 90 * 86_400_000,
    );
    expect([rows.length, isCapped]).toEqual([1, true]);
    expect((await whose(cookieOf(kim))) !== null).toBe(isLeft);
  });

  test('30 days after its last use, and is prolonged by use', async () => {
    const kim = visit();
    await enter(kim);
    const { db } = world.app.database;
    const [token = ''] = (kim.cookies.get(name) ?? '').split('.');
    const mine = eq(loginSessions.token, token);
    const end = async () => (await db.select().from(loginSessions).where(mine))[0]?.expiresAt;
    const soon = sql`now() + interval '1 minute'`;
    await db.update(loginSessions).set({ expiresAt: soon }).where(mine);
    expect(await whose(cookieOf(kim))).toBe('kim');
    const prolonged = await db
      .select({ in30: sql<boolean>`${loginSessions.expiresAt} > now() + interval '29 days'` })
      .from(loginSessions)
      .where(mine);
    expect(prolonged).toEqual([{ in30: true }]);
    await db
      .update(loginSessions)
      .set({ expiresAt: sql`now()` })
      .where(mine);
    expect(await whose(cookieOf(kim))).toBeNull();
    expect(await end()).toBeUndefined();
  });

  test('with its account', async () => {
    const gone = visit();
    await signUp(world, gone, 'gone@example.org');
    const { accountId } = await keptOf(world, 'gone@example.org');
    const acting = {
      accountId: accountId ?? '',
      surface: 'web',
      signal: AbortSignal.abort(),
    } as const;
    await world.must(accountDelete, {}, await contextOfAccount(world.app, acting));
    expect(await whose(cookieOf(gone))).toBeNull();
    expect(await keptOf(world, 'gone@example.org')).toMatchObject({ sessions: 0, providers: [] });
    expect((await enter(visit(), 'gone@example.org')).status).toBe(400);
  });
});
