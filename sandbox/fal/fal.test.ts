import { createHash, createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { registerMediabunnyServer } from '@mediabunny/server';
import {
  ALL_FORMATS,
  AudioSampleSink,
  BufferSource,
  Input,
  VideoSampleSink,
  type InputVideoTrack,
} from 'mediabunny';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { createManualClock } from '../clock.ts';
import { serveRoutes, type EmulatorRequest } from '../http.ts';
import { createClipRenderer } from '../clips/clips.ts';
import { endpoints } from './endpoints.ts';
import { refusedWords } from './endpoints.ts';
import { startFal, type FalEmulator, type FalOptions } from './fal.ts';

registerMediabunnyServer({ hardwareContext: null });

const kling = 'fal-ai/kling-video/v3/standard/text-to-video';
const short = {
  prompt: 'a paper boat',
  duration: '3',
  aspect_ratio: '9:16',
  generate_audio: false,
};
const auth = { authorization: 'Key id:secret' };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(options: Partial<FalOptions> = {}) {
  const clock = createManualClock(new Date('2026-11-22T12:00:00Z'));
  const fal = await startFal({
    clock,
    key: 'id:secret',
    generationMs: 5000,
    scale: 0.1,
    ...options,
  });
  cleanups.push(() => fal.close());
  return { fal, clock };
}

/** A subscriber that answers with the given statuses in turn, 200 afterwards. */
async function subscribe(...statuses: number[]) {
  const calls: EmulatorRequest[] = [];
  const handle = (request: EmulatorRequest) => {
    calls.push(request);
    return { status: statuses.shift() ?? 200 };
  };
  const server = await serveRoutes([{ method: 'POST', path: /^\/hook$/, handle }], { status: 404 });
  cleanups.push(() => server.close());
  return { url: `${server.url}/hook?attempt=att_1&mac=x`, calls };
}

const submitReply = z.object({
  status: z.literal('IN_QUEUE'),
  request_id: z.string(),
  status_url: z.string(),
  response_url: z.string(),
  cancel_url: z.string(),
  queue_position: z.int(),
});

async function call(
  fal: FalEmulator,
  method: string,
  path: string,
  body?: unknown,
  headers = auth,
) {
  const response = await fetch(`${fal.url}/${path.replace('https://', '')}`, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json: unknown = text.startsWith('{') ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body: json };
}

async function submit(fal: FalEmulator, input: object = short, endpoint = kling, hook?: string) {
  const query = hook === undefined ? '' : `?fal_webhook=${encodeURIComponent(hook)}`;
  const answer = await call(fal, 'POST', `queue.fal.run/${endpoint}${query}`, input);
  expect(answer.status).toBe(200);
  return submitReply.parse(answer.body);
}

describe('what it refuses', () => {
  test('a missing or wrong key', async () => {
    const { fal } = await start();
    const path = `queue.fal.run/${kling}`;
    for (const authorization of ['', 'Key other', 'Bearer id:secret', 'id:secret']) {
      expect((await call(fal, 'POST', path, short, { authorization })).status).toBe(401);
    }
    expect(fal.submits).toEqual([]);
  });

  test('an endpoint it does not know', async () => {
    const { fal } = await start();
    const answer = await call(fal, 'POST', 'queue.fal.run/fal-ai/runway-gen3/turbo', short);
    expect(answer.status).toBe(404);
  });

  test.each<[string, object, string, string]>([
    [kling, {}, 'prompt', 'value_error'],
    [kling, { prompt: 'a', multi_prompt: [{ prompt: 'b' }] }, 'prompt', 'value_error'],
    [kling, { ...short, duration: 5 }, 'duration', 'literal_error'],
    [kling, { ...short, duration: '30' }, 'duration', 'literal_error'],
    [kling, { ...short, duration: '5s' }, 'duration', 'literal_error'],
    [kling, { ...short, aspect_ratio: '4:5' }, 'aspect_ratio', 'literal_error'],
    [kling, { ...short, generate_audio: 'yes' }, 'generate_audio', 'boolean_type'],
    ['fal-ai/minimax/video-01', { prompt: 7 }, 'prompt', 'string_type'],
    ['fal-ai/minimax/video-01', {}, 'prompt', 'missing'],
    [
      'fal-ai/minimax/hailuo-2.3/standard/text-to-video',
      { prompt: 'a', duration: '5' },
      'duration',
      'literal_error',
    ],
    ['fal-ai/veo3.1', { prompt: 'a', duration: '8' }, 'duration', 'literal_error'],
    ['fal-ai/veo3.1/fast', { prompt: 'a', aspect_ratio: '1:1' }, 'aspect_ratio', 'literal_error'],
    [
      'bytedance/seedance-2.0/text-to-video',
      { prompt: 'a', resolution: '1080p' },
      'resolution',
      'literal_error',
    ],
    ['wan/v2.6/text-to-video', { prompt: 'a', duration: '6' }, 'duration', 'literal_error'],
    ['wan/v2.6/text-to-video', { prompt: 'a'.repeat(801) }, 'prompt', 'value_error'],
  ])('%s %j', async (endpoint, input, field, type) => {
    const { fal } = await start();
    const answer = await call(fal, 'POST', `queue.fal.run/${endpoint}`, input);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      detail: [
        { loc: ['body', field], type, msg: expect.any(String), url: expect.stringContaining(type) },
      ],
    });
    expect(fal.submits).toEqual([]);
  });

  test('addresses with the whole endpoint id, and requests of another app', async () => {
    const { fal } = await start();
    const { request_id } = await submit(fal);
    const whole = await call(fal, 'GET', `queue.fal.run/${kling}/requests/${request_id}/status`);
    const other = await call(
      fal,
      'GET',
      `queue.fal.run/fal-ai/veo3.1/requests/${request_id}/status`,
    );
    expect([whole.status, other.status]).toEqual([404, 404]);
  });
});

describe('the queue', () => {
  test('goes from 202 to 200, and the result comes only at the end', async () => {
    const { fal, clock } = await start();
    const reply = await submit(fal);
    expect(reply.status_url).toBe(
      `https://queue.fal.run/fal-ai/kling-video/requests/${reply.request_id}/status`,
    );
    const running = await call(fal, 'GET', `${reply.status_url}?logs=0`);
    expect(running).toMatchObject({ status: 202, body: { status: 'IN_PROGRESS' } });
    expect((await call(fal, 'GET', reply.response_url)).status).toBe(400);
    clock.advance(5000);
    await fal.idle();
    const done = await call(fal, 'GET', reply.status_url);
    expect(done).toMatchObject({ status: 200, body: { status: 'COMPLETED' } });
    const result = await call(fal, 'GET', reply.response_url);
    expect(result.headers.get('x-fal-request-id')).toBe(reply.request_id);
    expect(result.body).toMatchObject({
      video: { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/media\//) },
    });
  });

  test('runs two at once; the others wait in line', async () => {
    const { fal, clock } = await start();
    const replies: z.infer<typeof submitReply>[] = [];
    for (let index = 0; index < 4; index += 1) replies.push(await submit(fal));
    const statuses = async () => {
      const answers = await Promise.all(replies.map((one) => call(fal, 'GET', one.status_url)));
      return answers.map(({ body }) => z.object({ status: z.string() }).parse(body).status);
    };
    expect(await statuses()).toEqual(['IN_PROGRESS', 'IN_PROGRESS', 'IN_QUEUE', 'IN_QUEUE']);
    expect(replies.map((one) => one.queue_position)).toEqual([0, 0, 0, 1]);
    clock.advance(5000);
    await fal.idle();
    expect(await statuses()).toEqual(['COMPLETED', 'COMPLETED', 'IN_PROGRESS', 'IN_PROGRESS']);
  });

  test('cancels what waits or runs, and says so when it is too late', async () => {
    const { fal, clock } = await start({ concurrency: 1 });
    const hook = await subscribe();
    const running = await submit(fal, short, kling, hook.url);
    const waiting = await submit(fal, short, kling, hook.url);
    const stop = (one: typeof running) => call(fal, 'PUT', one.cancel_url);
    expect(await stop(waiting)).toMatchObject({
      status: 202,
      body: { status: 'CANCELLATION_REQUESTED' },
    });
    expect((await stop(running)).status).toBe(202);
    expect(await stop(running)).toMatchObject({
      status: 400,
      body: { status: 'ALREADY_COMPLETED' },
    });
    const unknown = await call(
      fal,
      'PUT',
      running.cancel_url.replace(/requests\/.{8}/, 'requests/00000000'),
    );
    expect(unknown).toMatchObject({ status: 404, body: { status: 'NOT_FOUND' } });
    clock.advance(60_000);
    await fal.idle();
    expect(hook.calls.map(({ body }) => String(body))).toEqual([
      expect.stringContaining('Invalid status code: 499'),
    ]);
  });

  test('a refused prompt is taken and then ends as a content policy violation', async () => {
    const { fal, clock } = await start();
    const hook = await subscribe();
    const prompt = `a ${refusedWords[0] ?? ''} scene`;
    const reply = await submit(fal, { ...short, prompt }, kling, hook.url);
    clock.advance(5000);
    await fal.idle();
    expect(await call(fal, 'GET', reply.status_url)).toMatchObject({ status: 200 });
    const result = await call(fal, 'GET', reply.response_url);
    expect(result).toMatchObject({
      status: 422,
      body: { detail: [{ type: 'content_policy_violation', loc: ['body', 'prompt'] }] },
    });
    expect(JSON.parse(String(hook.calls[0]?.body))).toMatchObject({
      request_id: reply.request_id,
      status: 'ERROR',
      error: 'Invalid status code: 422',
      payload: { detail: [{ type: 'content_policy_violation' }] },
    });
  });
});

describe('webhooks', () => {
  test('are signed with one of the published keys', async () => {
    const { fal, clock } = await start();
    const hook = await subscribe();
    const reply = await submit(fal, short, kling, hook.url);
    clock.advance(5000);
    await fal.idle();
    const request = hook.calls[0];
    if (!request) throw new Error('no callback came');
    expect(request.url.searchParams.get('attempt')).toBe('att_1');
    expect(JSON.parse(request.body.toString())).toMatchObject({
      request_id: reply.request_id,
      gateway_request_id: reply.request_id,
      status: 'OK',
      payload: { video: { content_type: 'video/mp4' } },
    });
    const header = (name: string) => request.header(`x-fal-webhook-${name}`) ?? '';
    const digest = createHash('sha256').update(request.body).digest('hex');
    const lines = [header('request-id'), header('user-id'), header('timestamp'), digest];
    expect(header('timestamp')).toBe(String(clock.now().getTime() / 1000));
    const { body } = await call(fal, 'GET', 'rest.fal.ai/.well-known/jwks.json');
    const { keys } = z.object({ keys: z.array(z.custom<JsonWebKey>()) }).parse(body);
    expect(keys).toHaveLength(2);
    expect(JSON.stringify(keys)).not.toContain('"d"');
    const fits = keys.map((key) =>
      verify(
        null,
        Buffer.from(lines.join('\n')),
        createPublicKey({ key, format: 'jwk' }),
        Buffer.from(header('signature'), 'hex'),
      ),
    );
    expect(fits).toEqual([false, true]);
  });

  test('come again, ever later, until one is taken', async () => {
    const { fal, clock } = await start();
    const hook = await subscribe(500, 404, 302);
    await submit(fal, short, kling, hook.url);
    clock.advance(5000);
    await fal.idle();
    for (const waitMs of [7000, 14_000, 28_000, 56_000]) {
      clock.advance(waitMs - 1);
      await fal.idle();
      const before = hook.calls.length;
      clock.advance(1);
      await fal.idle();
      expect(hook.calls.length).toBe(Math.min(before + 1, 4));
    }
    expect(fal.deliveries.map(({ status }) => status)).toEqual([500, 404, 302, 200]);
  });

  test('stop after ten more attempts in about two hours', async () => {
    const { fal, clock } = await start();
    await submit(fal, short, kling, 'http://127.0.0.1:1/nobody');
    clock.advance(5000);
    await fal.idle();
    for (let hour = 0; hour < 12; hour += 1) {
      clock.advance(3_600_000);
      await fal.idle();
    }
    expect(fal.deliveries).toHaveLength(11);
    expect(fal.deliveries.every(({ status }) => status === null)).toBe(true);
  });

  test('give up on an answer after 15 seconds', async () => {
    const { fal, clock } = await start();
    const asked = Promise.withResolvers<void>();
    const handle = () => {
      asked.resolve();
      return new Promise<never>(() => {});
    };
    const server = await serveRoutes([{ method: 'POST', path: /^\/hook$/, handle }], {
      status: 404,
    });
    cleanups.push(() => server.close());
    await submit(fal, short, kling, `${server.url}/hook`);
    clock.advance(5000);
    await asked.promise;
    expect(fal.deliveries).toEqual([]);
    clock.advance(15_000);
    await fal.idle();
    expect(fal.deliveries).toMatchObject([{ attempt: 1, status: null }]);
  });

  test.each([
    ['lost', 0],
    ['duplicate', 2],
    ['late', 0],
  ] as const)('can be %s', async (how, atOnce) => {
    const { fal, clock } = await start();
    const hook = await subscribe();
    fal.misbehave({ on: 'webhook', how, times: 1, delayMs: 60_000 });
    await submit(fal, short, kling, hook.url);
    clock.advance(5000);
    await fal.idle();
    expect(hook.calls).toHaveLength(atOnce);
    clock.advance(60_000);
    await fal.idle();
    expect(hook.calls).toHaveLength(how === 'late' ? 1 : atOnce);
  });
});

describe('misbehaviour', () => {
  test('a reset before leaves nothing, a reset after leaves a request', async () => {
    const { fal } = await start();
    fal.misbehave({ on: 'submit', how: 'reset_before', times: 1 });
    await expect(submit(fal)).rejects.toThrow('fetch failed');
    expect(fal.submits).toHaveLength(0);
    fal.misbehave({ on: 'submit', how: 'reset_after', times: 1 });
    await expect(submit(fal)).rejects.toThrow('fetch failed');
    expect(fal.submits).toHaveLength(1);
    await submit(fal);
    expect(fal.submits).toHaveLength(2);
  });

  test('an error ends the job itself', async () => {
    const { fal, clock } = await start();
    fal.misbehave({ on: 'result', how: 'error', times: 1 });
    const reply = await submit(fal);
    clock.advance(5000);
    await fal.idle();
    expect(await call(fal, 'GET', reply.response_url)).toMatchObject({
      status: 500,
      body: { error_type: 'runner_server_error' },
    });
  });

  test('what makes no sense is refused', async () => {
    const { fal } = await start();
    expect(() => fal.misbehave({ on: 'submit', how: 'forged', times: 1 })).toThrow('forged');
    expect(() => fal.misbehave({ on: 'webhook', how: 'redirect', times: 1 })).toThrow('redirect');
  });
});

async function twoIds(seed: number): Promise<string[]> {
  const { fal } = await start({ seed });
  return [(await submit(fal)).request_id, (await submit(fal)).request_id];
}

test('with a seed, ids repeat from run to run', async () => {
  const first = await twoIds(7);
  expect(new Set(first).size).toBe(2);
  expect(await twoIds(7)).toEqual(first);
});

test('a restart keeps keys, finished jobs and their clips, and resumes the rest', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jilo-fal-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const stateFile = join(folder, 'deep', 'fal.json');
  const hook = await subscribe(503);
  const first = await start({ stateFile, concurrency: 1 });
  const done = await submit(first.fal, short, kling, hook.url);
  first.clock.advance(5000);
  await first.fal.idle();
  const running = await submit(first.fal, short, kling, hook.url);
  const waiting = await submit(first.fal, short, kling, hook.url);
  const keys = await call(first.fal, 'GET', 'rest.fal.ai/.well-known/jwks.json');
  await first.fal.close();
  expect(hook.calls).toHaveLength(1);
  expect((await stat(stateFile)).mode & 0o777).toBe(0o600);

  const second = await start({ stateFile, concurrency: 1, clock: first.clock });
  expect((await call(second.fal, 'GET', 'rest.fal.ai/.well-known/jwks.json')).body).toEqual(
    keys.body,
  );
  const result = await call(second.fal, 'GET', done.response_url);
  const { video } = z.object({ video: z.object({ url: z.string() }) }).parse(result.body);
  expect(video.url).toContain(second.fal.url);
  expect((await fetch(video.url)).status).toBe(200);
  for (let step = 0; step < 3; step += 1) {
    first.clock.advance(7000);
    await second.fal.idle();
  }
  for (const one of [running, waiting]) {
    expect((await call(second.fal, 'GET', one.status_url)).status).toBe(200);
  }
  const told = hook.calls.map(
    ({ body }) => z.object({ request_id: z.string() }).parse(JSON.parse(String(body))).request_id,
  );
  expect(told).toHaveLength(4);
  expect(told.filter((id) => id === done.request_id)).toHaveLength(2);
  expect(told).toEqual(expect.arrayContaining([running.request_id, waiting.request_id]));
});

describe('clips', () => {
  const spec = { prompt: 'a paper boat', seed: 1, width: 720, height: 1280, fps: 24, audio: true };

  test('play to their end, with sound', async () => {
    const renderer = createClipRenderer(0.1);
    cleanups.push(() => renderer.close());
    const bytes = await renderer.render({ ...spec, seconds: 2 });
    const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
    const video = await input.getPrimaryVideoTrack();
    const audio = await input.getPrimaryAudioTrack();
    if (!video || !audio) throw new Error('a track is missing');
    let frames = 0;
    for await (const frame of new VideoSampleSink(video).samples()) {
      frames += 1;
      frame.close();
    }
    let loudest = 0;
    for await (const sample of new AudioSampleSink(audio).samples()) {
      const data = new Float32Array(sample.numberOfFrames);
      sample.copyTo(data, { planeIndex: 0, format: 'f32-planar' });
      loudest = data.reduce((most, value) => Math.max(most, Math.abs(value)), loudest);
      sample.close();
    }
    expect(frames).toBe(48);
    expect(await video.computeDuration()).toBeCloseTo(2, 3);
    expect(loudest).toBeGreaterThan(0.02);
    expect(loudest).toBeLessThan(0.9);
    expect(bytes.indexOf(0)).toBeGreaterThanOrEqual(0);
    expect(Buffer.from(bytes).indexOf('moov')).toBeLessThan(Buffer.from(bytes).indexOf('mdat'));
    input.dispose();
  });

  test('are the same for the same prompt and seed, and differ otherwise', async () => {
    const renderer = createClipRenderer(0.1);
    const other = createClipRenderer(0.1);
    cleanups.push(
      () => renderer.close(),
      () => other.close(),
    );
    const hash = async (from: typeof renderer, change: object) => {
      const bytes = await from.render({ ...spec, seconds: 1, ...change });
      return createHash('sha256').update(bytes).digest('hex');
    };
    const [one, again, prompt, seed, chinese] = await Promise.all([
      hash(renderer, {}),
      hash(other, {}),
      hash(renderer, { prompt: 'a tin drum' }),
      hash(renderer, { seed: 2 }),
      hash(renderer, { prompt: '雨夜的城市，一只柴犬撑着伞' }),
    ]);
    expect(again).toBe(one);
    expect(new Set([one, prompt, seed, chinese]).size).toBe(4);
  });

  test('of one endpoint share their codec settings', async () => {
    const renderer = createClipRenderer(0.1);
    cleanups.push(() => renderer.close());
    const settings = async (prompt: string, seconds: number) => {
      const bytes = await renderer.render({ ...spec, prompt, seconds });
      const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
      const video: InputVideoTrack | null = await input.getPrimaryVideoTrack();
      const config = await video?.getDecoderConfig();
      const sound = await (await input.getPrimaryAudioTrack())?.getDecoderConfig();
      input.dispose();
      return JSON.stringify([config, sound], (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      );
    };
    expect(await settings('a', 1)).toBe(await settings('quite another thing', 3));
  });

  test.each([
    [kling, { ...short, aspect_ratio: '9:16' }, { width: 720, height: 1280, seconds: 3 }],
    [kling, { prompt: 'a', aspect_ratio: '1:1' }, { width: 720, height: 720, seconds: 5 }],
    [
      'fal-ai/minimax/video-01',
      { prompt: 'a' },
      { width: 1280, height: 720, seconds: 6, audio: false },
    ],
    [
      'fal-ai/minimax/hailuo-2.3/standard/text-to-video',
      { prompt: 'a', duration: '10' },
      { width: 1366, height: 768, seconds: 10, audio: false },
    ],
    [
      'fal-ai/veo3.1',
      { prompt: 'a', aspect_ratio: '9:16' },
      { width: 720, height: 1280, seconds: 8, audio: true },
    ],
    [
      'bytedance/seedance-2.0/text-to-video',
      { prompt: 'a', resolution: '480p' },
      { width: 854, height: 480, seconds: 5 },
    ],
    [
      'wan/v2.6/text-to-video',
      { prompt: 'a', duration: '15', resolution: '720p' },
      { width: 1280, height: 720, seconds: 15 },
    ],
  ])('%s %j has the right shape', (endpoint, input, shape) => {
    expect(endpoints.get(endpoint)?.read(input)).toMatchObject({ ok: true, shape });
  });
});
