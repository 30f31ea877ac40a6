import { afterEach, expect, test } from 'vitest';

import {
  attemptsOf,
  availableOf,
  drainWith,
  eventKinds,
  jobContext,
  live,
  moneyOf,
  settled,
  startOneShot,
  startVideo,
  submitsOf,
  videoRow,
  withVideoModels,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Ports } from '../context.ts';
import type { ShotOutcome } from '../ports/video-models.ts';
import { failAttempt } from './fail.ts';
import { endWait } from './deadline.ts';
import { videoShow } from './show.ts';

let world: World;
/** A world in which fal takes so many seconds for a clip, whatever else happens. */
const worldOf = async (seconds: number) => {
  world = await createWorld({ generationMs: seconds * 1000 });
};
afterEach(async () => {
  await settled(world);
  await world.close();
});

/** fal whose requests for a stop come to nothing: a job in progress may finish all the same. */
const deafToStops = (): Ports => withVideoModels(world, { cancel: async () => 'requested' });

/** The deadline of every attempt of a video, by hand. */
const endWaits = async (videoId: string) => {
  for (const { id } of await attemptsOf(world, videoId))
    await endWait.run({ attemptId: id }, jobContext(world));
};

const timedOut = async (videoId: string) => {
  expect(await videoRow(world, videoId)).toMatchObject({ status: 'failed', failure: 'timed_out' });
  expect(await moneyOf(world, videoId)).toEqual({
    moves: ['hold', 'capture'],
    compensation: 'retry_open',
  });
};

test('fifteen minutes without a result: charged, a retry noted, stopped upstream, no refund', async () => {
  await worldOf(7200);
  const id = await startVideo(world);
  await world.drain();
  await live(world, 899, { step: 29 });
  expect(await videoRow(world, id)).toMatchObject({ status: 'generating' });
  await live(world, 1, { step: 1 });
  await timedOut(id);
  const context = await world.context();
  const shown = await world.must(videoShow, { video: id }, context);
  expect(shown).toMatchObject({
    status: 'failed',
    why: 'The provider did not answer within 15 minutes. Its quota was charged. It can be made again once, free of charge.',
    quota: 'charged',
    step: 'stopped',
    eta_seconds: null,
  });
  // The stop makes fal report a cancelled job: by callback, and to the poller.
  const own = (await submitsOf(world, id)).map(({ requestId }) => requestId);
  const told = world.emulators.fal.deliveries.filter(({ requestId }) => own.includes(requestId));
  expect(told.map(({ status }) => status)).toEqual([200, 200]);
  await live(world, 300, { step: 100 });
  expect((await attemptsOf(world, id)).map(({ status }) => status)).toEqual(['failed', 'failed']);
  await timedOut(id);
  expect(await availableOf(world)).toBe(99);
  expect((await eventKinds(world, id)).filter((kind) => kind === 'failed')).toHaveLength(1);
});

test.each([899, 900])('a result after %i seconds still counts', async (seconds) => {
  await worldOf(seconds);
  const id = await startOneShot(world);
  await world.drain();
  await world.advance(seconds);
  await world.emulators.fal.idle();
  if (seconds === 900) await endWaits(id);
  await world.drain();
  expect(await videoRow(world, id)).toMatchObject({ status: 'ready', failure: null });
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: null });
});

test('at 900 seconds fal is asked once more, in case its callback was lost', async () => {
  await worldOf(900);
  world.emulators.fal.misbehave({ on: 'webhook', how: 'lost', times: 2 });
  const id = await startVideo(world);
  await world.drain();
  await world.advance(900);
  await world.emulators.fal.idle();
  await endWaits(id);
  expect(await videoRow(world, id)).toMatchObject({ status: 'assembling' });
  await world.drain();
  expect(await videoRow(world, id)).toMatchObject({ status: 'ready' });
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: null });
});

test('a result after 901 seconds is delivered late, the retry revoked, the charge one', async () => {
  await worldOf(901);
  const id = await startVideo(world);
  const ports = deafToStops();
  await drainWith(world, ports);
  await live(world, 900, { step: 100, ports });
  await timedOut(id);
  await live(world, 1, { step: 1, ports });
  expect(await videoRow(world, id)).toMatchObject({ status: 'ready', failure: null });
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: 'revoked' });
  expect(await availableOf(world)).toBe(99);
  await endWaits(id);
  await live(world, 120, { step: 60, ports });
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: 'revoked' });
});

test.each<[string, Exclude<ShotOutcome, { kind: 'delivered' }>]>([
  ['a late failure', { kind: 'failed', retryable: true, detail: 'runner died' }],
  ['a late refusal', { kind: 'refused' }],
])('%s is refunded once, and nothing is sent again', async (_, outcome) => {
  await worldOf(7200);
  const id = await startVideo(world);
  const ports = deafToStops();
  await drainWith(world, ports);
  await live(world, 900, { step: 100, ports });
  await timedOut(id);
  for (const attempt of await attemptsOf(world, id)) {
    await failAttempt(jobContext(world), attempt.id, outcome);
    await failAttempt(jobContext(world), attempt.id, outcome);
  }
  expect(await moneyOf(world, id)).toEqual({
    moves: ['hold', 'capture', 'refund'],
    compensation: 'refunded',
  });
  expect(await availableOf(world)).toBe(100);
  const context = await world.context();
  expect(await world.must(videoShow, { video: id }, context)).toMatchObject({
    why: 'The provider did not answer within 15 minutes. Nothing was charged.',
    quota: 'returned',
  });
  expect(await videoRow(world, id)).toMatchObject({ status: 'failed', failure: 'timed_out' });
  await live(world, 300, { step: 100, ports });
  expect(await submitsOf(world, id)).toHaveLength(2);
});

test('the deadline that runs twice at once settles once', async () => {
  await worldOf(7200);
  const id = await startVideo(world);
  await world.drain();
  await world.advance(900);
  const run = () => endWaits(id);
  await Promise.all([run(), run(), run()]);
  await timedOut(id);
  expect((await eventKinds(world, id)).filter((kind) => kind === 'failed')).toHaveLength(1);
});

test('a deadline at which fal does not answer ends the wait all the same', async () => {
  await worldOf(7200);
  const id = await startOneShot(world);
  await world.drain();
  await world.advance(900);
  world.emulators.fal.misbehave({ on: 'status', how: 'http_503', times: 1 });
  await endWaits(id);
  expect(world.logs.join('')).toContain('no answer at the deadline');
  await timedOut(id);
});

test('a shot that failed in its fifteenth minute is sent again, with fifteen minutes of its own', async () => {
  await worldOf(895);
  world.emulators.fal.misbehave({ on: 'result', how: 'error', times: 1 });
  const id = await startOneShot(world);
  await world.drain();
  await live(world, 895, { step: 179 });
  await live(world, 60, { step: 10 });
  expect((await attemptsOf(world, id)).map(({ status }) => status)).toEqual(['failed', 'accepted']);
  await live(world, 895, { step: 179 });
  expect(await videoRow(world, id)).toMatchObject({ status: 'ready' });
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: null });
});

test('a provider that turns every shot away for fifteen minutes is not paid for', async () => {
  await worldOf(10);
  world.emulators.fal.misbehave({ on: 'submit', how: 'http_429', times: 100, delayMs: 60_000 });
  const id = await startOneShot(world);
  await world.drain();
  await live(world, 901, { step: 53 });
  expect(await submitsOf(world, id)).toHaveLength(0);
  expect(await videoRow(world, id)).toMatchObject({ status: 'failed', failure: 'provider_away' });
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'release'], compensation: null });
  expect(await availableOf(world)).toBe(100);
});
