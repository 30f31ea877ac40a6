import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';

import { quickWish, settled, startVideo } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { secondsAfter } from '../clock.ts';
import type { Context } from '../context.ts';
import { videoCancel } from './cancel.ts';
import { medianOf } from './progress.ts';
import { videoShow } from './show.ts';

let world: World;
let context: Context;
beforeAll(async () => {
  world = await createWorld({ generationMs: 50_000 });
  context = await world.context();
});
afterAll(async () => {
  await settled(world);
  await world.close();
});

const shown = (video: string) => world.must(videoShow, { video }, context);

test('a video goes through its steps; a first one has no estimate', async () => {
  const id = await startVideo(world);
  expect(await shown(id)).toMatchObject({
    step: 'analysing',
    percent: 0,
    shots_done: 0,
    shots_total: 2,
    eta_seconds: null,
    quota: 'held',
    why: null,
  });
  await world.drain();
  expect(await shown(id)).toMatchObject({ step: 'making', percent: 20, eta_seconds: null });
  await world.advance(50);
  await world.drain();
  expect(await shown(id)).toMatchObject({
    step: 'done',
    percent: 100,
    shots_done: 2,
    shots_total: 2,
    eta_seconds: null,
    quota: 'charged',
    why: null,
  });
});

describe('an estimate', () => {
  test('is the usual time less what has passed, and never less than five seconds', async () => {
    const id = await startVideo(world);
    const eta = async () => (await shown(id))['eta_seconds'];
    expect(await eta()).toBe(50);
    await world.advance(10);
    expect(await eta()).toBe(40);
    await world.advance(34);
    expect(await eta()).toBe(6);
    await world.advance(1);
    expect(await eta()).toBe(5);
    await world.advance(100);
    expect(await eta()).toBe(5);
    await world.drain();
    await world.advance(50);
    await world.drain();
  });

  test('is of the same model and length only', async () => {
    const longer = await startVideo(world, 'owner', { ...quickWish, seconds: 30 });
    expect(await shown(longer)).toMatchObject({ eta_seconds: null });
    const other = await startVideo(world, 'owner', { ...quickWish, model: 'kling' });
    expect(await shown(other)).toMatchObject({ eta_seconds: null });
    await world.drain();
    await world.advance(60);
    await world.drain();
  });

  test('looks at the last twenty, whoever made them and whether or not they were deleted', async () => {
    const { db } = world.app.database;
    const [model] = await db.select().from(videos).where(eq(videos.model, 'minimax')).limit(1);
    if (!model) throw new Error('no video');
    const other = await world.context('terminal', 'other');
    const at = (age: number) => secondsAfter(world.now(), -age);
    const past = async (name: string, age: number, took: number) => {
      const row = { ...model, id: `vid_${name}`, rootId: 'vid_past', approvalId: null };
      const made = {
        createdAt: at(age + took),
        readyAt: at(age),
        accountId: other.actor.accountId,
      };
      await db.insert(videos).values({ ...row, ...made, fileKey: null, deletedAt: at(0) });
    };
    // Older than the last twenty: does not count.
    await past('old', 50_000, 9_000);
    for (let age = 0; age < 20; age += 1) await past(`p${age}`, age, age < 11 ? 100 : 300);
    const id = await startVideo(world);
    expect(await shown(id)).toMatchObject({ eta_seconds: 100 });
    for (let age = 0; age < 20; age += 1)
      await db.delete(videos).where(eq(videos.id, `vid_p${age}`));
    await db.delete(videos).where(eq(videos.id, 'vid_old'));
    await world.must(videoCancel, { video: id }, context);
  });
});

test.each([
  [[], null],
  [[7], 7],
  [[9, 1], 5],
  [[9, 1, 2], 2],
  [[4, 3, 2, 1], 2.5],
])('the median of %j is %j', (values, median) => {
  expect(medianOf(values)).toBe(median);
});
