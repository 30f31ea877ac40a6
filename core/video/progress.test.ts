import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';

import { quickWish, settled, startVideo } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { events, videos } from '../../drizzle/schema/videos.ts';
import { secondsAfter } from '../clock.ts';
import type { Context } from '../context.ts';
import { videoCancel } from './cancel.ts';
import { percentOf } from './progress.ts';
import { videoShow } from './show.ts';
import { medianOf } from './usual-times.ts';

let world: World;
let context: Context;
beforeAll(async () => {
  world = await createWorld({ generationMs: 50_000, settings: { FAL_CONCURRENCY: '2' } });
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
  const eta = async (id: string) => (await shown(id))['eta_seconds'];

  test('is what the last clips took, less what has passed, and never less than five seconds', async () => {
    const id = await startVideo(world);
    expect(await eta(id)).toBe(50);
    await world.advance(10);
    // Nothing was sent yet.
    expect(await eta(id)).toBe(50);
    await world.drain();
    await world.advance(10);
    expect(await eta(id)).toBe(40);
    await world.advance(34);
    expect(await eta(id)).toBe(6);
    await world.advance(1);
    expect(await eta(id)).toBe(5);
    await world.advance(3);
    expect(await eta(id)).toBe(5);
    await world.must(videoCancel, { video: id }, context);
  });

  test('counts the shots that wait for their turn', async () => {
    // Three shots, two at once.
    const longer = await startVideo(world, 'owner', { ...quickWish, seconds: 30 });
    await world.drain();
    expect(await eta(longer)).toBe(100);
    await world.advance(50);
    await world.drain();
    expect(await shown(longer)).toMatchObject({ percent: 60, shots_done: 2, eta_seconds: 50 });
    await world.must(videoCancel, { video: longer }, context);
  });

  test('is of the same model only', async () => {
    const other = await startVideo(world, 'owner', { ...quickWish, model: 'kling' });
    expect(await eta(other)).toBeNull();
    await world.must(videoCancel, { video: other }, context);
  });

  test('of the assembly is what the last ones of that length took', async () => {
    const { db } = world.app.database;
    const id = await startVideo(world, 'owner', { ...quickWish, seconds: 60, model: 'wan' });
    const row = { status: 'assembling' as const, assembledPercent: 25 };
    await db.update(videos).set(row).where(eq(videos.id, id));
    expect(await shown(id)).toMatchObject({ percent: 85, eta_seconds: null });
    const [past] = await db.select().from(videos).where(eq(videos.status, 'ready')).limit(1);
    if (!past) throw new Error('no video');
    const readyAt = world.now();
    const at = secondsAfter(readyAt, -40);
    const longer = { id: 'vid_past', rootId: 'vid_past', seconds: 60, readyAt, approvalId: null };
    await db.insert(videos).values({ ...past, ...longer, fileKey: null, deletedAt: readyAt });
    await db.insert(events).values({ at, subjectId: 'vid_past', kind: 'assembling', data: {} });
    expect(await eta(id)).toBe(30);
    await db.delete(events).where(eq(events.subjectId, 'vid_past'));
    await db.delete(videos).where(eq(videos.id, 'vid_past'));
    await db.update(videos).set({ status: 'queued' }).where(eq(videos.id, id));
    await world.must(videoCancel, { video: id }, context);
  });
});

describe('the percentage', () => {
  const parts = (...statuses: ('planned' | 'due' | 'submitted' | 'delivered')[]) =>
    statuses.map((status) => ({ status }));

  test.each([
    ['queued', parts('planned', 'planned'), 0, 0],
    ['queued', parts('planned', 'due'), 0, 10],
    ['generating', parts('submitted', 'due'), 0, 20],
    ['generating', parts('submitted', 'delivered'), 0, 50],
    ['generating', parts('delivered', 'submitted', 'submitted'), 0, 40],
    ['generating', parts(), 0, 20],
    ['assembling', parts('delivered', 'delivered'), 0, 80],
    ['assembling', parts('delivered', 'delivered'), 99, 99],
    ['assembling', parts('delivered', 'delivered'), 100, 100],
    ['ready', parts('delivered', 'delivered'), 100, 100],
    ['failed', parts('delivered', 'delivered'), 0, 0],
    ['cancelled', parts('delivered', 'delivered'), 0, 0],
  ] as const)(
    'of a video that is %s with %j and %i assembled is %i',
    (status, of, assembledPercent, percent) => {
      expect(percentOf({ status, assembledPercent }, of)).toBe(percent);
    },
  );
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
