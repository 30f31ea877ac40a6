import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';

import { trends, trendSnapshots } from '../../drizzle/schema/trends.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { secondsAfter } from '../clock.ts';
import type { Sighting } from '../ports/trend-source.ts';
import { readKnown, sortReadings, storeAnalyses, storeSightings } from './sightings.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let made = 0;
const fresh = (): string => `seen-${(made += 1)}`;
const sighting = (over: Partial<Sighting> = {}): Sighting => ({
  platform: 'youtube',
  externalId: fresh(),
  kind: 'long',
  title: 'A paper boat',
  description: 'It sails.',
  url: 'https://www.youtube.com/watch?v=x',
  channel: 'Boats',
  channelFollowers: 10,
  views: 1000,
  likes: 50,
  comments: 20,
  shares: 3,
  durationSeconds: 20,
  publishedAt: secondsAfter(world.now(), -86_400),
  thumbnailUrl: 'https://i.ytimg.com/vi/x/hq.jpg',
  hashtags: ['boat'],
  ...over,
});

const minutes = (count: number) => secondsAfter(world.now(), count * 60);
const look = async (seen: Sighting, atMinute: number, isDated = true) => {
  const [known] = await storeSightings(world.app, [seen], minutes(atMinute), { isDated });
  if (!known) throw new Error('nothing was stored');
  return known;
};
const rowOf = async (externalId: string) => {
  const { db } = world.app.database;
  const [row] = await db.select().from(trends).where(eq(trends.externalId, externalId));
  if (!row) throw new Error('there is no such trend');
  return row;
};
const snapshotsOf = async (externalId: string) => {
  const { id } = await rowOf(externalId);
  const rows = await world.app.database.db
    .select()
    .from(trendSnapshots)
    .where(eq(trendSnapshots.trendId, id))
    .orderBy(asc(trendSnapshots.seenAt), asc(trendSnapshots.id));
  return rows.map(({ views, seenAt }) => [
    views,
    (seenAt.getTime() - world.now().getTime()) / 60_000,
  ]);
};
const knownOf = async (externalId: string) => {
  const [known] = await readKnown(world.app, [(await rowOf(externalId)).id]);
  return known;
};

describe('the growth of a video', () => {
  test.each([
    [9.99, null],
    [10, 0],
    [10.01, 0],
  ])('over %f minutes is measured from minute %o', async (later, from) => {
    const seen = sighting();
    expect((await look(seen, 0)).previous).toBeNull();
    const second = await look({ ...seen, views: 2000 }, later);
    const previous = from === null ? null : { views: 1000, seenAt: minutes(from) };
    expect(second.previous).toStrictEqual(previous);
    expect((await knownOf(seen.externalId))?.previous).toStrictEqual(previous);
    expect(await snapshotsOf(seen.externalId)).toHaveLength(2);
  });

  it('is measured from the last of several looks, also of one that came late', async () => {
    const seen = sighting({ views: 10 });
    for (const [views, at] of [
      [10, 0],
      [30, 40],
      [20, 20],
      [31, 41],
    ] as const)
      await look({ ...seen, views }, at);
    const last = await look({ ...seen, views: 40 }, 51);
    expect(last.previous).toStrictEqual({ views: 31, seenAt: minutes(41) });
    expect(await knownOf(seen.externalId)).toMatchObject({
      sighting: { views: 40 },
      previous: { views: 31, seenAt: minutes(41) },
      seenAt: minutes(51),
    });
    expect(await snapshotsOf(seen.externalId)).toStrictEqual([
      [10, 0],
      [20, 20],
      [30, 40],
      [31, 41],
      [40, 51],
    ]);
  });

  it('is not made up from a look that did not see the views, or counted fewer', async () => {
    const seen = sighting({ views: 1000 });
    await look(seen, 0);
    await look({ ...seen, views: 240 }, 60);
    await look({ ...seen, views: null }, 120);
    const last = await look({ ...seen, views: 1100 }, 180);
    expect(last.previous).toStrictEqual({ views: 1000, seenAt: minutes(0) });
  });

  it('is counted once when the same look is stored again', async () => {
    const seen = sighting();
    await look(seen, 0);
    await look(seen, 30);
    const again = await look(seen, 30);
    expect(again.previous).toStrictEqual({ views: 1000, seenAt: minutes(0) });
    expect(await snapshotsOf(seen.externalId)).toStrictEqual([
      [1000, 0],
      [1000, 30],
    ]);
    const looks = await Promise.all(Array.from({ length: 5 }, () => look(seen, 60)));
    expect(new Set(looks.map(({ id }) => id)).size).toBe(1);
    expect(await snapshotsOf(seen.externalId)).toHaveLength(3);
  });
});

const counters = { views: 1000, likes: 50, comments: 20, shares: 3 };

describe('what is known of a video', () => {
  it('is what the newest look saw, with what it hid', async () => {
    const seen = sighting();
    await look(seen, 0);
    const newer = { views: 1000, likes: null, comments: 21, shares: null };
    await look({ ...seen, ...newer, title: 'new', url: 'https://youtu.be/x' }, 1);
    expect(await rowOf(seen.externalId)).toMatchObject({
      ...newer,
      title: 'new',
      url: 'https://youtu.be/x',
      seenAt: minutes(1),
    });
  });

  test.each([
    ['fewer views', { views: 999, likes: 90 }, 5],
    ['an earlier moment', { views: 5000, likes: 90 }, -5],
  ])('is not replaced by a look with %s', async (_, older, at) => {
    const seen = sighting();
    await look(seen, 0);
    const late = await look({ ...seen, ...older, title: 'old', channel: 'Old' }, at);
    expect(late.sighting).toMatchObject(older);
    expect(await rowOf(seen.externalId)).toMatchObject({
      ...counters,
      title: 'A paper boat',
      channel: 'Boats',
      seenAt: minutes(0),
    });
    expect(await snapshotsOf(seen.externalId)).toHaveLength(2);
  });

  it('keeps its counters together when a look does not see the views', async () => {
    const seen = sighting();
    await look(seen, 0);
    const short = { views: null, likes: 60, comments: null, shares: null };
    await look({ ...seen, ...short, title: 'newer words' }, 30);
    expect(await rowOf(seen.externalId)).toMatchObject({
      ...counters,
      title: 'newer words',
      seenAt: minutes(0),
    });
    expect(await snapshotsOf(seen.externalId)).toStrictEqual([
      [1000, 0],
      [null, 30],
    ]);
  });

  it('is filled in where nobody has seen the views, and takes the first that come', async () => {
    const seen = sighting({ views: null, likes: 5, comments: null, shares: null });
    await look(seen, 0);
    await look({ ...seen, likes: null, comments: 7 }, 5);
    expect(await rowOf(seen.externalId)).toMatchObject({
      views: null,
      likes: 5,
      comments: 7,
      seenAt: minutes(5),
    });
    await look({ ...seen, likes: 9 }, 3);
    expect(await rowOf(seen.externalId)).toMatchObject({ likes: 5, seenAt: minutes(5) });
    // Also of an earlier moment: any count tells more than none.
    await look({ ...seen, views: 4, likes: null }, 2);
    expect(await rowOf(seen.externalId)).toMatchObject({
      views: 4,
      likes: null,
      comments: null,
      seenAt: minutes(2),
    });
  });

  it('keeps what a later look does not tell', async () => {
    const seen = sighting({ kind: 'short' });
    await look(seen, 0);
    const bare = {
      kind: 'long' as const,
      title: '',
      description: '',
      channel: null,
      channelFollowers: null,
      durationSeconds: null,
      publishedAt: null,
      thumbnailUrl: null,
      hashtags: [],
    };
    await look({ ...seen, ...bare }, 60);
    const { publishedAt, thumbnailUrl, hashtags, durationSeconds } = seen;
    expect(await rowOf(seen.externalId)).toMatchObject({
      kind: 'short',
      title: 'A paper boat',
      description: 'It sails.',
      channel: 'Boats',
      channelFollowers: 10,
      publishedAt,
      thumbnailUrl,
      hashtags,
      durationSeconds,
    });
  });

  it('is completed by a look that tells more, however late it comes', async () => {
    const bare = sighting({
      title: '',
      description: '',
      durationSeconds: null,
      hashtags: [],
      thumbnailUrl: null,
      views: null,
    });
    await look(bare, 0);
    const full = sighting({ externalId: bare.externalId, kind: 'short', views: 8 });
    await look(full, -60);
    const { thumbnailUrl } = full;
    expect(await rowOf(bare.externalId)).toMatchObject({
      kind: 'short',
      title: 'A paper boat',
      description: 'It sails.',
      durationSeconds: 20,
      hashtags: ['boat'],
      thumbnailUrl,
      views: 8,
    });
  });

  it('has the earliest of its dates of publication', async () => {
    const seen = sighting({ publishedAt: minutes(-500) });
    await look(seen, 0);
    await look({ ...seen, publishedAt: minutes(-600) }, 1);
    await look({ ...seen, publishedAt: minutes(-400) }, 2);
    expect((await rowOf(seen.externalId)).publishedAt).toStrictEqual(minutes(-600));
  });

  it('gives another address of its picture new tries, and the same address none', async () => {
    const seen = sighting();
    await look(seen, 0);
    const { id } = await rowOf(seen.externalId);
    await world.app.database.db.update(trends).set({ thumbnailTries: 3 }).where(eq(trends.id, id));
    await look(seen, 1);
    expect(await rowOf(seen.externalId)).toMatchObject({ thumbnailTries: 3 });
    await look({ ...seen, thumbnailUrl: null }, 2);
    expect(await rowOf(seen.externalId)).toMatchObject({ thumbnailTries: 3 });
    await look({ ...seen, thumbnailUrl: 'https://i.ytimg.com/vi/x/2.jpg' }, 3);
    expect(await rowOf(seen.externalId)).toMatchObject({ thumbnailTries: 0 });
  });
});

describe('a file of which nobody knows when it was seen', () => {
  it('makes no growth up, neither then nor later', async () => {
    const seen = sighting({ views: 10 });
    expect((await look(seen, 0, false)).previous).toBeNull();
    expect(await snapshotsOf(seen.externalId)).toStrictEqual([]);
    const second = await look({ ...seen, views: 90_000 }, 60);
    expect(second.previous).toBeNull();
    expect((await look({ ...seen, views: 95_000 }, 120, false)).previous).toBeNull();
    expect(await snapshotsOf(seen.externalId)).toStrictEqual([[90_000, 60]]);
    expect(await rowOf(seen.externalId)).toMatchObject({ views: 95_000, seenAt: minutes(120) });
    expect((await knownOf(seen.externalId))?.previous).toStrictEqual({
      views: 90_000,
      seenAt: minutes(60),
    });
  });

  it('does not overwrite newer counts', async () => {
    const seen = sighting();
    await look(seen, 0);
    const old = await look({ ...seen, views: 400, likes: 2, title: 'as it was' }, 600, false);
    expect(old).toMatchObject({ sighting: { views: 400 }, previous: null });
    expect(await rowOf(seen.externalId)).toMatchObject({
      ...counters,
      title: 'A paper boat',
      seenAt: minutes(0),
    });
    expect(await snapshotsOf(seen.externalId)).toHaveLength(1);
  });
});

describe('many videos', () => {
  it('are read in the order that is asked for, without those that are unknown', async () => {
    const seen = [sighting(), sighting(), sighting()];
    const ids = (await storeSightings(world.app, seen, world.now())).map(({ id }) => id);
    const asked = [ids[2] ?? '', 'trd_none', ids[0] ?? ''];
    const known = await readKnown(world.app, asked);
    expect(known.map(({ id }) => id)).toStrictEqual([ids[2], ids[0]]);
    expect(known[1]?.sighting).toStrictEqual(seen[0]);
    expect(await readKnown(world.app, [])).toStrictEqual([]);
  });

  test.each([999, 1000, 1001])('%i of them keep growth and order', async (count) => {
    const seen = Array.from({ length: count }, (_, at) => sighting({ views: at }));
    await storeSightings(world.app, seen, minutes(0));
    const grown = seen.map((one, at) => ({ ...one, views: at + 5 }));
    const stored = await storeSightings(world.app, grown, minutes(30));
    expect(stored).toHaveLength(count);
    for (const { sighting: now, previous } of stored)
      expect(previous?.views).toBe((now.views ?? 0) - 5);
    const known = await readKnown(
      world.app,
      stored.map(({ id }) => id),
    );
    expect(known.map(({ previous }) => previous)).toStrictEqual(
      stored.map(({ previous }) => previous),
    );
  });

  it('lock nobody out, whatever else writes to them in another order', async () => {
    const seen = Array.from({ length: 60 }, () => sighting());
    const ids = (await storeSightings(world.app, seen, minutes(0))).map(({ id }) => id);
    const analysis = {
      attraction: 'a',
      factors: ['b'],
      recommendation: 5,
      hook: null,
      pacing: null,
      by: 'model' as const,
      completed: false,
      watched: false,
    };
    const explained = new Map(ids.toReversed().map((id) => [id, analysis]));
    await Promise.all(
      Array.from({ length: 12 }, async (_, turn) => {
        if (turn % 3 === 0) await storeAnalyses(world.app, 'en', explained);
        else await storeSightings(world.app, turn % 2 ? seen : seen.toReversed(), minutes(turn));
      }),
    );
    const known = await readKnown(world.app, ids);
    expect(known.every((one) => one.analysis !== null)).toBe(true);
  });

  it('are told apart from what was left out', () => {
    const one = sighting();
    expect(
      sortReadings([
        { sighting: one },
        { skipped: 'error_item' },
        { sighting: one },
        { skipped: 'note_item' },
        { skipped: 'error_item' },
      ]),
    ).toStrictEqual({
      sightings: [one],
      skipped: { error_item: 2, note_item: 1, duplicate: 1 },
    });
  });
});
