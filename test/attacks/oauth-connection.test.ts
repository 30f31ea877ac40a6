import { count, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { sha256Hex } from '../../core/crypto.ts';
import { channels, oauthStates } from '../../drizzle/schema/publishing.ts';
import { goToGoogle, type WayBack } from '../../sandbox/google/browser.ts';
import { consent } from '../../sandbox/google/consent.ts';
import { createWorld, type World } from '../kit/world.ts';
import { connectLink } from './pages.ts';
import { ask, submit, type Reply } from './wire.ts';

let world: World;
let names: { readonly attacker: string; readonly victim: string };
let rounds = 0;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  rounds += 1;
  names = { attacker: `attacker${rounds}`, victim: `victim${rounds}` };
});

type Journey = WayBack & { readonly state: string; readonly code: string; readonly link: URL };

/** Through Google and to the door on the way back; each person chooses a channel of their own. */
async function go(who: 'attacker' | 'victim'): Promise<Journey> {
  const link = await connectLink(world, names[who], 'manage');
  const [mine, theirs] = world.emulators.google.channels;
  const channel = (who === 'attacker' ? mine : theirs)?.id ?? '';
  const way = await goToGoogle(link.href, { channel });
  const { searchParams } = new URL(way.address);
  const state = searchParams.get('state') ?? '';
  return { ...way, state, code: searchParams.get('code') ?? '', link };
}

const come = ({ address, cookie }: WayBack): Promise<Reply> =>
  ask(address, { headers: cookie === '' ? {} : { cookie } });

/** Comes back with parts of two journeys. */
function mix(state: Journey, code: Journey, cookie: Journey | null): WayBack {
  const url = new URL(state.address);
  url.searchParams.set('code', code.code);
  return { address: url.href, cookie: cookie?.cookie ?? '' };
}

async function channelsOf(who: 'attacker' | 'victim'): Promise<string[]> {
  const { actor } = await world.context('terminal', names[who]);
  const rows = await world.app.database.db
    .select({ id: channels.hostChannelId })
    .from(channels)
    .where(eq(channels.accountId, actor.accountId));
  return rows.map(({ id }) => id);
}

const exchanges = (): number =>
  world.emulators.google.calls.filter(({ path }) => path.endsWith('/token')).length;
const both = async () => [await channelsOf('attacker'), await channelsOf('victim')];
const [first, second] = [0, 1].map(
  (at) => () => world.emulators.google.channels[at]?.id ?? 'no channel',
);

describe('a state', () => {
  test('is good once, also for what comes at the same time', async () => {
    const journey = await go('victim');
    const before = exchanges();
    const replies = await Promise.all(Array.from({ length: 20 }, () => come(journey)));
    const statuses = replies.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 400)]);
    expect(await both()).toEqual([[], [second?.()]]);
    expect((await come(journey)).status).toBe(400);
    // Whoever came later was turned away by us, and not by Google.
    expect(exchanges() - before).toBe(1);
  });

  test.each([
    [598, 200],
    [599, 200],
    [600, 400],
    [601, 400],
  ])('after %i seconds lets somebody back with %i', async (seconds, status) => {
    const journey = await go('victim');
    await world.advance(seconds);
    const [row] = await world.app.database.db
      .select()
      .from(oauthStates)
      .where(eq(oauthStates.stateHash, sha256Hex(journey.state)));
    expect(row?.usedAt).toBe(null);
    const reply = await come(journey);
    expect([reply.status, (await channelsOf('victim')).length]).toEqual([
      status,
      status === 200 ? 1 : 0,
    ]);
  });

  test('is used up by one wrong code, so that codes cannot be tried', async () => {
    const journey = await go('victim');
    const wrong = new URL(journey.address);
    wrong.searchParams.set('code', `${journey.code}x`);
    expect((await come({ ...journey, address: wrong.href })).status).toBe(400);
    expect((await come(journey)).status).toBe(400);
    expect(await both()).toEqual([[], []]);
  });

  test('that was never given, or is near one that was, lets nobody back', async () => {
    const journey = await go('victim');
    const { state } = journey;
    const near = [state.slice(0, -1), `${state}A`, state.toLowerCase(), ` ${state}`, `${state}%00`];
    for (const other of [...near, sha256Hex(state), "' or '1'='1", '%', '\u{0}']) {
      const url = new URL(journey.address);
      url.searchParams.set('state', other);
      expect((await come({ ...journey, address: url.href })).status).toBe(400);
    }
    expect(await both()).toEqual([[], []]);
    expect((await come(journey)).status).toBe(200);
  });

  test('stands in the database as a digest alone, and what goes with it is sealed', async () => {
    const journey = await go('victim');
    const { sql } = world.app.database;
    const rows = JSON.stringify(await sql`select * from oauth_states`);
    const secret = journey.cookie.split('=')[1] ?? '';
    for (const known of [journey.state, journey.code, secret]) {
      expect(known.length).toBeGreaterThanOrEqual(20);
      expect(rows).not.toContain(known);
    }
    expect(rows).toContain(sha256Hex(journey.state));
    expect(rows).toContain(sha256Hex(secret));
  });
});

describe('a code', () => {
  test('that was used connects nothing again, under a new state either', async () => {
    const used = await go('victim');
    expect((await come(used)).status).toBe(200);
    const fresh = await go('attacker');
    expect((await come(mix(fresh, used, fresh))).status).toBe(400);
    expect(await both()).toEqual([[], [second?.()]]);
  });

  test('that was stolen before its use is worth nothing to another account', async () => {
    const [stolen, own] = [await go('victim'), await go('attacker')];
    expect((await come(mix(own, stolen, own))).status).toBe(400);
    expect(await both()).toEqual([[], []]);
  });

  test('of the attacker does not end up in the journey of the victim', async () => {
    const [own, theirs] = [await go('attacker'), await go('victim')];
    expect((await come(mix(theirs, own, theirs))).status).toBe(400);
    expect(await both()).toEqual([[], []]);
  });

  test('is bound to a verifier of its own, by S256 and nothing less', async () => {
    const asked = [];
    for (const who of ['attacker', 'victim'] as const) {
      const link = await connectLink(world, names[who]);
      const state = link.searchParams.get('state') ?? '';
      const reply = await submit(link, { state }, { origin: world.publicUrl });
      asked.push(new URL(String(reply.headers.location)).searchParams);
    }
    const challenges = asked.map((parameters) => parameters.get('code_challenge') ?? '');
    expect(new Set(challenges).size).toBe(2);
    for (const parameters of asked) {
      expect(parameters.get('code_challenge')).toMatch(/^[\w-]{43}$/u);
      expect(parameters.getAll('code_challenge_method')).toEqual(['S256']);
      expect(parameters.getAll('response_type')).toEqual(['code']);
      expect([...parameters.keys()].join()).not.toContain('verifier');
    }
  });

  test('that was got with another challenge is not exchanged', async () => {
    const link = await connectLink(world, names.victim);
    const state = link.searchParams.get('state') ?? '';
    const sent = await submit(link, { state }, { origin: world.publicUrl });
    const google = new URL(String(sent.headers.location));
    google.searchParams.set('code_challenge', 'A'.repeat(43));
    const [cookie = ''] = (sent.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]);
    const address = await consent(google.href);
    expect((await come({ address, cookie })).status).toBe(400);
    expect(await both()).toEqual([[], []]);
  });
});

describe('a way back', () => {
  test('of the attacker connects nothing in the browser of the victim', async () => {
    const own = await go('attacker');
    for (const cookie of ['', (await go('victim')).cookie])
      expect((await come({ ...own, cookie })).status).toBe(400);
    expect(await both()).toEqual([[], []]);
  });

  test('of the victim connects nothing in the browser of the attacker', async () => {
    const [theirs, own] = [await go('victim'), await go('attacker')];
    const [name = ''] = theirs.cookie.split('=');
    const [, secret = ''] = own.cookie.split('=');
    for (const cookie of ['', own.cookie, `${name}=${secret}`, `${name}=`, name])
      expect((await come({ ...theirs, cookie })).status).toBe(400);
    expect(await both()).toEqual([[], []]);
    expect((await come(theirs)).status).toBe(200);
    expect(await both()).toEqual([[], [second?.()]]);
  });

  test.each<[string, (url: URL, other: Journey) => void]>([
    ['with two states', (url, other) => url.searchParams.append('state', other.state)],
    ['with two codes', (url, other) => url.searchParams.append('code', other.code)],
    ['with a list', (url) => void (url.search = url.search.replace('state=', 'state[]='))],
    ['with no code', (url) => url.searchParams.delete('code')],
    ['with no state', (url) => url.searchParams.delete('state')],
    ['with an endless code', (url) => url.searchParams.set('code', 'x'.repeat(2001))],
    ['with an error as well', (url) => url.searchParams.set('error', 'server_error')],
    ['with what Google sends in a fragment', (url) => void (url.search = `?#${url.search}`)],
  ])('%s is refused and uses nothing up', async (_what, change) => {
    const [journey, other] = [await go('victim'), await go('attacker')];
    const url = new URL(journey.address);
    change(url, other);
    const cookie = `${journey.cookie}; ${other.cookie}`;
    expect((await come({ address: url.href, cookie })).status).toBe(400);
    expect(await both()).toEqual([[], []]);
    expect((await come(journey)).status).toBe(200);
  });

  test.each(['POST', 'PUT', 'HEAD'])('by %s does nothing', async (method) => {
    const journey = await go('victim');
    const { address, cookie } = journey;
    const reply = await ask(address, { method, headers: { cookie } });
    expect([404, 405]).toContain(reply.status);
    expect(await both()).toEqual([[], []]);
    expect((await come(journey)).status).toBe(200);
  });

  test('asks Google alone for the tokens, whoever is named as the issuer', async () => {
    const journey = await go('victim');
    const url = new URL(journey.address);
    for (const name of ['iss', 'issuer', 'token_endpoint', 'redirect_uri', 'client_id'])
      url.searchParams.set(name, 'https://evil.example/token');
    const reply = await come({ ...journey, address: url.href });
    expect(reply.status).toBe(200);
    expect(reply.text).not.toContain('evil.example');
    expect(await channelsOf('victim')).toEqual([second?.()]);
  });

  test('does not repeat what Google, or somebody in its place, said was wrong', async () => {
    const said = '<img src=x onerror=alert(1)>';
    const url = new URL('/oauth/google/callback', world.publicUrl);
    url.searchParams.set('error', said);
    url.searchParams.set('error_description', said);
    const reply = await ask(url);
    expect(reply.status).toBe(400);
    expect(reply.text).not.toMatch(/onerror|<img/u);
  });
});

test('each connects what is their own', async () => {
  for (const who of ['attacker', 'victim'] as const)
    expect((await come(await go(who))).status).toBe(200);
  expect(await both()).toEqual([[first?.()], [second?.()]]);
  const [all] = await world.app.database.db.select({ rows: count() }).from(oauthStates);
  expect(all?.rows).toBeGreaterThan(20);
});
