import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { publications } from '../../drizzle/schema/publishing.ts';
import {
  addLive,
  addReading,
  clearStats,
  day,
  hour,
  inServer,
  openStats,
  secondsBefore,
} from '../../test/kit/stats.ts';
import { refused } from '../../test/kit/trips.ts';
import type { Context } from '../context.ts';
import { drawPictures } from '../answer-pictures.ts';
import { statsShow } from './show.ts';

let scene: Awaited<ReturnType<typeof openStats>>;
beforeAll(async () => {
  scene = await openStats();
});
afterAll(() => scene.world.close());
beforeEach(async () => {
  await clearStats(scene);
  // The one that YouTube really has is out of sight.
  await change(scene.published, { hostPrivacy: 'private' });
});

const change = (id: string, changes: Partial<typeof publications.$inferInsert>) =>
  scene.world.app.database.db.update(publications).set(changes).where(eq(publications.id, id));
const before = (seconds: number) => secondsBefore(scene.world.now(), seconds);
const read = (id: string, secondsAgo: number, ...counts: Parameters<typeof addReading>[3]) =>
  addReading(scene, id, before(secondsAgo), counts);
const show = async (input: object = {}, context: Context = scene.context) =>
  statsShow.output.parse(await scene.world.must(statsShow, input, context));
const say = async (input: object, locale: 'en' | 'zh') => {
  const outcome = await scene.world.perform(statsShow, input, { ...scene.context, locale });
  return outcome.ok ? outcome.text : '';
};
const nothing = { views: null, likes: null, comments: null };
const noGain = { views_gained: null, likes_gained: null, comments_gained: null };

describe('when nothing was read', () => {
  test('of what waits for its first reading it says so, and invents nothing', async () => {
    const [id = ''] = await addLive(scene, 1);
    expect(await show()).toMatchObject({
      totals: { ...nothing, ...noGain },
      read: 0,
      waiting: 1,
      publications: [{ publication: id, ...nothing, ...noGain, read_at: null }],
      curve: [],
      chart: null,
    });
    expect(await say({}, 'en')).toBe('1 video has not been read yet; numbers are read every hour.');
    expect(await say({}, 'zh')).toBe('1 个视频的数据尚未读取；数据每小时读取一次。');
  });

  test('and nothing is out, it says what has numbers', async () => {
    expect(await show()).toMatchObject({ read: 0, waiting: 0, publications: [] });
    expect(await say({}, 'en')).toBe(
      'No numbers have been read: only public and unlisted videos have any.',
    );
    expect(await say({ publication: scene.published }, 'zh')).toBe(
      '还没有读取到数据：只有公开和不公开列出的视频才有数据。',
    );
  });

  test('there is no picture', async () => {
    await addLive(scene, 1);
    expect(await drawPictures(statsShow, await show(), scene.context)).toEqual([]);
  });
});

describe('numbers', () => {
  test('are the newest, with what was gained since the last reading before the days', async () => {
    const [id = ''] = await addLive(scene, 1, { liveAt: before(80 * day), title: 'Old boat' });
    await read(id, 40 * day, 100, 10, 1);
    await read(id, 31 * day, 200, 20, 2);
    await read(id, 20 * day, 500, 40, 3);
    await read(id, 2 * hour, 1300, 90, 9);
    const shown = await show();
    const counts = { views: 1300, likes: 90, comments: 9 };
    const gains = { views_gained: 1100, likes_gained: 70, comments_gained: 7 };
    expect(shown).toMatchObject({ days: 30, publication: null, read: 1, waiting: 0, more: 0 });
    expect(shown.totals).toEqual({ ...counts, ...gains });
    expect(shown.publications).toEqual([
      {
        publication: id,
        title: 'Old boat',
        url: expect.stringContaining(`watch?v=host_${id}`),
        ...counts,
        ...gains,
        read_at: before(2 * hour).toISOString(),
      },
    ]);
    expect((await show({ days: 7 })).totals.views_gained).toBe(800);
    expect(await say({ days: 7 }, 'en')).toBe(
      '1,300 views, 90 likes, 9 comments on 1 video; +800 views in 7 days.',
    );
    expect(await say({ days: 7 }, 'zh')).toBe(
      '1 个视频共 1,300 次观看、90 个赞、9 条评论；近 7 天观看 +800。',
    );
  });

  test.each([
    [30 * day + 1, 900],
    [30 * day, 900],
    // Read within the days: what it was before them is not known.
    [30 * day - 1, 900],
  ])('a first reading %i s ago is where the gain begins', async (seconds, gain) => {
    const [id = ''] = await addLive(scene, 1, { liveAt: before(60 * day) });
    await read(id, seconds, 100, 1, 1);
    await read(id, 0, 1000, 2, 2);
    expect((await show()).totals.views_gained).toBe(gain);
  });

  test('of two readings around the beginning the earlier one counts', async () => {
    const [id = ''] = await addLive(scene, 1, { liveAt: before(60 * day) });
    await read(id, 30 * day, 100, 1, 1);
    await read(id, 30 * day - 1, 150, 1, 1);
    await read(id, 0, 1000, 2, 2);
    expect((await show()).totals.views_gained).toBe(900);
  });

  test.each([
    [7 * day - 1, 5],
    [7 * day, 5],
    [7 * day + 1, null],
  ])('one that is out for %i s and was read once gained %s', async (age, gain) => {
    const [id = ''] = await addLive(scene, 1, { liveAt: before(age) });
    await read(id, hour, 5, 2, 0);
    expect((await show({ days: 7 })).totals).toMatchObject({
      views: 5,
      views_gained: gain,
      comments_gained: gain === null ? null : 0,
    });
  });

  test('nothing read within the days is no gain, and no curve', async () => {
    const [id = ''] = await addLive(scene, 1, { liveAt: before(120 * day) });
    await read(id, 50 * day, 100, 1, 1);
    await read(id, 40 * day, 900, 1, 1);
    const shown = await show();
    expect(shown.totals).toMatchObject({ views: 900, ...noGain });
    expect(shown.curve).toEqual([]);
    expect(shown.chart).toBeNull();
    expect(await say({}, 'en')).toBe('900 views, 1 like, 1 comment on 1 video.');
  });

  test('that went down are told as they are', async () => {
    const [id = ''] = await addLive(scene, 1, { liveAt: before(60 * day) });
    await read(id, 31 * day, 100, 5, 1);
    await read(id, hour, 80, 5, 1);
    expect((await show()).totals).toMatchObject({ views_gained: -20, likes_gained: 0 });
    expect(await say({}, 'en')).toContain('; -20 views in 30 days.');
  });

  test('that are hidden are null and said, and the totals are without them', async () => {
    const [open = '', hiding = ''] = await addLive(scene, 2);
    await read(open, hour, 1000, 50, 5);
    await read(hiding, 2 * hour, 300, 7, 3);
    await read(hiding, hour, 400, null, null);
    const shown = await show();
    expect(shown.hidden).toEqual({ views: 0, likes: 1, comments: 1 });
    expect(shown.totals).toMatchObject({ views: 1400, likes: 50, comments: 5 });
    expect(shown.publications.at(-1)).toMatchObject({ likes: null, likes_gained: null });
    expect(await say({}, 'en')).toBe(
      '1,400 views, 50 likes, 5 comments on 2 videos; +1,400 views in 30 days. YouTube does not tell the likes of 1 video. YouTube does not tell the comments of 1 video.',
    );
    expect(await say({ publication: hiding }, 'zh')).toBe(
      '1 个视频共 400 次观看；近 30 天观看 +400。YouTube 不提供 1 个视频的点赞数。YouTube 不提供 1 个视频的评论数。',
    );
  });

  test('of a video that was deleted are all unknown', async () => {
    const [id = ''] = await addLive(scene, 1);
    await read(id, 2 * hour, 300, 7, 3);
    await read(id, hour, null, null, null);
    expect(await show()).toMatchObject({
      totals: { ...nothing, ...noGain },
      hidden: { views: 1, likes: 1, comments: 1 },
      read: 1,
    });
    expect(await say({}, 'en')).toMatch(/^YouTube does not tell the views of 1 video\. /);
  });

  test('of one that was made private afterwards are still told', async () => {
    const [id = ''] = await addLive(scene, 1, { hostPrivacy: 'private' });
    await read(id, hour, 300, 7, 3);
    expect(await show()).toMatchObject({ read: 1, totals: { views: 300 } });
  });
});

describe('many publications', () => {
  test.each([
    [24, 24, 0],
    [25, 25, 0],
    [26, 25, 1],
  ])(
    'of %i the %i that gained most are listed, and all are counted',
    async (count, listed, more) => {
      const ids = await addLive(scene, count);
      for (const [index, id] of ids.entries()) await read(id, hour, 10 + index, 1, 0);
      const shown = await show();
      expect(shown.publications.map(({ views }) => views)).toEqual(
        Array.from({ length: listed }, (_, index) => 9 + count - index),
      );
      expect(shown.more).toBe(more);
      expect(shown.totals.views).toBe((count * (19 + count)) / 2);
      expect(shown.totals.likes).toBe(count);
    },
  );
});

describe('whose', () => {
  test('those of another account and of other servers are not counted', async () => {
    const [here = ''] = await addLive(scene, 1, { serverId: 'server-a' });
    const [alone = ''] = await addLive(scene, 1, { serverId: null });
    await read(here, hour, 5, 1, 1);
    await read(alone, hour, 70, 1, 1);
    const viewsIn = async (context: Context) => {
      const { totals, curve } = await show({}, context);
      expect(curve.at(-1)?.views ?? null).toBe(totals.views);
      return totals.views;
    };
    expect(await viewsIn(scene.context)).toBe(75);
    expect(await viewsIn(inServer(scene.context, 'server-a'))).toBe(5);
    expect(await viewsIn(inServer(scene.context, 'server-b'))).toBeNull();
    expect(await viewsIn(inServer(scene.context, null))).toBe(70);
    expect(await viewsIn(await scene.world.context('terminal', 'other'))).toBeNull();
    const missing = { code: 'not_found', field: 'publication' };
    const wish = { publication: here };
    for (const context of [
      inServer(scene.context, null),
      await scene.world.context('terminal', 'other'),
    ])
      expect(await refused(scene.world, statsShow, wish, context)).toMatchObject(missing);
  });

  test('one alone, when it is named', async () => {
    const [one = '', other = ''] = await addLive(scene, 2);
    await read(one, hour, 5, 1, 1);
    await read(other, hour, 70, 1, 1);
    const shown = await show({ publication: one });
    expect(shown).toMatchObject({ publication: one, totals: { views: 5 }, read: 1 });
    expect(shown.curve.map(({ views }) => views)).toEqual([5]);
  });

  test.each([6, 8, 31, 89, 91])('%i days are refused', async (days) => {
    expect(await refused(scene.world, statsShow, { days }, scene.context)).toMatchObject({
      code: 'invalid_input',
      field: 'days',
    });
  });
});
