import { asc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openDatabase } from '../../drizzle/client.ts';
import { channels, oauthStates } from '../../drizzle/schema/publishing.ts';
import type { ConsentChoice } from '../../sandbox/google/consent.ts';
import { answerOfHost } from '../../test/kit/host-answer.ts';
import { comeBack, connectChannel, faultOf, youtubeOf } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { Fault, isFault } from '../fault.ts';
import { requiredScopes, type ChannelAccess, type VideoHost } from '../ports/video-host.ts';
import { withAccess } from './access.ts';
import { completeConnection } from './complete.ts';
import { channelList } from './list.ts';
import { bindBrowser } from './start.ts';

let world: World;
let context: Context;
let people = 0;
beforeAll(async () => {
  world = await createWorld();
});
beforeEach(async () => {
  people += 1;
  context = await world.context('terminal', `person${people}`);
});
afterAll(() => world.close());

const consentTo = (choice: ConsentChoice = {}, access: ChannelAccess = 'upload') =>
  answerOfHost(world, context, choice, access);

const rowsOf = (of: Context = context) =>
  world.app.database.db
    .select()
    .from(channels)
    .where(eq(channels.accountId, of.actor.accountId))
    .orderBy(asc(channels.createdAt), asc(channels.id));

/** So that as many as the pool holds run at the same moment. */
async function openAllConnections(): Promise<void> {
  const all = Promise.withResolvers<void>();
  let open = 0;
  const hold = () =>
    world.app.database.db.transaction(async (tx) => {
      await tx.execute(sql`select 1`);
      open += 1;
      if (open === 10) all.resolve();
      await all.promise;
    });
  await Promise.all(Array.from({ length: 10 }, hold));
}

const tokenCalls = () =>
  world.emulators.google.calls.filter(({ path }) => path === '/token').length;

describe('a consent round trip', () => {
  test('connects the chosen channel to the account that asked', async () => {
    await connectChannel(world, `person${people}`, { channel: '城市慢镜头' });
    const { channels: listed } = await world.must(channelList, {}, context);
    expect(listed).toMatchObject([
      { title: '城市慢镜头', handle: '@chengshi-slow', status: 'connected' },
    ]);
    const other = await world.context('terminal', 'nobody');
    expect(await world.must(channelList, {}, other)).toEqual({ channels: [] });
  });

  test('is good once: a replay connects nothing and asks Google nothing', async () => {
    const answer = await consentTo();
    await completeConnection(world.app, answer);
    const before = tokenCalls();
    expect(await faultOf(completeConnection(world.app, answer))).toBe('link_not_valid');
    expect(tokenCalls()).toBe(before);
    expect(await rowsOf()).toHaveLength(1);
  });

  test('is good once, also when it comes back ten times at once', async () => {
    const answer = await consentTo();
    const before = tokenCalls();
    await openAllConnections();
    const ends = await Promise.allSettled(
      Array.from({ length: 10 }, () => completeConnection(world.app, answer)),
    );
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(tokenCalls()).toBe(before + 1);
    expect(await rowsOf()).toHaveLength(1);
  });

  test.each([
    [599, 'connects'],
    [600, 'is refused'],
    [601, 'is refused'],
  ])('that comes back after %i seconds %s', async (seconds, end) => {
    const answer = await consentTo();
    await world.advance(seconds);
    // Google's code ends at the same moment; ours must not depend on that.
    const host: VideoHost = {
      ...youtubeOf(world),
      exchangeCode: async () => ({
        accessToken: 'ya29.late',
        refreshToken: '1//late',
        scopes: [...requiredScopes],
        expiresAt: world.now(),
      }),
      fetchChannels: async () => [{ id: `UClate${seconds}`, title: 'Late', handle: null }],
    };
    const services = { ...world.app, ports: { ...world.app.ports, videoHost: host } };
    const code = await completeConnection(services, answer).then(
      () => 'connects',
      (error: unknown) => isFault(error, 'link_not_valid') && 'is refused',
    );
    expect(code).toBe(end);
    expect(await rowsOf()).toHaveLength(end === 'connects' ? 1 : 0);
  });

  test.each<[string, (browser: string) => string | null]>([
    ['without the browser that went to Google', () => null],
    [
      'with another one',
      (browser) => `${browser.slice(0, -1)}${browser.endsWith('A') ? 'B' : 'A'}`,
    ],
    ['with an empty one', () => ''],
  ])('%s connects nothing, and the right one still may', async (_, change) => {
    const answer = await consentTo();
    const browser = change(answer.browser ?? '');
    const before = tokenCalls();
    const other = completeConnection(world.app, { ...answer, browser });
    expect(await faultOf(other)).toBe('link_not_valid');
    expect(tokenCalls()).toBe(before);
    expect(await completeConnection(world.app, answer)).toMatchObject({ access: 'upload' });
  });

  test('that nobody has begun in a browser connects nothing', async () => {
    const first = await consentTo();
    const { db } = world.app.database;
    await db.update(oauthStates).set({ browserHash: null });
    expect(await faultOf(completeConnection(world.app, first))).toBe('link_not_valid');
  });

  test('belongs to the browser that went to Google last', async () => {
    const answer = await consentTo();
    const browser = await bindBrowser(world.app, answer.state);
    expect(await faultOf(completeConnection(world.app, answer))).toBe('link_not_valid');
    expect(await completeConnection(world.app, { ...answer, browser })).toMatchObject({
      accountId: context.actor.accountId,
    });
  });

  test('with a state that nobody was given connects nothing', async () => {
    const { code, browser } = await consentTo();
    const answer = { state: 'made-up', code, browser };
    expect(await faultOf(completeConnection(world.app, answer))).toBe('link_not_valid');
    expect(await rowsOf()).toEqual([]);
  });

  test("binds the code to the state: another round trip's code connects nothing", async () => {
    const first = await consentTo();
    const second = await consentTo();
    const mixed = { ...first, code: second.code };
    expect(await faultOf(completeConnection(world.app, mixed))).toBe('link_not_valid');
    expect(await rowsOf()).toEqual([]);
  });

  test('connects the account that asked, whoever is logged in elsewhere', async () => {
    const asker = context;
    const answer = await consentTo();
    context = await world.context('terminal', 'somebody-else');
    const { accountId } = await completeConnection(world.app, answer);
    expect(accountId).toBe(asker.actor.accountId);
    expect(await rowsOf(context)).toEqual([]);
  });

  test.each(requiredScopes)('without %s connects nothing', async (scope) => {
    const fresh = await createWorld();
    try {
      const person = await fresh.context();
      const scopes = requiredScopes.filter((other) => other !== scope);
      const answer = await answerOfHost(fresh, person, { scopes });
      expect(await faultOf(completeConnection(fresh.app, answer))).toBe('channel_scope_missing');
      expect(await fresh.must(channelList, {}, person)).toEqual({ channels: [] });
    } finally {
      await fresh.close();
    }
  });

  test('of a Google account without a channel, and one that is declined, connect nothing', async () => {
    const answer = await consentTo({ channel: 'none' });
    expect(await faultOf(completeConnection(world.app, answer))).toBe('channel_missing');
    const page = await comeBack(context, world, { decision: 'deny' });
    expect(await page.text()).toContain('Nothing was connected');
    expect(await rowsOf()).toEqual([]);
  });

  test('again keeps the id, and takes the new tokens', async () => {
    const account = `person${people}`;
    const id = await connectChannel(world, account);
    const [before] = await rowsOf();
    await world.app.database.db
      .update(channels)
      .set({ status: 'reconnect' })
      .where(eq(channels.id, id));
    expect(await connectChannel(world, account)).toBe(id);
    const [after, ...more] = await rowsOf();
    expect(more).toEqual([]);
    expect(after).toMatchObject({ id, status: 'connected', createdAt: before?.createdAt });
    expect(after?.refreshTokenSealed).not.toBe(before?.refreshTokenSealed);
    expect(await withAccess(world.app, id, async (token) => token)).toMatch(/^ya29\./);
  });

  test('through two links at once for one channel keeps one row that opens', async () => {
    const answers = [await consentTo(), await consentTo(), await consentTo()];
    await Promise.all(answers.map((answer) => completeConnection(world.app, answer)));
    const [row, ...more] = await rowsOf();
    expect(more).toEqual([]);
    const token = await withAccess(world.app, row?.id ?? '', async (given) => given);
    expect(token).toMatch(/^ya29\./);
  });
});

describe('access', () => {
  const use = (id: string) => withAccess(world.app, id, async (token) => token);

  test('lasts without a refresh until two minutes before its end', async () => {
    const id = await connectChannel(world, `person${people}`);
    const before = tokenCalls();
    const first = await use(id);
    await world.advance(3599 - 121);
    expect(await use(id)).toBe(first);
    expect(tokenCalls()).toBe(before);
    await world.advance(1);
    expect(await use(id)).not.toBe(first);
    expect(tokenCalls()).toBe(before + 1);
  });

  test('that has run out is refreshed by one of twenty at once', async () => {
    const id = await connectChannel(world, `person${people}`);
    await world.advance(3600);
    const before = tokenCalls();
    const tokens = await Promise.all(Array.from({ length: 20 }, () => use(id)));
    expect(new Set(tokens).size).toBe(1);
    expect(tokenCalls()).toBe(before + 1);
  });

  test('that has run out is refreshed by one of two processes at once', async () => {
    const id = await connectChannel(world, `person${people}`);
    await world.advance(3600);
    const other = openDatabase(world.databaseUrl, 5);
    const before = tokenCalls();
    const tokens = await Promise.all(
      [world.app, { ...world.app, database: other }].flatMap((services) =>
        Array.from({ length: 5 }, () => withAccess(services, id, async (token) => token)),
      ),
    );
    await other.close();
    expect(new Set(tokens).size).toBe(1);
    expect(tokenCalls()).toBe(before + 1);
  });

  test('that the host refuses is refreshed by one of twenty at once', async () => {
    const id = await connectChannel(world, `person${people}`);
    const old = await use(id);
    const before = tokenCalls();
    const run = async (token: string) => {
      if (token === old) throw new Fault('channel_reconnect', { channel: '' });
      return token;
    };
    const tokens = await Promise.all(
      Array.from({ length: 20 }, () => withAccess(world.app, id, run)),
    );
    expect(new Set(tokens).size).toBe(1);
    expect(tokenCalls()).toBe(before + 1);
  });

  test('that Google has ended marks the channel, and is not asked for again', async () => {
    const id = await connectChannel(world, `person${people}`);
    await world.advance(3600);
    world.emulators.google.misbehave({ on: 'token', how: 'invalid_grant', times: 1 });
    const before = tokenCalls();
    for (let round = 0; round < 3; round += 1)
      expect(await faultOf(use(id))).toBe('channel_reconnect');
    expect(tokenCalls()).toBe(before + 1);
    expect(await rowsOf()).toMatchObject([{ id, status: 'reconnect' }]);
    const { channels: listed } = await world.must(channelList, {}, context);
    expect(listed).toMatchObject([{ channel: id, status: 'reconnect' }]);
  });

  test('is not marked ended by a passing failure', async () => {
    const id = await connectChannel(world, `person${people}`);
    await world.advance(3600);
    world.emulators.google.misbehave({ on: 'token', how: 'http_503', times: 1 });
    expect(await faultOf(use(id))).toBe('provider_busy');
    expect(await rowsOf()).toMatchObject([{ status: 'connected' }]);
    expect(await use(id)).toMatch(/^ya29\./);
  });

  test('that was granted anew while the old one was ending stays granted', async () => {
    const account = `person${people}`;
    const id = await connectChannel(world, account);
    await world.advance(3600);
    // One connection of its own, so that what is queued here runs between the refusal and the mark.
    const one = openDatabase(world.databaseUrl, 1);
    const gate = openDatabase(world.databaseUrl, 1);
    await gate.sql`select pg_advisory_lock(1)`;
    const pause = Promise.withResolvers<unknown>();
    const asked = Promise.withResolvers<void>();
    const dying: VideoHost = {
      ...youtubeOf(world),
      async refresh() {
        one.sql`select pg_advisory_lock(1)`.then(pause.resolve, pause.reject);
        asked.resolve();
        throw new Fault('channel_reconnect', { channel: '' });
      },
    };
    const ports = { ...world.app.ports, videoHost: dying };
    const services = { ...world.app, ports, database: one };
    const ended = faultOf(withAccess(services, id, async (token) => token));
    await asked.promise;
    await connectChannel(world, account);
    expect(await rowsOf()).toMatchObject([{ status: 'connected' }]);
    await gate.sql`select pg_advisory_unlock(1)`;
    await pause.promise;
    expect(await ended).toBe('channel_reconnect');
    await Promise.all([one.close(), gate.close()]);
    expect(await rowsOf()).toMatchObject([{ status: 'connected' }]);
  });
});
