import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import {
  attemptsOf,
  drainWith,
  eventKinds,
  falOf,
  jobContext,
  live,
  moneyOf,
  quickWish,
  settled,
  shotsOf,
  startOneShot,
  startVideo,
  submitsOf,
  videoRow,
  withVideoModels,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { Fault } from '../fault.ts';
import type { VideoModels } from '../ports/video-models.ts';
import { dispatchShots } from './dispatch.ts';
import { failAttempt } from './fail.ts';
import { videoShow } from './show.ts';
import { submitShot } from './submit.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => settled(world));
afterAll(() => world.close());

const statuses = async (videoId: string) =>
  (await attemptsOf(world, videoId)).map(({ status }) => status);

const whyOf = async (videoId: string) => {
  const context = await world.context();
  return (await world.must(videoShow, { video: videoId }, context))['why'];
};

describe('when nobody knows whether fal took a shot', () => {
  test.each(['reset_before', 'http_503'] as const)(
    '%s: it is never sent again, and the deadline decides',
    async (how) => {
      world.emulators.fal.misbehave({ on: 'submit', how, times: 1 });
      const id = await startOneShot(world);
      await world.drain();
      await live(world, 890, { step: 89 });
      expect(await statuses(id)).toEqual(['unknown']);
      expect(await submitsOf(world, id)).toHaveLength(0);
      expect(await videoRow(world, id)).toMatchObject({ status: 'generating' });
      await live(world, 20, { step: 10 });
      expect(await videoRow(world, id)).toMatchObject({ status: 'failed', failure: 'timed_out' });
      expect(await moneyOf(world, id)).toEqual({
        moves: ['hold', 'capture'],
        compensation: 'retry_open',
      });
      expect(await submitsOf(world, id)).toHaveLength(0);
    },
  );

  test('reset_after: the orphan comes home by its callback, and is not sent twice', async () => {
    world.emulators.fal.misbehave({ on: 'submit', how: 'reset_after', times: 1 });
    const id = await startVideo(world);
    await world.drain();
    expect(await videoRow(world, id)).toMatchObject({ status: 'ready' });
    expect(await statuses(id)).toEqual(['delivered', 'delivered']);
    const orphans = (await attemptsOf(world, id)).filter(({ statusUrl }) => statusUrl === null);
    expect(orphans).toHaveLength(1);
    const taken = (await submitsOf(world, id)).map(({ requestId }) => requestId);
    expect(taken).toContain(orphans[0]?.requestId);
    expect(await submitsOf(world, id)).toHaveLength(2);
    expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: null });
  });

  test.each([
    ['before', false],
    ['after', true],
  ])('the process dies %s the request goes out', async (_, goesOut) => {
    const id = await startOneShot(world);
    const [shot] = await shotsOf(world, id);
    if (!shot) throw new Error('no shot');
    const sending = Promise.withResolvers<void>();
    const dead = jobContext(
      world,
      withVideoModels(world, {
        async submit(request, signal) {
          if (goesOut) await falOf(world).submit(request, signal);
          sending.resolve();
          return new Promise(() => undefined);
        },
      }),
    );
    await dispatchShots.run({}, jobContext(world));
    void submitShot.run({ shotId: shot.id }, dead);
    await sending.promise;
    expect(await statuses(id)).toEqual(['intended']);
    await world.drain();
    expect(await statuses(id)).toEqual([goesOut ? 'delivered' : 'unknown']);
    await live(world, 300, { step: 60 });
    expect(await statuses(id)).toHaveLength(1);
    expect(await submitsOf(world, id)).toHaveLength(goesOut ? 1 : 0);
    expect((await videoRow(world, id)).status).toBe(goesOut ? 'ready' : 'generating');
    if (!goesOut) await live(world, 700, { step: 100 });
    expect(await submitsOf(world, id)).toHaveLength(goesOut ? 1 : 0);
  });

  test('a second worker that comes while the first still waits sends nothing', async () => {
    const id = await startVideo(world);
    const [shot] = await shotsOf(world, id);
    if (!shot) throw new Error('no shot');
    let calls = 0;
    const ports = withVideoModels(world, {
      async submit(request, signal) {
        calls += 1;
        if (calls === 1) await submitShot.run({ shotId: shot.id }, jobContext(world, ports));
        return falOf(world).submit(request, signal);
      },
    });
    await dispatchShots.run({}, jobContext(world));
    await submitShot.run({ shotId: shot.id }, jobContext(world, ports));
    expect(calls).toBe(1);
    await world.drain();
    expect(await videoRow(world, id)).toMatchObject({ status: 'ready' });
    expect(await submitsOf(world, id)).toHaveLength(2);
  });
});

describe('when fal certainly did not take a shot', () => {
  test('429: it waits as long as fal says, sends once more, and charges once', async () => {
    const busy = { on: 'submit', how: 'http_429', times: 2, delayMs: 40_000 } as const;
    world.emulators.fal.misbehave(busy);
    const id = await startVideo(world);
    await world.drain();
    expect(await statuses(id)).toEqual(['rejected', 'rejected']);
    await world.advance(39);
    await world.drain();
    expect(await submitsOf(world, id)).toHaveLength(0);
    expect((await shotsOf(world, id)).map(({ status }) => status)).toEqual(['due', 'due']);
    await world.advance(1);
    await world.drain();
    expect(await videoRow(world, id)).toMatchObject({ status: 'ready' });
    expect(await statuses(id)).toEqual(['rejected', 'delivered', 'rejected', 'delivered']);
    expect(await submitsOf(world, id)).toHaveLength(2);
  });

  test('a refused prompt is given back, in words that help', async () => {
    const id = await startOneShot(world, { prompt: 'a boat, forbidden-by-provider, in the rain' });
    await world.drain();
    expect(await videoRow(world, id)).toMatchObject({
      status: 'failed',
      failure: 'content_refused',
    });
    expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'release'], compensation: null });
    expect(await submitsOf(world, id)).toHaveLength(1);
    expect(await whyOf(id)).toBe(
      "The provider's safety rules refused this request. Describe the idea in other words and try again. Nothing was charged.",
    );
  });

  test.each<[string, VideoModels['submit'], string]>([
    [
      'content policy',
      async () => {
        throw new Fault('content_refused', {});
      },
      'content_refused',
    ],
    [
      'a locked account',
      async () => {
        throw new Fault('provider_locked', { provider: 'fal' });
      },
      'provider_failed',
    ],
  ])('%s at the door: given back, never sent again', async (_, submit, failure) => {
    const id = await startVideo(world);
    await drainWith(world, withVideoModels(world, { submit }));
    expect(await videoRow(world, id)).toMatchObject({ status: 'failed', failure });
    expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'release'], compensation: null });
    await live(world, 960, { step: 120 });
    expect(await submitsOf(world, id)).toHaveLength(0);
  });

  test('an endpoint that is gone (404) and a refused body (422) are given back', async () => {
    for (const wrong of [{ endpoint: 'fal-ai/no-such/model' }, { input: { prompt: '' } }]) {
      const id = await startVideo(world);
      const submit: VideoModels['submit'] = (request, signal) =>
        falOf(world).submit({ ...request, ...wrong }, signal);
      await drainWith(world, withVideoModels(world, { submit }));
      expect(await submitsOf(world, id)).toHaveLength(0);
      expect(await videoRow(world, id)).toMatchObject({
        status: 'failed',
        failure: 'provider_failed',
      });
    }
  });

  test('without a web app that could take the callback nothing is sent, and it is given back', async () => {
    const id = await startVideo(world);
    await world.app.queue.drain({ ...world.app, publicUrl: () => null });
    expect(await videoRow(world, id)).toMatchObject({ status: 'failed' });
    expect(await statuses(id)).toEqual([]);
  });
});

test('a shot that is accepted after its video has failed is stopped upstream', async () => {
  const id = await startVideo(world);
  let calls = 0;
  let last = '';
  const cancelled: string[] = [];
  const ports = withVideoModels(world, {
    async submit(request, signal) {
      calls += 1;
      const taken = await falOf(world).submit(request, signal);
      if (calls === 2) {
        last = taken.requestId;
        const other = (await attemptsOf(world, id)).find(({ status }) => status === 'accepted');
        if (!other) throw new Error('no attempt');
        await failAttempt(jobContext(world), other.id, { kind: 'refused' });
      }
      return taken;
    },
    async cancel(shot) {
      cancelled.push(shot.requestId);
      return 'requested';
    },
  });
  world.emulators.fal.misbehave({ on: 'webhook', how: 'lost', times: 2 });
  await drainWith(world, ports);
  expect(cancelled).toEqual([last]);
  expect(await eventKinds(world, id)).not.toContain('ready');
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'release'], compensation: null });
});

test('a video that waited for an hour in our own queue is not late', async () => {
  const id = await startVideo(world, 'owner', quickWish);
  await world.advance(3600);
  await world.drain();
  expect(await videoRow(world, id)).toMatchObject({ status: 'ready' });
  await live(world, 1000, { step: 250 });
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: null });
});
