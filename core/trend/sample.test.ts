import { eq, inArray } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';

import {
  savedTrends,
  trendHarvests,
  trendResults,
  trends,
  trendSearches,
  trendSnapshots,
} from '../../drizzle/schema/trends.ts';
import { jobContext } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { secondsAfter } from '../clock.ts';
import type { JobContext } from '../context.ts';
import { Fault } from '../fault.ts';
import { platforms, type Platform, type TrendSource } from '../ports/trend-source.ts';
import { sampleTrends } from './sample.ts';
import { sortReadings, storeSightings } from './sightings.ts';

const hour = 3600;
const { signal } = new AbortController();

let world: World;
let accountId: string;
let found: Map<Platform, string[]>;
beforeEach(async () => {
  world = await createWorld();
  ({ accountId } = (await world.context()).actor);
  found = new Map();
  for (const platform of platforms) found.set(platform, await find(platform));
});
afterEach(() => world.close());

const source = (): TrendSource => {
  const { trendSource } = world.app.ports;
  if (!trendSource) throw new Error('this world has no Apify');
  return trendSource;
};
/** Lets the emulator bring videos and stores them, as a search does. */
async function find(platform: Platform): Promise<string[]> {
  const errand = { platform, keyword: 'paper boats', maxItems: 20, maxCostUsd: 1, days: 90 };
  const runId = await source().start(errand, signal);
  await source().look(runId, 60, signal);
  const { readings, seenAt } = await source().collect(runId, errand, signal);
  const seen = readings.flatMap((reading) => ('sighting' in reading ? [reading.sighting] : []));
  return (await storeSightings(world.app, seen, seenAt)).map(({ id }) => id);
}
const idsOf = (platform: Platform, count: number): string[] => {
  const ids = found.get(platform)?.slice(0, count) ?? [];
  if (ids.length < count) throw new Error(`the emulator brought too little of ${platform}`);
  return ids;
};
const save = (ids: readonly string[]) =>
  world.app.database.db
    .insert(savedTrends)
    .values(ids.map((trendId) => ({ accountId, trendId, createdAt: world.now() })));
let searches = 0;
async function searchedAgo(seconds: number, ids: readonly string[]): Promise<void> {
  const id = `sea_made${(searches += 1)}`;
  const createdAt = secondsAfter(world.now(), -seconds);
  const search = { id, accountId, keyword: 'x', request: {}, skipped: {}, notes: [], createdAt };
  await world.app.database.db.insert(trendSearches).values(search);
  await world.app.database.db
    .insert(trendResults)
    .values(ids.map((trendId, position) => ({ searchId: id, trendId, position, score: {} })));
}

const sample = (changes: Partial<JobContext> = {}) =>
  sampleTrends.run({}, { ...jobContext(world), ...changes });
const withSource = (changes: Partial<TrendSource>) => ({
  ports: { ...world.app.ports, trendSource: { ...source(), ...changes } },
});
const withCap = (usd: number) => ({
  config: { ...world.app.config, TREND_SAMPLING_DAILY_USD: usd },
});
const harvests = () => world.app.database.db.select().from(trendHarvests);
const rowsOf = (ids: readonly string[]) =>
  world.app.database.db
    .select()
    .from(trends)
    .where(inArray(trends.id, [...ids]));
const looksOf = async (id: string) => {
  const { db } = world.app.database;
  return (await db.select().from(trendSnapshots).where(eq(trendSnapshots.trendId, id))).length;
};
const spent = async () => (await harvests()).reduce((sum, { costUsd }) => sum + (costUsd ?? 9), 0);
const startsAfter = (): number => world.emulators.apify.starts - platforms.length;

describe('saved trends', () => {
  it('are looked at again on every platform, and their growth is measured', async () => {
    const ids = platforms.flatMap((platform) => idsOf(platform, 2));
    await save(ids);
    const before = new Map((await rowsOf(ids)).map((row) => [row.id, row]));
    await world.advance(6 * hour);
    await sample();
    expect(startsAfter()).toBe(3);
    for (const row of await rowsOf(ids)) {
      expect(row.views).toBeGreaterThan(before.get(row.id)?.views ?? Infinity);
      expect(row.seenAt).toStrictEqual(world.now());
      expect(await looksOf(row.id)).toBe(2);
    }
    for (const row of await harvests())
      expect(row).toMatchObject({ purpose: 'sample', status: 'done', maxCostUsd: 0.01 });
    expect(await spent()).toBeCloseTo(2 * 0.0037 + 0.001 + 2 * 0.004 + 2 * 0.0027, 6);
  });

  it('are looked at once in six hours, also when another search has seen them', async () => {
    const [first = '', second = ''] = idsOf('youtube', 2);
    await save([first, second]);
    await world.advance(6 * hour - 1);
    await sample();
    expect(await harvests()).toEqual([]);
    const [row] = await rowsOf([first]);
    if (!row) throw new Error('the trend is gone');
    await storeSightings(world.app, [{ ...row, views: 1 }], world.now());
    await world.advance(1);
    await sample();
    await sample();
    const [{ url } = { url: '' }] = await rowsOf([second]);
    expect((await harvests()).map(({ request }) => request['addresses'])).toEqual([[url]]);
  });

  it('have their pictures copied', async () => {
    const ids = platforms.flatMap((platform) => idsOf(platform, 1));
    await save(ids);
    // The addresses that the search brought have expired by then.
    await world.advance(5 * 24 * hour);
    await sample();
    await world.drain();
    for (const row of await rowsOf(ids)) expect(row.thumbnailKey).toBe(`trends/${row.id}.jpg`);
  });
});

describe('the top of searches', () => {
  it('is the best three of each of the last seven days', async () => {
    const [a, b, c, d, e] = idsOf('youtube', 5);
    const known = [a, b, c, d, e].map((id) => id ?? '');
    await world.advance(8 * 24 * hour);
    await searchedAgo(7 * 24 * hour - 1, known.slice(0, 4));
    await searchedAgo(7 * 24 * hour, known.slice(4));
    await sample();
    const looked = await Promise.all(known.map(looksOf));
    expect(looked).toEqual([2, 2, 2, 1, 1]);
  });
});

describe('the cap', () => {
  const many = async () => {
    const ids = platforms.flatMap((platform) => idsOf(platform, 6));
    await save(ids);
    await world.advance(6 * hour);
  };
  it('holds over all platforms and 24 hours', async () => {
    await many();
    await sample(withCap(0.03));
    expect(await spent()).toBeLessThanOrEqual(0.03);
    const first = (await harvests()).length;
    expect(first).toBeGreaterThan(0);
    for (let step = 0; step < 3; step += 1) {
      await world.advance(6 * hour);
      await sample(withCap(0.03));
      expect(await spent()).toBeLessThanOrEqual(0.03);
    }
    await world.advance(6 * hour);
    await sample(withCap(0.03));
    expect(await spent()).toBeGreaterThan(0.03);
  });

  it('of 0 sends nothing, and so does a missing Apify', async () => {
    await many();
    await sample(withCap(0));
    const { trendSource: _, ...ports } = world.app.ports;
    await sample({ ports });
    expect(startsAfter()).toBe(0);
    expect(await harvests()).toEqual([]);
  });

  it('counts what is not known yet as much as it may become', async () => {
    await many();
    const never = withSource({ start: () => Promise.reject(new Error('the process died')) });
    await expect(sample({ ...never, ...withCap(0.03) })).rejects.toThrow('died');
    const asked = (await harvests()).reduce((sum, { maxCostUsd }) => sum + maxCostUsd, 0);
    expect(asked).toBeCloseTo(0.03, 6);
    await sample(withCap(0.03));
    expect((await harvests()).reduce((sum, { maxCostUsd }) => sum + maxCostUsd, 0)).toBeCloseTo(
      asked,
      6,
    );
    await sample(withCap(0.05));
    expect((await harvests()).reduce((sum, { maxCostUsd }) => sum + maxCostUsd, 0)).toBeGreaterThan(
      asked,
    );
  });
});

describe('a process that dies', () => {
  const died = new Error('the process died');
  const deaths: readonly (readonly [string, () => Partial<JobContext>])[] = [
    [
      'before anything is committed',
      () => ({ queue: { ...world.app.queue, enqueue: () => Promise.reject(died) } }),
    ],
    ['before the actor is sent', () => withSource({ start: () => Promise.reject(died) })],
    [
      'before it knows the run',
      () =>
        withSource({
          start: async (...call) => {
            await source().start(...call);
            throw died;
          },
        }),
    ],
    ['while the run goes on', () => withSource({ look: () => Promise.reject(died) })],
    ['before what it brought is stored', () => withSource({ collect: () => Promise.reject(died) })],
    [
      'before it is written down that this is done',
      () =>
        withSource({
          collect: async (...call) => {
            const { readings, seenAt } = await source().collect(...call);
            await storeSightings(world.app, sortReadings(readings).sightings, seenAt);
            throw died;
          },
        }),
    ],
  ];
  test.each(deaths)('%s neither pays twice nor loses a look', async (_, changes) => {
    const [id = ''] = idsOf('tiktok', 1);
    await save([id]);
    await world.advance(6 * hour);
    await expect(sample(changes())).rejects.toThrow('the process died');
    await sample();
    await world.advance(600);
    await world.drain();
    await sample();
    expect(startsAfter()).toBe(1);
    expect(await harvests()).toMatchObject([{ status: 'done', costUsd: 0.0047 }]);
    expect(await looksOf(id)).toBe(2);
  });

  test('beside four others asks for everything once', async () => {
    await save(platforms.flatMap((platform) => idsOf(platform, 1)));
    await world.advance(6 * hour);
    await Promise.all(Array.from({ length: 5 }, () => sample()));
    expect(startsAfter()).toBe(3);
    expect(await harvests()).toHaveLength(3);
  });

  test('beside others that may spend more or less asks for no page twice', async () => {
    await save(idsOf('youtube', 4));
    await world.advance(6 * hour);
    const caps = [0.005, 0.02, 0.01, 0.015, 0.02, 0.005];
    await Promise.all(caps.map((usd) => sample(withCap(usd))));
    const asked = (await harvests()).flatMap(({ request }) => request['addresses']);
    expect(new Set(asked).size).toBe(asked.length);
    expect(await spent()).toBeLessThanOrEqual(0.02);
  });
});

it('a platform that is busy leaves the others alone, and the next hour asks again later', async () => {
  await save([...idsOf('tiktok', 1), ...idsOf('youtube', 1)]);
  await world.advance(6 * hour);
  const busy = withSource({
    start: (errand, left) =>
      errand.platform === 'tiktok'
        ? Promise.reject(new Fault('provider_busy', { provider: 'Apify' }))
        : source().start(errand, left),
  });
  await sample(busy);
  const ends = (await harvests()).map(({ platform, status }) => `${platform} ${status}`);
  expect(ends.toSorted()).toEqual(['tiktok failed', 'youtube done']);
  await world.advance(6 * hour);
  await sample();
  expect(startsAfter()).toBe(3);
});

it('a video that is gone is left alone after three looks', async () => {
  const [id = ''] = idsOf('instagram', 1);
  await save([id]);
  const url = 'https://www.instagram.com/p/AAAAAAAAAAA/';
  await world.app.database.db.update(trends).set({ url }).where(eq(trends.id, id));
  for (let turn = 0; turn < 5; turn += 1) {
    await world.advance(7 * hour);
    await sample();
  }
  expect(startsAfter()).toBe(3);
  const skipped = (await harvests()).map((row) => row.skipped);
  expect(skipped).toEqual([{ error_item: 1 }, { error_item: 1 }, { error_item: 1 }]);
});
