import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { publications } from '../../drizzle/schema/publishing.ts';
import { trendForecasts } from '../../drizzle/schema/trends.ts';
import {
  approve,
  forecastsOf,
  hostVideoOf,
  openForecasts,
  publishWith,
  readViews,
  showForecast,
  type ForecastScene,
} from '../../test/kit/forecasts.ts';
import { connectChannel, live, withVideoHost, youtubeOf } from '../../test/kit/trips.ts';
import { publicationList } from '../publication/list.ts';
import { publicationShow } from '../publication/show.ts';
import { Fault } from '../fault.ts';

const hour = 3600;
const day = 24 * hour;

let scene: ForecastScene;
beforeAll(async () => {
  scene = await openForecasts();
});
// What one test leaves open is not due in the next.
beforeEach(() => scene.world.app.database.db.delete(trendForecasts));
afterAll(() => scene.world.close());

const publish = (score = 81) => publishWith(scene, score);
const advance = (seconds: number) => scene.world.advance(seconds);
const show = async (publication: string) => (await showForecast(scene, publication)).forecast;

async function rowOf(publication: string) {
  const [row] = await forecastsOf(scene, publication);
  if (!row) throw new Error(`${publication} has no forecast`);
  return row;
}

const google = () => scene.world.emulators.google;
const listCalls = () => google().calls.filter(({ path }) => path === '/youtube/v3/videos').length;

/** What YouTube says of one video now. */
async function viewsNow(publication: string): Promise<number> {
  const id = await hostVideoOf(scene, publication);
  const video = google().videos.find((known) => known.id === id);
  return Number(z.object({ viewCount: z.string() }).parse(video?.statistics).viewCount);
}

const hide = async (publication: string, areHidden = true) =>
  google().hideCounts(await hostVideoOf(scene, publication), areHidden);

/** Publications of the same channel that were made public now, without the way there. */
async function addPublished(count: number, channelId = scene.channel): Promise<string[]> {
  const { db } = scene.world.app.database;
  const [pattern] = await db.select().from(publications).limit(1);
  if (!pattern) throw new Error('nothing was published yet');
  const at = scene.world.now();
  const ids = Array.from({ length: count }, () => scene.world.app.ids.next('pub'));
  const none = { hostVideoId: null, approvalId: null };
  await db.insert(publications).values(ids.map((id) => ({ ...pattern, ...none, channelId, id })));
  await db.insert(trendForecasts).values(
    ids.map((publicationId, index) => ({
      id: scene.world.app.ids.next('fct'),
      accountId: pattern.accountId,
      publicationId,
      score: index,
      madeAt: at,
      dueAt: new Date(at.getTime() + 72 * hour * 1000),
    })),
  );
  return ids;
}

test('the views are read 72 hours after it went public, not a second before', async () => {
  const publication = await publish();
  await advance(72 * hour - 1);
  const before = listCalls();
  await readViews(scene);
  expect(listCalls()).toBe(before);
  expect(await rowOf(publication)).toMatchObject({ views: null, gradedAt: null, tries: 0 });
  await advance(1);
  await readViews(scene);
  const views = await viewsNow(publication);
  expect(views).toBeGreaterThan(0);
  expect(await rowOf(publication)).toMatchObject({ views, gradedAt: scene.world.now(), tries: 0 });
  expect(await show(publication)).toMatchObject({
    score: 81,
    views_after_72h: views,
    read_after_hours: 72,
  });
  await advance(day);
  const after = listCalls();
  await readViews(scene);
  expect(listCalls()).toBe(after);
  expect(await show(publication)).toMatchObject({ views_after_72h: views });
});

test('a person hears of it in both languages', async () => {
  const publication = await publish(81.5);
  const say = async (locale: 'en' | 'zh') => {
    const person = { ...scene.context, locale };
    const outcome = await scene.world.perform(publicationShow, { publication }, person);
    return outcome.ok ? outcome.text : '';
  };
  expect(await say('en')).toContain('live. Score of the idea: 81.5 of 100. http');
  expect(await say('zh')).toContain('。创意得分：81.5（满分 100）。 http');
  await advance(72 * hour);
  await scene.world.app.database.db
    .update(trendForecasts)
    .set({ views: 12_340, gradedAt: scene.world.now() });
  expect(await say('en')).toContain('81.5 of 100. After 72 hours: 12,340 views. http');
  expect(await say('zh')).toContain('（满分 100）。72 小时后：12,340 次观看。 http');
});

test('no views at all are a number, and counted as one', async () => {
  const publication = await publish();
  await advance(72 * hour);
  const id = await hostVideoOf(scene, publication);
  await readViews(
    scene,
    withVideoHost(scene.world, {
      fetchCounts: async () => new Map([[id, { views: 0, likes: null, comments: null }]]),
    }),
  );
  expect(await show(publication)).toMatchObject({ views_after_72h: 0, read_after_hours: 72 });
});

describe('what cannot be read', () => {
  /** Asks once an hour, as the worker does, and answers at which hours YouTube was asked. */
  async function hoursAsked(hours: number): Promise<number[]> {
    const asked: number[] = [];
    for (let at = 0; at <= hours; at += 1) {
      const before = listCalls();
      await readViews(scene);
      if (listCalls() > before) asked.push(at);
      await advance(hour);
    }
    return asked;
  }

  test.each<[string, (publication: string) => Promise<void>]>([
    ['hidden counts', (publication) => hide(publication)],
    ['a deleted video', async (one) => google().deleteVideo(await hostVideoOf(scene, one))],
  ])('%s: asked for on three more days, then closed without a grade', async (_, spoil) => {
    const publication = await publish();
    await spoil(publication);
    await advance(72 * hour);
    const first = scene.world.now().getTime();
    expect(await hoursAsked(120)).toEqual([0, 24, 48, 72]);
    expect(await rowOf(publication)).toMatchObject({
      views: null,
      tries: 4,
      gradedAt: new Date(first + 72 * hour * 1000),
    });
    expect(await show(publication)).toMatchObject({
      views_after_72h: null,
      read_after_hours: null,
    });
    const { forecasts } = await scene.world.must(publicationList, {}, scene.context);
    expect(forecasts).toBeNull();
  });

  test('may be read on the last day, and says after how many hours', async () => {
    const publication = await publish();
    await hide(publication);
    await advance(72 * hour);
    for (let tries = 1; tries <= 3; tries += 1) {
      await readViews(scene);
      expect(await rowOf(publication)).toMatchObject({ tries, gradedAt: null, views: null });
      await advance(day - 1);
      await readViews(scene);
      expect(await rowOf(publication)).toMatchObject({ tries });
      await advance(1);
    }
    await hide(publication, false);
    await readViews(scene);
    expect(await show(publication)).toMatchObject({
      views_after_72h: await viewsNow(publication),
      read_after_hours: 144,
    });
  });

  test.each([
    [0, true],
    [1, false],
  ])('is closed unread after ten days and %i s', async (late, isRead) => {
    const publication = await publish();
    await advance(10 * day + late);
    const before = listCalls();
    await readViews(scene);
    expect(listCalls() - before).toBe(isRead ? 1 : 0);
    const { views, gradedAt } = await rowOf(publication);
    expect(gradedAt).toEqual(scene.world.now());
    expect(views !== null).toBe(isRead);
  });
});

describe('a YouTube that does not answer', () => {
  test.each(['http_403_quota', 'http_429', 'http_503', 'reset_before'] as const)(
    '(%s) costs no try, and is asked in the next hour',
    async (how) => {
      const publication = await publish();
      await advance(72 * hour);
      google().misbehave({ on: 'videos', how, times: 1 });
      const due = await rowOf(publication);
      await readViews(scene);
      expect(await rowOf(publication)).toEqual(due);
      await advance(hour);
      await readViews(scene);
      expect(await show(publication)).toMatchObject({ read_after_hours: 73 });
    },
  );

  test('a refused token is refreshed', async () => {
    const publication = await publish();
    await advance(72 * hour);
    google().misbehave({ on: 'videos', how: 'http_401', times: 1 });
    await readViews(scene);
    expect(await show(publication)).toMatchObject({ read_after_hours: 72 });
  });

  test('a death before the answer leaves it as it was', async () => {
    const publication = await publish();
    await advance(72 * hour);
    const asked = Promise.withResolvers<void>();
    const dead = withVideoHost(scene.world, {
      fetchCounts() {
        asked.resolve();
        return new Promise(() => undefined);
      },
    });
    void readViews(scene, dead);
    await asked.promise;
    await readViews(scene);
    expect(await show(publication)).toMatchObject({ views_after_72h: expect.any(Number) });
  });

  test('is not there at all: nothing happens', async () => {
    const publication = await publish();
    await advance(72 * hour);
    const due = await rowOf(publication);
    const { videoHost: _, ...others } = scene.world.app.ports;
    await readViews(scene, others);
    expect(await rowOf(publication)).toEqual(due);
  });
});

test.each([
  ['an answer', 0],
  ['nothing', 1],
])('two workers that both read %s count it once', async (_, tries) => {
  const publication = await publish();
  await advance(72 * hour);
  const bothRead = Promise.withResolvers<void>();
  let reads = 0;
  const together = withVideoHost(scene.world, {
    async fetchCounts(...what) {
      const found = await youtubeOf(scene.world).fetchCounts(...what);
      reads += 1;
      if (reads === 2) bothRead.resolve();
      await bothRead.promise;
      return tries === 0 ? found : new Map();
    },
  });
  const before = scene.world.logs.length;
  await Promise.all([readViews(scene, together), readViews(scene, together)]);
  expect(await rowOf(publication)).toMatchObject({ tries });
  const told = scene.world.logs.slice(before).filter((line) => line.includes('marked by'));
  expect(told).toHaveLength(1 - tries);
});

test('fifty of a channel are one call, and one more is another', async () => {
  await publish();
  const { db } = scene.world.app.database;
  await db.delete(trendForecasts);
  const asked: number[] = [];
  const ports = withVideoHost(scene.world, {
    async fetchCounts(_token, ids) {
      asked.push(ids.length);
      return new Map(ids.map((id) => [id, { views: 7, likes: null, comments: null }]));
    },
  });
  for (const count of [50, 51]) {
    const ids = await addPublished(count);
    for (const id of ids) {
      const hostVideoId = `host_${id}`;
      await db.update(publications).set({ hostVideoId }).where(eq(publications.id, id));
    }
    await advance(72 * hour);
    await readViews(scene, ports);
    const rows = await db
      .select({ views: trendForecasts.views })
      .from(trendForecasts)
      .where(inArray(trendForecasts.publicationId, ids));
    expect(rows).toEqual(ids.map(() => ({ views: 7 })));
  }
  expect(asked).toEqual([50, 50, 1]);
});

describe('beside another channel', () => {
  let second: string;
  beforeAll(async () => {
    const choice = google().channels[1];
    if (!choice) throw new Error('there is one channel only');
    second = await connectChannel(scene.world, 'owner', { channel: choice.id });
  });

  const ofBoth = async () => {
    const own = await publish();
    const other = await publishWith(scene, 30, { channel: second });
    await advance(72 * hour);
    return { own, other };
  };

  test.each([
    ['a defect', new Error('not what was expected'), 0],
    ['a refusal', new Fault('publication_refused', { reason: 'forbidden' }), 1],
    ['a scope that was taken back', new Fault('channel_scope_missing', { scopes: '' }), 1],
  ])('%s of one does not hold the other back', async (_, trouble, tries) => {
    const { own, other } = await ofBoth();
    const lost = await hostVideoOf(scene, own);
    const ports = withVideoHost(scene.world, {
      async fetchCounts(token, ids) {
        if (ids.includes(lost)) throw trouble;
        return youtubeOf(scene.world).fetchCounts(token, ids);
      },
    });
    const [end] = await Promise.allSettled([readViews(scene, ports)]);
    // A defect is told to whoever runs the worker.
    expect(end.status).toBe(trouble instanceof Fault ? 'fulfilled' : 'rejected');
    expect(await rowOf(own)).toMatchObject({ tries, gradedAt: null });
    expect(await show(other)).toMatchObject({ read_after_hours: 72 });
  });

  test('one that has to be connected again takes a try, and is not asked again', async () => {
    const { own, other } = await ofBoth();
    const lost = await hostVideoOf(scene, own);
    const ports = withVideoHost(scene.world, {
      async fetchCounts(token, ids) {
        if (ids.includes(lost)) google().removeAccess();
        return youtubeOf(scene.world).fetchCounts(token, ids);
      },
    });
    await readViews(scene, ports);
    expect(await rowOf(own)).toMatchObject({ tries: 1, gradedAt: null });
    // All access is gone, so the other one waits as well; publishing says the way out by itself.
    const before = listCalls();
    await advance(day);
    await readViews(scene);
    expect(listCalls()).toBe(before);
    expect(await rowOf(own)).toMatchObject({ tries: 2, gradedAt: null });
    await connectChannel(scene.world, 'owner', { channel: google().channels[0]?.id ?? '' });
    await connectChannel(scene.world, 'owner', { channel: google().channels[1]?.id ?? '' });
    await advance(day);
    await readViews(scene);
    for (const publication of [own, other])
      expect(await show(publication)).toMatchObject({ views_after_72h: expect.any(Number) });
  });
});

describe('how well scores have foretold views', () => {
  const listed = async (context = scene.context) =>
    (await scene.world.must(publicationList, {}, context))['forecasts'];

  /** Forecasts that came out like this; the scores are 0, 1, 2 and so on. */
  async function graded(views: readonly (number | null)[]): Promise<string[]> {
    const ids = await addPublished(views.length);
    const gradedAt = scene.world.now();
    for (const [index, id] of ids.entries())
      await scene.world.app.database.db
        .update(trendForecasts)
        .set({ views: views[index] ?? null, gradedAt })
        .where(eq(trendForecasts.publicationId, id));
    return ids;
  }

  test('is told from five on, and only of those that have views', async () => {
    await publish();
    expect(await listed()).toBeNull();
    await graded([1, 2, 3, 4, null]);
    expect(await listed()).toEqual({ graded: 4, correlation: null });
    await scene.world.app.database.db.delete(trendForecasts);
    await graded([1, 2, 4, 5, 3, null]);
    expect(await listed()).toEqual({ graded: 5, correlation: 0.7 });
  });

  test('is that of the account, and of the chat server where it is asked', async () => {
    await publish();
    const ids = await graded([5, 4, 3, 2, 1]);
    const { db } = scene.world.app.database;
    expect(await listed(await scene.world.context('terminal', 'other'))).toBeNull();
    const at = (serverId: string | null) =>
      listed({ ...scene.context, actor: { ...scene.context.actor, serverId } });
    const inServer = { serverId: 'server-a' };
    await db
      .update(publications)
      .set(inServer)
      .where(inArray(publications.id, ids.slice(0, 2)));
    expect(await at('server-a')).toEqual({ graded: 2, correlation: null });
    expect(await at(null)).toEqual({ graded: 3, correlation: null });
    expect(await listed()).toEqual({ graded: 5, correlation: -1 });
  });

  test('of all accounts is logged when views were read', async () => {
    const publication = await publish(90);
    await graded([1, 2, 3, 4]);
    await advance(72 * hour);
    await readViews(scene);
    const line = scene.world.logs.findLast((entry) => entry.includes('marked by their views'));
    const views = await viewsNow(publication);
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      read: 1,
      graded: 5,
      correlation: 1,
      medianViews: { high: views, low: 2.5 },
    });
    const before = scene.world.logs.length;
    await readViews(scene);
    expect(scene.world.logs.slice(before).join('\n')).not.toContain('marked by');
  });
});

test('a video that is published while YouTube tells no views is live as ever', async () => {
  const publication = await publish();
  await advance(72 * hour);
  const silent = withVideoHost(scene.world, {
    fetchCounts: () => Promise.reject(new Error('the network is down')),
  });
  await expect(readViews(scene, silent)).rejects.toThrow('views could not be read');
  const next = await approve(scene);
  await live(scene.world, 20, { ports: silent });
  expect(await showForecast(scene, next)).toMatchObject({ status: 'live' });
  expect(await showForecast(scene, publication)).toMatchObject({ status: 'live' });
});
