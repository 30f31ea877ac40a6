import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { channels, hostAllowances, publications } from '../../drizzle/schema/publishing.ts';
import { hostVideoOf } from '../../test/kit/forecasts.ts';
import {
  addLive,
  addReading,
  clearStats,
  countNow,
  day,
  hour,
  openStats,
  readingsOf,
  secondsBefore,
  tellingAll,
} from '../../test/kit/stats.ts';
import { connectChannel, withVideoHost, youtubeOf } from '../../test/kit/trips.ts';
import { Fault } from '../fault.ts';
import { pacificDay } from '../pacific-day.ts';

const told = { views: 1200, likes: 30, comments: 4 };

let scene: Awaited<ReturnType<typeof openStats>>;
beforeAll(async () => {
  scene = await openStats();
});
afterAll(() => scene.world.close());
beforeEach(async () => {
  await clearStats(scene);
  await scene.world.app.database.db.delete(hostAllowances);
});

const google = () => scene.world.emulators.google;
const listCalls = () => google().calls.filter(({ path }) => path === '/youtube/v3/videos').length;
const advance = (seconds: number) => scene.world.advance(seconds);
const rows = (id: string) => readingsOf(scene, id);
const change = (id: string, changes: Partial<typeof publications.$inferInsert>) =>
  scene.world.app.database.db.update(publications).set(changes).where(eq(publications.id, id));
/** The one that YouTube really has is not asked for. */
const keepQuiet = () => change(scene.published, { hostPrivacy: 'private' });

describe('when', () => {
  beforeEach(keepQuiet);

  test('every hour for 7 days, then once a day until 90 days: 169 and 83 readings', async () => {
    const [id = ''] = await addLive(scene, 1);
    const { ports, calls } = tellingAll(scene, told);
    const start = scene.world.now().getTime();
    // What is told by no real YouTube needs no fresh token.
    const accessExpiresAt = new Date(start + 100 * day * 1000);
    await scene.world.app.database.db.update(channels).set({ accessExpiresAt });
    const at = async (seconds: number) => {
      await advance((start + seconds * 1000 - scene.world.now().getTime()) / 1000);
      await countNow(scene, ports);
    };
    for (let hours = 0; hours <= 7 * 24 + 2; hours += 1) await at(hours * hour);
    expect(await rows(id)).toHaveLength(169);
    for (let days = 8; days <= 91; days += 1) {
      const around = days < 10 || days > 88 ? [-1, 0, 1] : [0];
      for (const hours of around) await at(days * day + hours * hour);
    }
    const ages = (await rows(id)).map(({ readAt }) => (readAt.getTime() - start) / 1000 / hour);
    const hourly = Array.from({ length: 169 }, (_, index) => index);
    const daily = Array.from({ length: 83 }, (_, index) => (index + 8) * 24);
    expect(ages).toEqual([...hourly, ...daily]);
    expect(calls).toHaveLength(252);
    await scene.world.app.database.db.update(channels).set({ accessExpiresAt: new Date(start) });
  });

  test.each([
    ['7 days old, read an hour ago', 7 * day, hour, 2],
    ['a second older, read an hour ago', 7 * day + 1, hour, 1],
    ['a second older, read 23 hours ago', 7 * day + 1, 23 * hour, 1],
    ['a second older, read a day ago', 7 * day + 1, day, 2],
    ['90 days old, read a day ago', 90 * day, day, 2],
    ['a second older', 90 * day + 1, day, 1],
    ['never read, and a day younger than 90', 89 * day, null, 1],
    ['never read, and older than 90 days', 90 * day + 1, null, 0],
  ])('%s', async (_, age, readBefore, expected) => {
    const now = scene.world.now();
    const [id = ''] = await addLive(scene, 1, { liveAt: secondsBefore(now, age) });
    if (readBefore !== null) await addReading(scene, id, secondsBefore(now, readBefore), [1, 1, 1]);
    await countNow(scene, tellingAll(scene, told).ports);
    expect(await rows(id)).toHaveLength(expected);
  });

  test('what was missed is read in the next hour in which that works', async () => {
    const [id = ''] = await addLive(scene, 1, {
      liveAt: secondsBefore(scene.world.now(), 20 * day),
    });
    const { ports } = tellingAll(scene, told);
    await countNow(scene, ports);
    await advance(30 * hour);
    await countNow(scene, ports);
    await advance(23 * hour);
    await countNow(scene, ports);
    expect(await rows(id)).toHaveLength(2);
    await advance(hour);
    await countNow(scene, ports);
    expect(await rows(id)).toHaveLength(3);
  });

  test('a second run within the hour asks nothing, and the first of the next hour does', async () => {
    const [id = ''] = await addLive(scene, 1);
    await advance(hour - ((scene.world.now().getTime() / 1000) % hour));
    const { ports, calls } = tellingAll(scene, told);
    await countNow(scene, ports);
    await advance(hour - 1);
    await countNow(scene, ports);
    expect(calls).toHaveLength(1);
    await advance(1);
    await countNow(scene, ports);
    expect(calls).toHaveLength(2);
    const readings = await rows(id);
    expect(readings).toHaveLength(2);
    expect(readings.at(-1)).toMatchObject({ ...told, readAt: scene.world.now() });
  });

  test.each([
    ['private', { hostPrivacy: 'private' }],
    ['not read back yet', { hostPrivacy: null }],
    ['scheduled', { status: 'scheduled' }],
    ['processing', { status: 'processing' }],
    ['cancelled', { status: 'cancelled' }],
    ['without a video on the host', { hostVideoId: null }],
    ['without a time', { liveAt: null }],
  ] as const)('never while it is %s', async (_, changes) => {
    const [id = ''] = await addLive(scene, 1, changes);
    const { ports, calls } = tellingAll(scene, told);
    await countNow(scene, ports);
    expect(calls).toEqual([]);
    expect(await rows(id)).toEqual([]);
  });

  test.each(['unlisted', 'public'] as const)(
    'once a private one has become %s',
    async (privacy) => {
      const [id = ''] = await addLive(scene, 1, { hostPrivacy: 'private' });
      const { ports } = tellingAll(scene, told);
      await countNow(scene, ports);
      await change(id, { hostPrivacy: privacy });
      await countNow(scene, ports);
      expect(await rows(id)).toHaveLength(1);
    },
  );
});

describe('what YouTube says', () => {
  beforeEach(() => change(scene.published, { hostPrivacy: 'public', liveAt: scene.world.now() }));
  const published = () => hostVideoOf(scene, scene.published);

  test('is kept as it was said', async () => {
    await advance(day);
    await countNow(scene);
    const [reading] = await rows(scene.published);
    expect(reading?.views).toBeGreaterThan(0);
    expect(reading).toMatchObject({ likes: expect.any(Number), comments: expect.any(Number) });
  });

  test('hidden counts are null, what is told beside them is kept', async () => {
    google().hideCounts(await published(), true);
    await countNow(scene);
    google().hideCounts(await published(), false);
    expect(await rows(scene.published)).toMatchObject([
      { views: null, likes: null, comments: expect.any(Number) },
    ]);
  });

  test('a count may be missing alone', async () => {
    const [id = ''] = await addLive(scene, 1);
    await countNow(scene, tellingAll(scene, { ...told, likes: null }).ports);
    expect(await rows(id)).toMatchObject([{ views: 1200, likes: null, comments: 4 }]);
  });

  test('of a video that it does not know any more nothing, and of those beside it everything', async () => {
    const [gone = '', there = ''] = await addLive(scene, 2);
    const ports = withVideoHost(scene.world, {
      fetchCounts: async () => new Map([[`host_${there}`, told]]),
    });
    await countNow(scene, ports);
    await countNow(scene, ports);
    expect(await rows(gone)).toMatchObject([{ views: null, likes: null, comments: null }]);
    expect(await rows(there)).toMatchObject([told]);
  });

  test('of one that was deleted in Studio nothing, in that hour once', async () => {
    google().deleteVideo(await published());
    await countNow(scene);
    const before = listCalls();
    await countNow(scene);
    expect(listCalls()).toBe(before);
    expect(await rows(scene.published)).toMatchObject([
      { views: null, likes: null, comments: null },
    ]);
  });
});

describe('many', () => {
  beforeEach(keepQuiet);

  test.each([
    [49, [49]],
    [50, [50]],
    [51, [50, 1]],
    [101, [50, 50, 1]],
  ])('%i of a channel are so many calls', async (count, sizes) => {
    const ids = await addLive(scene, count);
    const { ports, calls } = tellingAll(scene, told);
    await countNow(scene, ports);
    expect(calls.map(({ length }) => length)).toEqual(sizes);
    expect(new Set(calls.flat())).toEqual(new Set(ids.map((id) => `host_${id}`)));
    for (const id of ids.slice(-2)) expect(await rows(id)).toMatchObject([told]);
  });

  test('two workers at once keep one reading of each', async () => {
    const ids = await addLive(scene, 3);
    const both = Promise.withResolvers<void>();
    let asked = 0;
    const ports = withVideoHost(scene.world, {
      async fetchCounts(_token, videos) {
        asked += 1;
        if (asked === 2) both.resolve();
        await both.promise;
        return new Map(videos.map((id) => [id, { ...told, views: asked }]));
      },
    });
    await Promise.all([countNow(scene, ports), countNow(scene, ports)]);
    expect(asked).toBe(2);
    for (const id of ids) expect(await rows(id)).toHaveLength(1);
  });

  test('a death between the call and the store leaves it to the next run, once', async () => {
    const ids = await addLive(scene, 51);
    const dead = Promise.withResolvers<void>();
    let calls = 0;
    const dying = withVideoHost(scene.world, {
      fetchCounts(_token, videos) {
        calls += 1;
        if (calls === 1) return Promise.resolve(new Map(videos.map((id) => [id, told])));
        dead.resolve();
        // YouTube has answered, and nobody is there any more.
        return new Promise(() => undefined);
      },
    });
    void countNow(scene, dying);
    await dead.promise;
    const { ports, calls: later } = tellingAll(scene, told);
    await countNow(scene, ports);
    expect(later.map(({ length }) => length)).toEqual([1]);
    for (const id of ids) expect(await rows(id)).toHaveLength(1);
  });
});

describe('beside another channel', () => {
  let second: string;
  let own: string;
  let other: string;
  beforeAll(async () => {
    const choice = google().channels[1];
    if (!choice) throw new Error('there is one channel only');
    second = await connectChannel(scene.world, 'owner', { channel: choice.id });
  });
  beforeEach(async () => {
    await keepQuiet();
    [own = ''] = await addLive(scene, 1);
    [other = ''] = await addLive(scene, 1, { channelId: second });
    // The first one is asked for first.
    await addReading(scene, other, secondsBefore(scene.world.now(), 2 * hour), [1, 1, 1]);
  });

  const failing = (trouble: Error) => {
    const asked: string[] = [];
    const ports = withVideoHost(scene.world, {
      async fetchCounts(_token, ids) {
        asked.push(...ids);
        if (ids.includes(`host_${own}`)) throw trouble;
        return new Map(ids.map((id) => [id, told]));
      },
    });
    return { ports, asked };
  };
  const busy = (retryAfterSeconds?: number) =>
    new Fault(
      'provider_busy',
      { provider: 'YouTube' },
      retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
    );

  test.each([
    ['busy', busy(30)],
    ['busy without saying for how long', busy()],
    ['one that asks for a little less than a quarter of an hour', busy(899)],
    ['refused', new Fault('publication_refused', { reason: 'forbidden' })],
    ['without its scope', new Fault('channel_scope_missing', { scopes: '' })],
    ['locked', new Fault('provider_locked', { provider: 'YouTube' })],
  ])('%s: the other one is read', async (_, trouble) => {
    const { ports, asked } = failing(trouble);
    await countNow(scene, ports);
    expect(asked).toEqual([`host_${own}`, `host_${other}`]);
    expect(await rows(own)).toEqual([]);
    expect(await rows(other)).toHaveLength(2);
  });

  test('a defect is told to whoever runs the worker, after the other one was read', async () => {
    await expect(countNow(scene, failing(new Error('odd')).ports)).rejects.toThrow(
      'counts could not be read',
    );
    expect(await rows(other)).toHaveLength(2);
  });

  test.each([900, 40_000])(
    'the end of the allowance for %i s ends the run quietly',
    async (left) => {
      const { ports, asked } = failing(busy(left));
      await countNow(scene, ports);
      expect(asked).toEqual([`host_${own}`]);
      expect(await rows(other)).toHaveLength(1);
    },
  );

  test.each(['reconnect', 'disconnected'] as const)(
    'one that is to be %s is not asked for',
    async (status) => {
      const { db } = scene.world.app.database;
      await db.update(channels).set({ status }).where(eq(channels.id, scene.channel));
      const { ports, calls } = tellingAll(scene, told);
      await countNow(scene, ports);
      await db.update(channels).set({ status: 'connected' }).where(eq(channels.id, scene.channel));
      expect(calls).toEqual([[`host_${other}`]]);
    },
  );

  test('the one that was left out the longest comes first', async () => {
    await addReading(scene, own, secondsBefore(scene.world.now(), hour), [1, 1, 1]);
    const { ports, calls } = tellingAll(scene, told);
    await countNow(scene, ports);
    expect(calls).toEqual([[`host_${other}`], [`host_${own}`]]);
  });

  test('half of the day is left for publishing', async () => {
    const limit = scene.world.app.config.YOUTUBE_DAILY_UNITS;
    const use = async (used: number) => {
      const { db } = scene.world.app.database;
      await db.delete(hostAllowances);
      const today = pacificDay(scene.world.now());
      await db.insert(hostAllowances).values({ day: today, bucket: 'units', used });
    };
    await use(limit / 2);
    const { ports, calls } = tellingAll(scene, told);
    await countNow(scene, ports);
    expect(calls).toEqual([]);
    await use(limit / 2 - 1);
    await countNow(scene, ports);
    expect(calls).toHaveLength(2);
  });
});

test('without YouTube nothing happens', async () => {
  await addLive(scene, 1);
  const { videoHost: _, ...others } = scene.world.app.ports;
  const before = listCalls();
  await countNow(scene, others);
  expect(listCalls()).toBe(before);
  expect(youtubeOf(scene.world)).toBeDefined();
});
