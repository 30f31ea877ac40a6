import { and, eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { publications } from '../../drizzle/schema/publishing.ts';
import {
  addLive,
  addReading,
  clearStats,
  day,
  hour,
  openStats,
  secondsBefore,
} from '../../test/kit/stats.ts';
import { drawPictures } from '../answer-pictures.ts';
import { readCurve } from './curve.ts';
import { statsShow } from './show.ts';

let scene: Awaited<ReturnType<typeof openStats>>;
beforeAll(async () => {
  scene = await openStats();
});
afterAll(() => scene.world.close());
beforeEach(() => clearStats(scene));

const before = (seconds: number) => secondsBefore(scene.world.now(), seconds);
const curveOf = (ids: readonly string[], days = 30) =>
  readCurve(scene.world.app, inArray(publications.id, [...ids]), days);
const agesOf = (points: readonly { readonly at: Date }[]) =>
  points.map(({ at }) => (scene.world.now().getTime() - at.getTime()) / 1000 / hour);

async function readHourly(id: string, hours: number): Promise<void> {
  for (let ago = hours; ago >= 0; ago -= 1)
    await addReading(scene, id, before(ago * hour), [1000 - ago, 100, null]);
}

describe('a curve', () => {
  test('of the first hours has each hour', async () => {
    const [id = ''] = await addLive(scene, 1);
    await readHourly(id, 5);
    const points = await curveOf([id]);
    expect(agesOf(points)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(points.map(({ views }) => views)).toEqual([995, 996, 997, 998, 999, 1000]);
    expect(points[0]).toMatchObject({ likes: 100, comments: null });
  });

  test.each([
    [60, 1, 61],
    [61, 2, 31],
    [120, 2, 61],
    [121, 3, 41],
  ])('over %i hours has steps of %i h: %i points', async (hours, step, count) => {
    const [id = ''] = await addLive(scene, 1);
    await addReading(scene, id, before(hours * hour), [1, 1, 1]);
    await addReading(scene, id, before(0), [9, 1, 1]);
    const points = await curveOf([id]);
    expect(agesOf(points)).toEqual(
      Array.from({ length: count }, (_, at) => (count - 1 - at) * step),
    );
    expect(points.at(-1)?.views).toBe(9);
    expect(new Set(points.slice(0, -1).map(({ views }) => views))).toEqual(
      // Without a whole number of steps the first reading lies before the first point.
      new Set([1]),
    );
  });

  test('begins with the days that are asked for, at what was known then', async () => {
    const [id = ''] = await addLive(scene, 1);
    await addReading(scene, id, before(50 * day), [400, 1, 1]);
    await addReading(scene, id, before(0), [900, 1, 1]);
    for (const [days, count] of [
      [7, 57],
      [30, 61],
    ] as const) {
      const points = await curveOf([id], days);
      expect(points).toHaveLength(count);
      expect(points[0]?.views).toBe(400);
      expect(agesOf(points)[0]).toBeLessThanOrEqual(days * 24);
    }
  });

  test('sums what each said last, and leaves out what is not told', async () => {
    const [one = '', other = ''] = await addLive(scene, 2);
    await addReading(scene, one, before(3 * hour), [10, 5, 1]);
    await addReading(scene, one, before(hour), [30, null, 1]);
    await addReading(scene, other, before(2 * hour), [200, 7, null]);
    expect(await curveOf([one, other])).toEqual([
      { at: before(3 * hour), views: 10, likes: 5, comments: 1 },
      { at: before(2 * hour), views: 210, likes: 12, comments: 1 },
      { at: before(hour), views: 230, likes: 7, comments: 1 },
    ]);
  });

  test.each([
    ['a second within the days', 30 * day - 1, 1],
    ['at their beginning', 30 * day, 0],
  ])('of a single reading %s has %i ago and %i points', async (_, ago, count) => {
    const [id = ''] = await addLive(scene, 1);
    await addReading(scene, id, before(ago), [3, 2, 1]);
    expect(await curveOf([id])).toHaveLength(count);
  });

  test('is that of its scope alone', async () => {
    const [one = '', other = ''] = await addLive(scene, 2);
    await addReading(scene, one, before(hour), [10, 5, 1]);
    await addReading(scene, other, before(0), [7, 5, 1]);
    const own = and(eq(publications.id, one), eq(publications.status, 'live'));
    expect(await readCurve(scene.world.app, own, 7)).toMatchObject([{ views: 10 }]);
  });
});

describe('the picture of a curve', () => {
  const pictureOf = async (locale: 'en' | 'zh', timeZone = 'UTC') => {
    const context = { ...scene.context, locale, timeZone };
    const shown = await scene.world.must(statsShow, {}, context);
    const [picture] = await drawPictures(statsShow, shown, context);
    if (!picture) throw new Error('nothing was drawn');
    expect(picture).toMatchObject({ name: 'stats.png', contentType: 'image/png' });
    return picture.data;
  };

  test('differs with the numbers, the language and the time zone, and with nothing else', async () => {
    const [id = ''] = await addLive(scene, 1);
    await readHourly(id, 8);
    const first = await pictureOf('en');
    expect([first.readUInt32BE(16), first.readUInt32BE(20)]).toEqual([800, 400]);
    expect((await pictureOf('en')).equals(first)).toBe(true);
    expect((await pictureOf('zh')).equals(first)).toBe(false);
    expect((await pictureOf('en', 'Asia/Shanghai')).equals(first)).toBe(false);
    await addReading(scene, id, before(-hour), [1400, 100, null]);
    expect((await pictureOf('en')).equals(first)).toBe(false);
  });

  test('that cannot be drawn does not take the answer away', async () => {
    const [id = ''] = await addLive(scene, 1);
    await readHourly(id, 2);
    const charts = { draw: () => Promise.reject(new Error('no canvas')) };
    const context = { ...scene.context, ports: { ...scene.context.ports, charts } };
    const shown = await scene.world.must(statsShow, {}, context);
    expect(await drawPictures(statsShow, shown, context)).toEqual([]);
    expect(scene.world.logs.at(-1)).toContain('a picture could not be drawn');
  });
});
