import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import {
  attemptsOf,
  drainWith,
  eventKinds,
  falOf,
  faultOf,
  jobContext,
  live,
  moneyOf,
  quickWish,
  settled,
  shotsOf,
  startOneShot,
  startVideo,
  storedKeys,
  submitsOf,
  videoRow,
  withVideoModels,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Ports } from '../context.ts';
import { Fault } from '../fault.ts';
import type { ShotOutcome } from '../ports/video-models.ts';
import { failAttempt } from './fail.ts';
import { receiveShotCallback } from './receive.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => settled(world));
afterAll(() => world.close());

const statuses = async (videoId: string) =>
  (await attemptsOf(world, videoId)).map(({ status }) => status);

const readyFor = async (videoId: string, submits: number) => {
  expect(await videoRow(world, videoId)).toMatchObject({ status: 'ready', failure: null });
  expect(await submitsOf(world, videoId)).toHaveLength(submits);
  expect(await moneyOf(world, videoId)).toEqual({
    moves: ['hold', 'capture'],
    compensation: null,
  });
};

/** Takes a callback in that fal has signed, at the address of the attempt. */
const receive = (attemptId: string, said: { requestId: string; outcome: ShotOutcome }) => {
  const ports = withVideoModels(world, { readCallback: async () => said });
  const signature = world.app.crypto.sign('attempt', attemptId);
  const callback = { body: Buffer.alloc(0), header: () => undefined, attemptId, signature };
  return receiveShotCallback({ ...world.app, ports }, callback);
};

/** How our door answered fal about a video. */
const deliveriesOf = async (videoId: string) => {
  const own = (await submitsOf(world, videoId)).map(({ requestId }) => requestId);
  return world.emulators.fal.deliveries
    .filter(({ requestId }) => own.includes(requestId))
    .map(({ status }) => status);
};

/** What lies in storage beside what earlier tests left there. */
const filesSince = (before: readonly string[]) =>
  storedKeys(world).filter((key) => !before.includes(key));

describe('a callback', () => {
  test('that comes twice counts once', async () => {
    world.emulators.fal.misbehave({ on: 'webhook', how: 'duplicate', times: 2 });
    const id = await startVideo(world);
    await world.drain();
    await readyFor(id, 2);
    expect(await deliveriesOf(id)).toEqual([200, 200, 200, 200]);
    const kinds = await eventKinds(world, id);
    expect(kinds.filter((kind) => kind === 'shot_delivered')).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'ready')).toHaveLength(1);
  });

  test('that is lost is made up for by the poller after a minute', async () => {
    world.emulators.fal.misbehave({ on: 'webhook', how: 'lost', times: 2 });
    const id = await startVideo(world);
    await world.drain();
    await world.advance(59);
    await world.drain();
    expect(await statuses(id)).toEqual(['accepted', 'accepted']);
    await world.advance(1);
    await world.drain();
    await readyFor(id, 2);
    expect(await deliveriesOf(id)).toEqual([]);
  });

  test('that comes after the poller changes nothing', async () => {
    world.emulators.fal.misbehave({ on: 'webhook', how: 'late', times: 2, delayMs: 300_000 });
    const id = await startVideo(world);
    await world.drain();
    await live(world, 60, { step: 60 });
    await readyFor(id, 2);
    const before = await eventKinds(world, id);
    await live(world, 240, { step: 60 });
    expect(await deliveriesOf(id)).toEqual([200, 200]);
    expect(await eventKinds(world, id)).toEqual(before);
    await readyFor(id, 2);
  });

  test.each(['forged', 'stale'] as const)(
    'that is %s is refused; the true one counts',
    async (how) => {
      world.emulators.fal.misbehave({ on: 'webhook', how, times: 2 });
      const id = await startVideo(world);
      await world.drain();
      expect(await deliveriesOf(id)).toEqual([401, 401]);
      expect(await videoRow(world, id)).toMatchObject({ status: 'generating' });
      await live(world, 7, { step: 7 });
      expect(await deliveriesOf(id)).toEqual([401, 401, 200, 200]);
      await readyFor(id, 2);
    },
  );

  test('of another attempt of ours is refused at the door', async () => {
    world.emulators.fal.misbehave({ on: 'webhook', how: 'lost', times: 2 });
    const id = await startVideo(world);
    await world.drain();
    const [first, second] = await attemptsOf(world, id);
    if (!first?.requestId || !second?.requestId) throw new Error('two attempts were expected');
    const outcome = { kind: 'delivered', url: 'http://127.0.0.1:1/other.mp4' } as const;
    const swapped = { requestId: second.requestId, outcome };
    expect(await faultOf(receive(first.id, swapped))).toBe('link_not_valid');
    expect(await faultOf(receive('att_unknown', swapped))).toBe('link_not_valid');
    const ports = withVideoModels(world, { readCallback: async () => swapped });
    const callback = { body: Buffer.alloc(0), header: () => undefined, attemptId: first.id };
    const unsigned = receiveShotCallback({ ...world.app, ports }, { ...callback, signature: 'x' });
    expect(await faultOf(unsigned)).toBe('link_not_valid');
    expect(await statuses(id)).toEqual(['accepted', 'accepted']);
  });

  /** fal that reports before it has answered the submit. */
  const hasty = (between: () => Promise<void>): Ports => {
    const ports = withVideoModels(world, {
      async submit(request, signal) {
        const taken = await falOf(world).submit(request, signal);
        await world.emulators.fal.idle();
        await between();
        await world.app.queue.drain({ ...world.app, ports });
        return taken;
      },
    });
    return ports;
  };

  test('that is faster than the acceptance delivers, and the acceptance undoes nothing', async () => {
    const id = await startVideo(world);
    await drainWith(
      world,
      hasty(async () => undefined),
    );
    await readyFor(id, 2);
    expect(await statuses(id)).toEqual(['delivered', 'delivered']);
  });

  test('of a failure that is faster than the acceptance still gets the shot sent again', async () => {
    world.emulators.fal.misbehave({ on: 'result', how: 'error', times: 1 });
    const id = await startOneShot(world);
    await drainWith(
      world,
      hasty(async () => undefined),
    );
    expect(await statuses(id)).toEqual(['failed']);
    expect((await shotsOf(world, id))[0]).toMatchObject({ status: 'planned' });
    await live(world, 10);
    expect(await statuses(id)).toEqual(['failed', 'delivered']);
    await readyFor(id, 2);
  });

  test('that names another request than the one accepted meanwhile is set aside', async () => {
    const id = await startOneShot(world);
    const outcome = { kind: 'refused' } as const;
    const ports = hasty(async () => {
      const [attempt] = await attemptsOf(world, id);
      if (!attempt) throw new Error('no attempt');
      await receive(attempt.id, { requestId: 'req-of-nobody', outcome });
      await world.app.database.sql`
        update shot_attempts set request_id = ${world.emulators.fal.submits.at(-1)?.requestId ?? ''}
        where id = ${attempt.id}`;
    });
    await drainWith(world, ports);
    expect(world.logs.join('')).toContain('names another request of ours');
    await readyFor(id, 1);
  });
});

describe('a shot that fal could not make', () => {
  test('is sent up to three times on the same hold', async () => {
    world.emulators.fal.misbehave({ on: 'result', how: 'error', times: 2 });
    const id = await startOneShot(world);
    await world.drain();
    expect(await statuses(id)).toEqual(['failed']);
    await live(world, 4, { step: 4 });
    expect(await statuses(id)).toEqual(['failed']);
    await live(world, 1, { step: 1 });
    expect(await statuses(id)).toEqual(['failed', 'failed']);
    await live(world, 10);
    expect(await statuses(id)).toEqual(['failed', 'failed', 'delivered']);
    await readyFor(id, 3);
  });

  test('three times is given back, once', async () => {
    world.emulators.fal.misbehave({ on: 'result', how: 'error', times: 3 });
    const id = await startOneShot(world);
    await world.drain();
    await live(world, 30);
    expect(await videoRow(world, id)).toMatchObject({
      status: 'failed',
      failure: 'provider_failed',
    });
    expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'release'], compensation: null });
    await live(world, 1000, { step: 250 });
    expect(await submitsOf(world, id)).toHaveLength(3);
  });

  test('is the only one that is sent again', async () => {
    world.emulators.fal.misbehave({ on: 'result', how: 'error', times: 1 });
    const id = await startVideo(world, 'owner', { ...quickWish, seconds: 30 });
    await world.drain();
    await live(world, 10);
    await readyFor(id, 4);
    const prompts = (await submitsOf(world, id)).map(({ input }) => String(input['prompt']));
    expect(new Set(prompts).size).toBe(3);
    expect((await statuses(id)).toSorted()).toEqual([
      'delivered',
      'delivered',
      'delivered',
      'failed',
    ]);
  });

  test('because the provider refused it ends the video, and stops the others', async () => {
    const id = await startVideo(world, 'owner', { ...quickWish, seconds: 30 });
    const ports = withVideoModels(world, { cancel: async () => 'requested' });
    world.emulators.fal.misbehave({ on: 'webhook', how: 'lost', times: 3 });
    await drainWith(world, ports);
    const [first] = await attemptsOf(world, id);
    if (!first?.requestId) throw new Error('no attempt');
    await receive(first.id, { requestId: first.requestId, outcome: { kind: 'refused' } });
    await world.drain();
    expect(await videoRow(world, id)).toMatchObject({ failure: 'content_refused' });
    await live(world, 120, { step: 60 });
    expect(await eventKinds(world, id)).not.toContain('shot_delivered');
  });

  test('because somebody stopped it upstream is sent again while its video runs', async () => {
    world.emulators.fal.misbehave({ on: 'webhook', how: 'lost', times: 1 });
    const id = await startOneShot(world);
    await world.drain();
    const [first] = await attemptsOf(world, id);
    if (!first?.requestId) throw new Error('no attempt');
    await receive(first.id, { requestId: first.requestId, outcome: { kind: 'cancelled' } });
    await live(world, 10);
    expect(await statuses(id)).toEqual(['failed', 'delivered']);
    await readyFor(id, 2);
  });
});

describe('a download', () => {
  test.each([
    ['truncated', 1, 2],
    ['reset_before', 2, 6],
    ['error', 1, 10],
    ['http_429', 1, 10],
  ] as const)('that is %s is tried again; nothing is sent twice', async (how, times, seconds) => {
    world.emulators.fal.misbehave({ on: 'download', how, times });
    const before = storedKeys(world);
    const id = await startOneShot(world);
    await world.drain();
    expect(await statuses(id)).toEqual(['accepted']);
    expect(filesSince(before)).toEqual([]);
    await live(world, seconds + 10);
    await readyFor(id, 1);
  });

  test('is redirected twice at most', async () => {
    world.emulators.fal.misbehave({ on: 'download', how: 'redirect', times: 2 });
    const id = await startOneShot(world);
    await world.drain();
    await readyFor(id, 1);
    world.emulators.fal.misbehave({ on: 'download', how: 'redirect', times: 3 });
    const other = await startOneShot(world);
    await world.drain();
    expect(await statuses(other)).toEqual(['accepted']);
    await live(world, 5);
    expect(await videoRow(world, other)).toMatchObject({ status: 'ready' });
  });

  test('of something that is no video is thrown away, and the shot sent again', async () => {
    let downloads = 0;
    const ports = withVideoModels(world, {
      async download(url, provider, signal) {
        downloads += 1;
        if (downloads > 1) return falOf(world).download(url, provider, signal);
        const head = Buffer.from('\0\0\0\x18ftypmp42 but then only words');
        return ReadableStream.from([new Uint8Array(head)]);
      },
    });
    const before = storedKeys(world);
    const id = await startOneShot(world);
    await drainWith(world, ports);
    expect(await statuses(id)).toEqual(['failed']);
    expect(filesSince(before)).toEqual([]);
    await live(world, 10, { ports });
    await readyFor(id, 2);
  });

  test('that ends after its video has failed leaves no file behind', async () => {
    const id = await startVideo(world);
    const ports = withVideoModels(world, {
      async download(url, provider, signal) {
        const body = await falOf(world).download(url, provider, signal);
        for (const { id: attemptId, status } of await attemptsOf(world, id))
          if (status === 'accepted')
            await failAttempt(jobContext(world), attemptId, { kind: 'refused' });
        return body;
      },
    });
    const before = storedKeys(world);
    await drainWith(world, ports);
    expect(await videoRow(world, id)).toMatchObject({ status: 'failed' });
    expect(filesSince(before)).toEqual([]);
  });
});

describe('a full disk', () => {
  test('is waited for when a clip arrives: nothing is given up or paid for twice', async () => {
    const { storage } = world.app.ports;
    let full = 0;
    const ports: Ports = {
      ...world.app.ports,
      storage: {
        ...storage,
        async write() {
          full += 1;
          throw new Fault('storage_full', {});
        },
      },
    };
    const id = await startOneShot(world);
    await drainWith(world, ports);
    await live(world, 720, { step: 60, ports });
    expect(full).toBeGreaterThan(5);
    expect(await videoRow(world, id)).toMatchObject({ status: 'generating' });
    expect(await statuses(id)).toEqual(['accepted']);
    await live(world, 60, { step: 30 });
    await readyFor(id, 1);
  });

  test('is waited for when the shots are joined', async () => {
    const { mediaTools } = world.app.ports;
    const ports: Ports = {
      ...world.app.ports,
      mediaTools: {
        ...mediaTools,
        async assemble() {
          throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        },
      },
    };
    const id = await startVideo(world);
    await drainWith(world, ports);
    await live(world, 1800, { step: 60, ports });
    expect(await videoRow(world, id)).toMatchObject({ status: 'assembling' });
    await live(world, 60, { step: 60 });
    await readyFor(id, 2);
  });
});

test('joining that dies four times ends the video, gives back, and leaves no half file', async () => {
  const { storage } = world.app.ports;
  let tries = 0;
  const ports: Ports = {
    ...world.app.ports,
    storage: {
      ...storage,
      async write(key, content, maxBytes) {
        if (!key.startsWith('videos/')) return storage.write(key, content, maxBytes);
        tries += 1;
        throw new Error('the process was shot');
      },
    },
  };
  const before = storedKeys(world);
  const id = await startVideo(world);
  await drainWith(world, ports);
  await live(world, 300, { step: 10, ports });
  expect(tries).toBe(4);
  expect(await videoRow(world, id)).toMatchObject({ status: 'failed', failure: 'internal' });
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'release'], compensation: null });
  expect(filesSince(before).filter((key) => !key.startsWith('shots/'))).toEqual([]);
});

test('joining that dies once is done again, for one capture', async () => {
  const { mediaTools } = world.app.ports;
  let tries = 0;
  const ports: Ports = {
    ...world.app.ports,
    mediaTools: {
      ...mediaTools,
      async assemble(...what) {
        tries += 1;
        const facts = await mediaTools.assemble(...what);
        if (tries === 1) throw new Error('the process was shot');
        return facts;
      },
    },
  };
  const id = await startVideo(world);
  await drainWith(world, ports);
  expect(await videoRow(world, id)).toMatchObject({ status: 'assembling' });
  await live(world, 10, { ports });
  await readyFor(id, 2);
  expect(tries).toBe(2);
});
