import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  attemptsOf,
  falOf,
  availableOf,
  jobContext,
  live,
  moneyOf,
  refused,
  settled,
  shotsOf,
  startVideo,
  storedKeys,
  submitsOf,
  videoRow,
  withVideoModels,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { decideApproval } from '../consent/decide.ts';
import { isFault } from '../fault.ts';
import { perform } from '../operation.ts';
import { videoDelete } from './delete.ts';
import { removeVideoFiles } from './remove.ts';
import { videoRetry } from './retry.ts';
import { videoShow } from './show.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld({ generationMs: 30_000, settings: { FAL_CONCURRENCY: '1' } });
});
afterEach(async () => {
  await settled(world);
  await world.close();
});

/** A video of two shots, of which the first is delivered and the second never comes. */
async function timedOut(account = 'owner'): Promise<string> {
  const id = await startVideo(world, account);
  await world.drain();
  await live(world, 31, { step: 31 });
  world.emulators.fal.misbehave({ on: 'webhook', how: 'lost', times: 1 });
  const silent = withVideoModels(world, {
    fetchOutcome: async () => null,
    cancel: async () => 'requested',
  });
  await live(world, 990, { step: 30, ports: silent });
  expect(await videoRow(world, id)).toMatchObject({ status: 'failed', failure: 'timed_out' });
  expect((await shotsOf(world, id)).map(({ status }) => status)).toEqual([
    'delivered',
    'submitted',
  ]);
  return id;
}

const show = async (video: string) => world.must(videoShow, { video }, await world.context());
const retry = async (video: string): Promise<string> => {
  const made = await world.must(videoRetry, { video }, await world.context());
  expect(made).toMatchObject({ shots_kept: 1, shots_total: 2, status: 'queued' });
  return String(made['video']);
};

describe('the free retry of a video that timed out', () => {
  test('re-uses what was delivered, is free, and there is one only', async () => {
    const first = await timedOut();
    expect(await show(first)).toMatchObject({ can_retry: true, quota: 'charged' });
    const before = await availableOf(world);
    const second = await retry(first);
    expect(await availableOf(world)).toBe(before);
    expect(await show(first)).toMatchObject({ can_retry: false });
    await world.drain();
    await live(world, 60, { step: 10 });
    expect(await videoRow(world, second)).toMatchObject({ status: 'ready', quota: 0 });
    expect(await submitsOf(world, second)).toHaveLength(1);
    expect(await moneyOf(world, second)).toMatchObject({ moves: [] });
    expect(await moneyOf(world, first)).toEqual({
      moves: ['hold', 'capture'],
      compensation: 'retry_used',
    });
    const context = await world.context();
    for (const video of [first, second])
      expect(await refused(world, videoRetry, { video }, context)).toMatchObject({
        code: 'no_free_retry',
        field: 'video',
      });
  });

  test('two presses at once start one', async () => {
    const video = await timedOut();
    const context = await world.context();
    const asked = await Promise.all([1, 2].map(() => perform(videoRetry, { video }, context)));
    const approvals = asked.map((outcome) =>
      !outcome.ok && isFault(outcome.fault, 'approval_required') ? outcome.fault.params.id : '',
    );
    const by = context.actor.accountId;
    for (const id of approvals)
      await decideApproval(world.app, { id, approved: true, by, surface: 'terminal' });
    const outcomes = await Promise.all(
      approvals.map((approvalId) => perform(videoRetry, { video }, context, { approvalId })),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('stays in the place of the first, wherever it is asked for', async () => {
    const first = await timedOut();
    const { db } = world.app.database;
    await db.update(videos).set({ serverId: 'server' }).where(eq(videos.id, first));
    const second = await retry(first);
    expect(await videoRow(world, second)).toMatchObject({ serverId: 'server' });
    await world.drain();
    await live(world, 60, { step: 10 });
  });

  test('it fails: the first video is given back its quota, once', async () => {
    const first = await timedOut();
    const before = await availableOf(world);
    const own = (await attemptsOf(world, first)).map(({ requestId }) => requestId);
    const fal = falOf(world);
    // The first one never arrives, not even late.
    const ports = withVideoModels(world, {
      fetchOutcome: async (shot, signal) =>
        own.includes(shot.requestId) ? null : fal.fetchOutcome(shot, signal),
    });
    const second = await retry(first);
    world.emulators.fal.misbehave({ on: 'result', how: 'error', times: 20 });
    world.emulators.fal.misbehave({ on: 'webhook', how: 'lost', times: 20 });
    await live(world, 600, { step: 30, ports });
    expect(await videoRow(world, second)).toMatchObject({
      status: 'failed',
      failure: 'provider_failed',
    });
    expect(await moneyOf(world, first)).toEqual({
      moves: ['hold', 'capture', 'refund'],
      compensation: 'refunded',
    });
    expect(await availableOf(world)).toBe(before + 1);
  });

  test('nobody else has it, nor a video that did not time out', async () => {
    const first = await timedOut();
    const stranger = await world.context('terminal', 'stranger');
    expect(await refused(world, videoRetry, { video: first }, stranger)).toMatchObject({
      code: 'not_found',
    });
    const running = await startVideo(world);
    const context = await world.context();
    expect(await refused(world, videoRetry, { video: running }, context)).toMatchObject({
      code: 'no_free_retry',
    });
    await world.drain();
    await live(world, 120, { step: 30 });
  });
});

describe('files that a video shares with its free retry', () => {
  const shared = async (video: string) => (await shotsOf(world, video))[0]?.fileKey ?? '';

  test.each([
    ['the first', 0],
    ['the retry', 1],
  ] as const)('deleting %s keeps them, deleting both removes them', async (_, index) => {
    const first = await timedOut();
    const second = await retry(first);
    await world.drain();
    await live(world, 60, { step: 10 });
    const file = await shared(first);
    expect(await shared(second)).toBe(file);
    const [one, other] = index === 0 ? [first, second] : [second, first];
    const context = await world.context();
    await world.must(videoDelete, { video: one }, context);
    await world.drain();
    expect(storedKeys(world)).toContain(file);
    await world.must(videoDelete, { video: other }, context);
    await world.drain();
    expect(storedKeys(world)).toEqual([]);
  });

  test('a removal that hangs holds up nobody else', async () => {
    const first = await timedOut();
    const second = await retry(first);
    await world.drain();
    await live(world, 60, { step: 10 });
    const context = await world.context();
    for (const video of [first, second]) await world.must(videoDelete, { video }, context);
    const hanging = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const { storage } = world.app.ports;
    const remove = async (key: string) => {
      reached.resolve();
      await hanging.promise;
      await storage.remove(key);
    };
    const ports = { ...world.app.ports, storage: { ...storage, remove } };
    const stuck = removeVideoFiles.run({ videoId: first }, jobContext(world, ports));
    await reached.promise;
    await removeVideoFiles.run({ videoId: second }, jobContext(world));
    expect((await shotsOf(world, second)).map(({ fileKey }) => fileKey)).toEqual([null, null]);
    hanging.resolve();
    await stuck;
    expect(storedKeys(world)).toEqual([]);
    await world.drain();
  });

  test('both removed at the same moment leave nothing behind', async () => {
    const first = await timedOut();
    const second = await retry(first);
    await world.drain();
    await live(world, 60, { step: 10 });
    const context = await world.context();
    for (const video of [first, second]) await world.must(videoDelete, { video }, context);
    await Promise.all(
      [first, second, first, second].map((videoId) =>
        removeVideoFiles.run({ videoId }, jobContext(world)),
      ),
    );
    expect(storedKeys(world)).toEqual([]);
    await world.drain();
  });
});
