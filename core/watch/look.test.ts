import { and, asc, eq, ne, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { notices } from '../../drizzle/schema/chat.ts';
import { trendHarvests, trendSearches, watches, watchFinds } from '../../drizzle/schema/trends.ts';
import { sourceOf, type MadeRun } from '../../test/kit/trend-source.ts';
import { drainWith, jobContext, refused } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context, JobContext, Ports } from '../context.ts';
import { Fault } from '../fault.ts';
import type { Reading, TrendErrand, TrendSource } from '../ports/trend-source.ts';
import { trendList } from '../trend/list.ts';
import { trendShow } from '../trend/show.ts';
import { beginLook } from './begin.ts';
import { watchCreate } from './create.ts';
import { watchDelete } from './delete.ts';
import { lookForWatch } from './look.ts';
import { readFound, readPaused } from './news.ts';
import { runWatches } from './run.ts';
import { settleFailure, settleFinds } from './settle.ts';
import { readLeftUsd } from './spent.ts';

const hour = 3600;

let world: World;
let people = 0;
let context: Context;
let keyword: string;
/** What was asked of the source, and what the next runs bring. */
let sent: TrendErrand[];
let bring: (errand: TrendErrand) => MadeRun;
let source: TrendSource;

beforeAll(async () => {
  world = await createWorld({ settings: { TREND_FRESH_MINUTES: '360' } });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.drain();
  await world.app.database.db.update(watches).set({ status: 'deleted' });
  context = await world.context('terminal', `person${(people += 1)}`);
  keyword = `topic ${people}`;
  sent = [];
  bring = () => ({ readings: [video('a'), video('b')], costUsd: 0.08 });
  source = sourceOf(
    () => world.now(),
    (errand) => {
      sent.push(errand);
      return bring(errand);
    },
  );
});

const video = (name: string, views = 500_000): Reading => ({
  sighting: {
    platform: 'tiktok',
    externalId: `${keyword} ${name}`,
    kind: 'short',
    title: `Video ${name}`,
    description: '',
    url: `https://www.tiktok.com/@someone/video/${name}`,
    channel: 'someone',
    channelFollowers: null,
    views,
    likes: 40_000,
    comments: 900,
    shares: 500,
    durationSeconds: 20,
    publishedAt: new Date(world.now().getTime() - hour * 1000),
    thumbnailUrl: null,
    hashtags: [],
  },
});
const failing = (): MadeRun => ({ readings: [], state: 'failed', costUsd: 0 });

const ports = (): Ports => ({ ...world.app.ports, trendSource: source });
const job = (changes: Partial<JobContext> = {}): JobContext => ({
  ...jobContext(world, ports()),
  ...changes,
});
const create = async (input: object = {}, who = context) =>
  z
    .looseObject({ watch: z.string() })
    .parse(
      await world.must(watchCreate, { keyword, platforms: 'tiktok', min_score: 0, ...input }, who),
    ).watch;
/** Whatever is due is looked for, to its end. */
async function look(): Promise<void> {
  await runWatches.run({}, job());
  await drainWith(world, ports());
}
const rowOf = async (id: string) => {
  const [row] = await world.app.database.db.select().from(watches).where(eq(watches.id, id));
  if (!row) throw new Error(`no watch ${id}`);
  return row;
};
const findsOf = (id: string) =>
  world.app.database.db
    .select()
    .from(watchFinds)
    .where(eq(watchFinds.watchId, id))
    .orderBy(asc(watchFinds.foundAt), asc(watchFinds.trendId));
const noticesOf = async () => {
  const rows = await world.app.database.db
    .select({ kind: notices.kind, subject: notices.subjectId })
    .from(notices)
    .where(eq(notices.accountId, context.actor.accountId))
    .orderBy(asc(notices.id));
  return rows;
};
const searchesOf = () =>
  world.app.database.db
    .select()
    .from(trendSearches)
    .where(eq(trendSearches.accountId, context.actor.accountId));
const newsOf = (subject: string) =>
  world.app.database.db.transaction((tx) => readFound(tx, subject));

/** A payload for one look at this moment. */
const timeOf = (watchId: string) => ({ watchId, at: world.now().toISOString() });

describe('a look', () => {
  test('tells each video once, several together, and then only what is new', async () => {
    const id = await create();
    await look();
    expect(sent).toMatchObject([
      { keyword, platform: 'tiktok', days: 7, maxItems: 20, maxCostUsd: 0.1 },
    ]);
    expect(await findsOf(id)).toHaveLength(2);
    const [first] = await noticesOf();
    expect(await noticesOf()).toMatchObject([{ kind: 'watch_found' }]);
    expect(await newsOf(first?.subject ?? '')).toMatchObject({ kind: 'found', keyword });
    bring = () => ({ readings: [video('a'), video('b'), video('c')], costUsd: 0.08 });
    await world.advance(12 * hour - 1);
    await look();
    expect(sent).toHaveLength(1);
    await world.advance(1);
    await look();
    expect(sent).toHaveLength(2);
    const told = await noticesOf();
    expect(told).toHaveLength(2);
    expect(await newsOf(told[1]?.subject ?? '')).toMatchObject({ trends: [{ title: 'Video c' }] });
    await world.advance(12 * hour);
    await look();
    expect(sent).toHaveLength(3);
    expect(await noticesOf()).toHaveLength(2);
    expect((await searchesOf()).map(({ status }) => status)).toEqual(['ready', 'ready', 'ready']);
  });

  test.each([
    [69.9, 0],
    [70, 1],
    [70.1, 1],
  ])('with a score of %d from 70 on tells %i', async (score, count) => {
    const id = await create({ min_score: 100 });
    await look();
    expect(await noticesOf()).toEqual([]);
    await world.app.database.db.update(watches).set({ minScore: 70 }).where(eq(watches.id, id));
    await world.advance(hour);
    const begun = await beginLook(job(), id, world.now());
    const found = await world.must(trendList, { saved: false }, context);
    const [best] = trendList.output.parse(found).trends;
    if (!begun || !best) throw new Error('nothing was begun or found');
    const answer = { search: begun.searchId, status: 'ready' as const, skipped: {}, notes: [] };
    const trends = [{ ...best, score }];
    await settleFinds(begun, { ...answer, trends, cost_usd: 0, age_minutes: null });
    expect(await findsOf(id)).toHaveLength(count);
    expect(await noticesOf()).toHaveLength(count);
    await drainWith(world, ports());
  });

  test('every six hours sees more than the one before has brought', async () => {
    await create({ every_hours: 6 });
    await runWatches.run({}, job());
    // A run takes a while, so what it brought is younger than the time between two looks.
    await world.advance(60);
    await drainWith(world, ports());
    await world.advance(6 * hour - 60);
    await look();
    expect(sent).toHaveLength(2);
  });

  test('shares what somebody else has just searched, and costs nothing then', async () => {
    const first = await create();
    const other = await world.context('terminal', `other${people}`);
    context = other;
    const second = await create({}, other);
    await look();
    expect(sent).toHaveLength(1);
    expect(await findsOf(second)).toHaveLength(2);
    expect(await noticesOf()).toHaveLength(1);
    const left = await Promise.all(
      [first, second].map(async (id) => readLeftUsd(job(), await rowOf(id), world.now())),
    );
    expect(left.map((usd) => usd.toFixed(2)).toSorted()).toEqual(['0.42', '0.50']);
  });

  test('of a watch that ended meanwhile tells nothing', async () => {
    const id = await create();
    const payload = timeOf(id);
    const begun = await beginLook(job(), id, new Date(payload.at));
    expect(begun).not.toBeNull();
    await world.must(watchDelete, { watch: id }, context);
    await lookForWatch.run(payload, job());
    if (begun) await settleFailure(begun, 'provider_failed');
    expect(await findsOf(id)).toEqual([]);
    expect(await noticesOf()).toEqual([]);
    expect(await rowOf(id)).toMatchObject({ failures: 0, status: 'deleted' });
  });

  test('waits where nobody can search', async () => {
    const id = await create();
    const { trendSource: _, ...rest } = world.app.ports;
    const before = await rowOf(id);
    await runWatches.run({}, { ...job(), ports: rest });
    expect(await rowOf(id)).toEqual(before);
  });

  test('in a server is found there, and where it is told', async () => {
    const actor = { ...context.actor, surface: 'discord' as const };
    const inServer = { ...context, actor: { ...actor, serverId: '11' } };
    const inPrivate = { ...context, actor: { ...actor, serverId: null } };
    const elsewhere = { ...context, actor: { ...actor, serverId: '12' } };
    await create({}, inServer);
    await look();
    const [notice] = await noticesOf();
    const news = await newsOf(notice?.subject ?? '');
    if (news?.kind !== 'found') throw new Error('nothing was told');
    expect(news.trends).toHaveLength(2);
    const trend = news.trends[0]?.id;
    for (const who of [inServer, inPrivate])
      expect(await world.must(trendShow, { trend }, who)).toMatchObject({ id: trend });
    expect(await refused(world, trendShow, { trend }, elsewhere)).toMatchObject({
      code: 'not_found',
    });
    const listed = await world.must(trendList, { search: news.search }, inPrivate);
    expect(trendList.output.parse(listed).trends).toHaveLength(2);
  });
});

describe('exactly once', () => {
  test('two workers at once ask for one look, and do it once', async () => {
    const id = await create();
    let asked = 0;
    const queue: JobContext['queue'] = {
      async enqueue(...all) {
        asked += 1;
        await world.app.queue.enqueue(...all);
      },
    };
    await Promise.all([runWatches.run({}, job({ queue })), runWatches.run({}, job({ queue }))]);
    expect(asked).toBe(1);
    await drainWith(world, ports());
    expect(sent).toHaveLength(1);
    expect(await searchesOf()).toHaveLength(1);
    await world.advance(12 * hour);
    const payload = timeOf(id);
    bring = () => ({ readings: [video('z')], costUsd: 0.08 });
    await Promise.all([1, 2, 3].map(() => lookForWatch.run(payload, job())));
    await lookForWatch.run(payload, job());
    expect(sent).toHaveLength(2);
    expect(await searchesOf()).toHaveLength(2);
    expect(await noticesOf()).toHaveLength(2);
    expect(await findsOf(id)).toHaveLength(3);
  });

  test('a look that was asked for late is not done after a later one', async () => {
    const id = await create();
    const early = timeOf(id);
    await world.advance(hour);
    await lookForWatch.run(timeOf(id), job());
    await lookForWatch.run(early, job());
    expect(sent).toHaveLength(1);
  });

  test('what cannot be asked for is asked for again', async () => {
    const id = await create();
    const before = await rowOf(id);
    const dead = { enqueue: () => Promise.reject(new Error('the process dies')) };
    await expect(runWatches.run({}, job({ queue: dead }))).rejects.toThrow('dies');
    expect(await rowOf(id)).toEqual(before);
    await look();
    expect(sent).toHaveLength(1);
  });

  /** Ids and calls of the source, of which the `diesAt`th does not come back. */
  function mortal(diesAt: number): { readonly services: JobContext; steps: () => number } {
    let steps = 0;
    const step = () => {
      steps += 1;
      if (steps === diesAt) throw new Error('the process dies');
    };
    const { ids, queue } = world.app;
    const trendSource: TrendSource = {
      ...source,
      async start(errand, signal) {
        step();
        return source.start(errand, signal);
      },
      async look(run, seconds, signal) {
        step();
        return source.look(run, seconds, signal);
      },
      async collect(run, errand, signal) {
        step();
        return source.collect(run, errand, signal);
      },
    };
    const services = job({
      ports: { ...world.app.ports, trendSource },
      ids: {
        ...ids,
        next(prefix) {
          step();
          return ids.next(prefix);
        },
      },
      queue: {
        async enqueue(...all) {
          step();
          return queue.enqueue(...all);
        },
      },
    });
    return { services, steps: () => steps };
  }

  test('a death at any step loses at most the look, and doubles nothing', async () => {
    const lost: number[] = [];
    let last = 0;
    for (let diesAt = 1; diesAt <= 12; diesAt += 1) {
      context = await world.context('terminal', `mortal${diesAt}`);
      keyword = `mortal ${diesAt}`;
      sent = [];
      const id = await create();
      const payload = timeOf(id);
      const { services, steps } = mortal(diesAt);
      const died = await lookForWatch.run(payload, services).then(
        () => false,
        () => true,
      );
      expect(died).toBe(steps() >= diesAt);
      if (died) last = diesAt;
      await lookForWatch.run(payload, job());
      await drainWith(world, ports());
      expect(sent.length).toBeLessThanOrEqual(1);
      expect((await noticesOf()).length).toBe(sent.length);
      expect(await findsOf(id)).toHaveLength(2 * sent.length);
      expect(await searchesOf()).toHaveLength(sent.length);
      if (sent.length === 0) lost.push(diesAt);
      // Lost or not, the next one comes.
      await world.advance(12 * hour);
      bring = () => ({ readings: [video('next')], costUsd: 0.08 });
      await lookForWatch.run(timeOf(id), job());
      expect((await noticesOf()).length).toBe(sent.length);
      bring = () => ({ readings: [video('a'), video('b')], costUsd: 0.08 });
    }
    // The id of the search and what is written with it come before anything is paid for.
    expect(lost).toEqual([1, 2, 3]);
    expect(last).toBeGreaterThanOrEqual(9);
  });
});

describe('the cap of a day', () => {
  test('is kept: a look that would pass it waits, which is no failure', async () => {
    const id = await create({ daily_usd: 0.1, every_hours: 12 });
    bring = () => ({ readings: [video('a')], costUsd: 0.08 });
    await look();
    expect(sent).toHaveLength(1);
    await world.advance(12 * hour);
    await look();
    // 0.02 are left, and a look needs 0.025.
    expect(sent).toHaveLength(1);
    expect(await rowOf(id)).toMatchObject({ failures: 0, status: 'active' });
    expect((await rowOf(id)).nextAt).toEqual(new Date(world.now().getTime() + 12 * hour * 1000));
    await world.advance(12 * hour);
    await look();
    expect(sent).toHaveLength(2);
  });

  test('counts a cost that is not known as the most it can be', async () => {
    await create({ daily_usd: 0.1, every_hours: 12 });
    bring = () => ({ readings: [video('a')], costUsd: null });
    await look();
    expect(sent).toMatchObject([{ maxItems: 10, maxCostUsd: 0.05 }]);
    await world.advance(12 * hour);
    await look();
    expect(sent).toHaveLength(2);
    await world.advance(6 * hour);
    await world.app.database.db.update(watches).set({ nextAt: world.now() });
    await look();
    expect(sent).toHaveLength(2);
  });

  test('shrinks a look to what is left', async () => {
    await create({ daily_usd: 0.1, every_hours: 12 });
    bring = () => ({ readings: [video('a')], costUsd: 0.07 });
    await look();
    await world.advance(12 * hour);
    await look();
    expect(sent).toMatchObject([{ maxItems: 10 }, { maxItems: 6, maxCostUsd: 0.03 }]);
  });

  test('is not won back by making the watch again', async () => {
    const id = await create({ daily_usd: 0.1, every_hours: 24 });
    bring = () => ({ readings: [video('a')], costUsd: 0.1 });
    await look();
    await world.must(watchDelete, { watch: id }, context);
    keyword = `${keyword} again`;
    await create({ daily_usd: 0.1, every_hours: 24 });
    await world.advance(hour);
    await look();
    expect(sent).toHaveLength(1);
    await world.advance(24 * hour);
    await look();
    expect(sent).toHaveLength(2);
  });

  test('counts neither what others pay for nor what the person searches', async () => {
    await create({ daily_usd: 0.1, every_hours: 12 });
    const { db } = world.app.database;
    bring = () => ({ readings: [video('a')], costUsd: 3 });
    const stranger = await world.context('terminal', `stranger${people}`);
    const theirs = keyword;
    keyword = `${keyword} theirs`;
    await create({ daily_usd: 0.1, every_hours: 12 }, stranger);
    keyword = theirs;
    await look();
    expect(sent).toHaveLength(2);
    const own = eq(trendSearches.accountId, context.actor.accountId);
    await db
      .update(trendSearches)
      .set({ request: sql`${trendSearches.request} - 'watch' - 'look'` })
      .where(own);
    await world.advance(12 * hour);
    bring = () => ({ readings: [video('b')], costUsd: 0.01 });
    await look();
    expect(sent).toHaveLength(3);
    expect(sent[2]).toMatchObject({ keyword: theirs });
  });
});

describe('failures', () => {
  const again = async () => {
    await look();
    await world.advance(12 * hour);
  };

  test('three in a row pause it, with the reason', async () => {
    const id = await create();
    bring = () => ({ readings: [], state: 'timed_out', costUsd: 0 });
    await again();
    await again();
    expect(await rowOf(id)).toMatchObject({ failures: 2, status: 'active' });
    expect(await noticesOf()).toEqual([]);
    await again();
    expect(await rowOf(id)).toMatchObject({ failures: 3, status: 'paused' });
    expect(await noticesOf()).toEqual([{ kind: 'watch_paused', subject: id }]);
    const read = (locale: 'en' | 'zh') =>
      world.app.database.db.transaction((tx) => readPaused(tx, id, locale));
    expect(await read('en')).toMatchObject({ keyword, reason: expect.stringMatching(/too long/) });
    expect(await read('zh')).toMatchObject({ reason: expect.stringMatching(/用时过长/) });
    await again();
    expect(sent).toHaveLength(3);
    bring = () => ({ readings: [video('a')], costUsd: 0.01 });
    await create();
    expect(await read('en')).toBeNull();
    await again();
    expect(await findsOf(id)).toHaveLength(1);
  });

  test('one success begins the count anew', async () => {
    const id = await create();
    bring = failing;
    await again();
    await again();
    bring = () => ({ readings: [], costUsd: 0.01 });
    await again();
    expect(await rowOf(id)).toMatchObject({ failures: 0 });
    bring = failing;
    await again();
    await again();
    expect(await rowOf(id)).toMatchObject({ failures: 2, status: 'active' });
  });

  test('of one platform are none while another one answers', async () => {
    const id = await create({ platforms: 'tiktok,youtube' });
    bring = ({ platform }) =>
      platform === 'youtube' ? failing() : { readings: [video('a')], costUsd: 0.01 };
    for (let count = 0; count < 3; count += 1) await again();
    expect(await rowOf(id)).toMatchObject({ failures: 0, status: 'active' });
    expect(await findsOf(id)).toHaveLength(1);
  });

  test('of the start count, each look once however often it is tried', async () => {
    const id = await create();
    bring = () => {
      throw new Fault('provider_locked', { provider: 'Apify' });
    };
    const payload = timeOf(id);
    await lookForWatch.run(payload, job());
    await lookForWatch.run(payload, job());
    await lookForWatch.exhausted?.(payload, job());
    expect(await rowOf(id)).toMatchObject({ failures: 1 });
  });

  test('count when nobody can say how a run stands, and what it brings is kept all the same', async () => {
    const id = await create();
    const payload = timeOf(id);
    const busy = () => Promise.reject(new Fault('provider_failed', { provider: 'Apify' }));
    const silent = job({ ports: { ...world.app.ports, trendSource: { ...source, look: busy } } });
    await expect(lookForWatch.run(payload, silent)).rejects.toThrow('Apify');
    expect(await rowOf(id)).toMatchObject({ failures: 0 });
    await lookForWatch.exhausted?.(payload, silent);
    expect(await rowOf(id)).toMatchObject({ failures: 1 });
    const { db } = world.app.database;
    await world.advance(600);
    await drainWith(world, ports());
    const open = await db.select().from(trendHarvests).where(ne(trendHarvests.status, 'done'));
    expect(open.filter(({ request }) => request['keyword'] === keyword)).toEqual([]);
    expect(sent).toHaveLength(1);
  });

  test('that were never begun count for nothing', async () => {
    const id = await create();
    await lookForWatch.exhausted?.(timeOf(id), job());
    expect(await rowOf(id)).toMatchObject({ failures: 0 });
    const { db } = world.app.database;
    const mine = and(eq(watches.id, id), eq(watches.status, 'active'));
    expect(await db.select().from(watches).where(mine)).toHaveLength(1);
  });
});
