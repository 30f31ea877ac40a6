import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { registerMediabunnyServer } from '@mediabunny/server';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { createManualClock } from '../clock.ts';
import { readBody } from './models.ts';
import { startRunway, type RunwayEmulator, type RunwayOptions } from './runway.ts';

registerMediabunnyServer({ hardwareContext: null });

const gen45 = { model: 'gen4.5', promptText: 'a paper boat', ratio: '720:1280', duration: 2 };
const headers = { authorization: 'Bearer key_test', 'x-runway-version': '2024-11-06' };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(options: Partial<RunwayOptions> = {}) {
  const clock = createManualClock(new Date('2026-11-22T12:00:00Z'));
  const runway = await startRunway({
    clock,
    secret: 'key_test',
    generationMs: 20_000,
    scale: 0.1,
    ...options,
  });
  cleanups.push(() => runway.close());
  return { runway, clock };
}

async function call(
  runway: RunwayEmulator,
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string> } = {},
) {
  const response = await fetch(runway.url + path, {
    method,
    headers: { ...headers, ...options.headers },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : z.json().parse(JSON.parse(text)) };
}

const taskReply = z.looseObject({
  id: z.string(),
  status: z.string(),
  output: z.array(z.string()).optional(),
});

async function submit(runway: RunwayEmulator, body: object = gen45): Promise<string> {
  const taken = await call(runway, 'POST', '/v1/text_to_video', { body });
  return z.object({ id: z.uuid() }).parse(taken.body).id;
}

async function show(runway: RunwayEmulator, id: string) {
  return taskReply.parse((await call(runway, 'GET', `/v1/tasks/${id}`)).body);
}

const creditsOf = async (runway: RunwayEmulator): Promise<number> => {
  const { body } = await call(runway, 'GET', '/v1/organization');
  return z.object({ creditBalance: z.number() }).parse(body).creditBalance;
};

describe('a request', () => {
  test('without the key, with another, or without the version is refused', async () => {
    const { runway } = await start();
    const send = (changes: Record<string, string>) =>
      call(runway, 'POST', '/v1/text_to_video', { body: gen45, headers: changes });
    expect(await send({ authorization: 'Bearer other' })).toMatchObject({ status: 401 });
    expect(await send({ authorization: 'Key key_test' })).toMatchObject({ status: 401 });
    expect(await send({ 'x-runway-version': '2023-01-01' })).toMatchObject({ status: 400 });
    expect(runway.submits).toEqual([]);
  });

  test.each<[object, string]>([
    [{}, 'model'],
    [{ ...gen45, model: 'gen3a_turbo' }, 'model'],
    [{ ...gen45, duration: 1 }, 'duration'],
    [{ ...gen45, duration: 11 }, 'duration'],
    [{ ...gen45, duration: 2.5 }, 'duration'],
    [{ ...gen45, duration: '5' }, 'duration'],
    [{ model: 'gen4.5', promptText: 'a', ratio: '720:1280' }, 'duration'],
    [{ ...gen45, ratio: '9:16' }, 'ratio'],
    [{ ...gen45, ratio: '1080:1920' }, 'ratio'],
    [{ ...gen45, promptText: '' }, 'promptText'],
    [{ ...gen45, promptText: 'a'.repeat(1001) }, 'promptText'],
    [{ ...gen45, seed: -1 }, 'seed'],
    [{ ...gen45, outputFormat: 'gif' }, 'outputFormat'],
    [{ ...gen45, model: 'veo3.1', duration: 5 }, 'duration'],
  ])('%j is refused for its %s', async (body, field) => {
    const { runway } = await start();
    expect(await call(runway, 'POST', '/v1/text_to_video', { body })).toMatchObject({
      status: 400,
      body: { error: 'Validation of body failed', issues: [{ path: [field] }] },
    });
    expect(runway.submits).toEqual([]);
  });

  test('is taken at the limits, and costs what the model costs', () => {
    for (const [body, credits] of [
      [gen45, 24],
      [{ ...gen45, duration: 10 }, 120],
      [{ ...gen45, promptText: '纸'.repeat(1000) }, 24],
      [{ ...gen45, seed: 4_294_967_295 }, 24],
      [{ ...gen45, model: 'veo3.1', duration: 4 }, 160],
      [{ model: 'veo3.1', promptText: 'a', ratio: '1920:1080', audio: false }, 160],
      [{ model: 'veo3.1_fast', promptText: 'a', ratio: '720:1280', duration: 6 }, 90],
      [{ model: 'veo3.1_fast', promptText: 'a', ratio: '720:1280', duration: 6, audio: false }, 60],
    ] as const) {
      expect(readBody(body)).toMatchObject({ ok: true, credits });
    }
    expect(readBody({ ...gen45, unknown: 1 })).toMatchObject({ ok: true });
    expect(readBody({ ...gen45, model: 'veo3.1', duration: 4, unknown: 1 })).toMatchObject({
      ok: false,
    });
  });

  test('beyond the credits or the day’s limit is refused, and neither is paid for', async () => {
    const { runway, clock } = await start({ credits: 100, dailyLimit: 2 });
    const long = { ...gen45, duration: 9 };
    expect(await call(runway, 'POST', '/v1/text_to_video', { body: long })).toEqual({
      status: 400,
      body: { error: 'You do not have enough credits to run this task.' },
    });
    await submit(runway);
    await submit(runway);
    expect(await call(runway, 'POST', '/v1/text_to_video', { body: gen45 })).toMatchObject({
      status: 429,
    });
    expect(await creditsOf(runway)).toBe(52);
    clock.advance(24 * 3600 * 1000);
    await submit(runway);
    expect(runway.submits).toHaveLength(3);
  });

  test('of another path or task is not found', async () => {
    const { runway } = await start();
    expect(await call(runway, 'POST', '/v1/text_to_film', { body: gen45 })).toMatchObject({
      status: 404,
    });
    expect(await call(runway, 'GET', '/v1/tasks/none')).toMatchObject({ status: 404 });
    expect(await call(runway, 'DELETE', '/v1/tasks/none')).toMatchObject({ status: 404 });
  });
});

describe('a task', () => {
  test('goes from pending over running to an MP4 of its size and length', async () => {
    const { runway, clock } = await start({ scale: 0.1 });
    const id = await submit(runway);
    expect(await show(runway, id)).toMatchObject({
      status: 'PENDING',
      createdAt: '2026-11-22T12:00:00.000Z',
      estimatedCost: { credits: 24 },
    });
    clock.advance(10_500);
    expect(await show(runway, id)).toMatchObject({ status: 'RUNNING', progress: 0.5 });
    clock.advance(9500);
    await runway.idle();
    const { status, output = [], cost } = await show(runway, id);
    expect({ status, cost }).toEqual({ status: 'SUCCEEDED', cost: { credits: 24 } });
    expect(output).toHaveLength(1);
    const response = await fetch(output[0] ?? '');
    expect(response.headers.get('content-type')).toBe('video/mp4');
    using input = new Input({
      source: new BufferSource(await response.arrayBuffer()),
      formats: ALL_FORMATS,
    });
    const video = await input.getPrimaryVideoTrack();
    if (!video) throw new Error('no picture');
    expect(await input.computeDuration()).toBeCloseTo(2, 1);
    expect([await video.getDisplayWidth(), await video.getDisplayHeight()]).toEqual([72, 128]);
    expect(await input.getPrimaryAudioTrack()).toBeNull();
    expect(runway.polls.map(({ taskId }) => taskId)).toEqual([id, id, id]);
  });

  test('waits THROTTLED over its model’s concurrency; another model does not', async () => {
    const { runway, clock } = await start({ concurrency: 1 });
    const first = await submit(runway);
    const second = await submit(runway);
    const veo = { model: 'veo3.1', promptText: 'a', ratio: '720:1280', duration: 4 };
    const other = await submit(runway, veo);
    clock.advance(5000);
    const states = async () =>
      Promise.all([first, second, other].map(async (id) => (await show(runway, id)).status));
    expect(await states()).toEqual(['RUNNING', 'THROTTLED', 'RUNNING']);
    clock.advance(15_000);
    await runway.idle();
    expect(await states()).toEqual(['SUCCEEDED', 'PENDING', 'SUCCEEDED']);
    clock.advance(20_000);
    await runway.idle();
    expect(await states()).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
  });

  test('that fails gives its credits back, unless moderation stopped its input', async () => {
    const { runway, clock } = await start({ credits: 1000 });
    const failing = await submit(runway, { ...gen45, promptText: 'forbidden-by-provider' });
    const balance = async () => {
      clock.advance(20_000);
      await runway.idle();
      return creditsOf(runway);
    };
    expect(await balance()).toBe(976);
    expect(await show(runway, failing)).toMatchObject({
      status: 'FAILED',
      failureCode: 'SAFETY.INPUT.TEXT',
      cost: { credits: 24 },
    });
    runway.misbehave({ on: 'run', failureCode: 'INTERNAL.BAD_OUTPUT.CODE01', times: 1 });
    const bad = await submit(runway);
    expect(await balance()).toBe(976);
    expect(await show(runway, bad)).toMatchObject({
      failureCode: 'INTERNAL.BAD_OUTPUT.CODE01',
      cost: { credits: 0 },
    });
    runway.misbehave({ on: 'run', failureCode: null, times: 1 });
    const unsaid = await submit(runway);
    await balance();
    expect(await show(runway, unsaid)).not.toHaveProperty('failureCode');
  });

  test('that is deleted is not found again, frees its place and its output', async () => {
    const { runway, clock } = await start({ concurrency: 1, credits: 1000 });
    const running = await submit(runway);
    const waiting = await submit(runway);
    expect(await call(runway, 'DELETE', `/v1/tasks/${running}`)).toEqual({
      status: 204,
      body: null,
    });
    expect(await call(runway, 'GET', `/v1/tasks/${running}`)).toMatchObject({ status: 404 });
    expect(await creditsOf(runway)).toBe(976);
    clock.advance(20_000);
    await runway.idle();
    const { output = [] } = await show(runway, waiting);
    expect((await fetch(output[0] ?? '')).status).toBe(200);
    await call(runway, 'DELETE', `/v1/tasks/${waiting}`);
    expect((await fetch(output[0] ?? '')).status).toBe(404);
  });

  test('hands out addresses that hold for a day and that nobody can make up', async () => {
    const { runway, clock } = await start();
    const id = await submit(runway);
    clock.advance(20_000);
    await runway.idle();
    const [first = ''] = (await show(runway, id)).output ?? [];
    const statusOf = async (url: string) => (await fetch(url)).status;
    expect(await statusOf(first.replace(/\?.*/, ''))).toBe(403);
    expect(await statusOf(first.replace(/_jwt=(\d+)/, (_, at) => `_jwt=${Number(at) + 1}`))).toBe(
      403,
    );
    clock.advance(24 * 3600 * 1000);
    expect(await statusOf(first)).toBe(200);
    clock.advance(1);
    expect(await statusOf(first)).toBe(403);
    const [second = ''] = (await show(runway, id)).output ?? [];
    expect(await statusOf(second)).toBe(200);
  });
});

test('what was taken survives a restart, and is taken up again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jilo-runway-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const stateFile = join(folder, 'runway.json');
  const first = await start({ stateFile, concurrency: 1, credits: 1000 });
  const done = await submit(first.runway);
  first.clock.advance(20_000);
  await first.runway.idle();
  const running = await submit(first.runway);
  const waiting = await submit(first.runway);
  await first.runway.close();
  const second = await start({ stateFile, concurrency: 1, credits: 5 });
  expect(await creditsOf(second.runway)).toBe(928);
  const { output = [] } = await show(second.runway, done);
  expect((await fetch(output[0] ?? '')).status).toBe(200);
  for (const id of [running, waiting]) {
    second.clock.advance(40_000);
    await second.runway.idle();
    expect(await show(second.runway, id)).toMatchObject({ status: 'SUCCEEDED' });
  }
  expect((await readdir(folder)).toSorted()).toEqual(['runway.json', 'runway.json-media']);
});
