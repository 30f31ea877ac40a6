import { afterEach, describe, expect, test } from 'vitest';

import { createManualClock } from '../../sandbox/clock.ts';
import { serveRoutes, type EmulatorAnswer, type EmulatorRequest } from '../../sandbox/http.ts';
import {
  startRunway,
  type RunwayEmulator,
  type RunwayOptions,
} from '../../sandbox/runway/runway.ts';
import { OutcomeUnknown, type ShotRequest, type SubmittedShot } from '../ports/video-models.ts';
import { isAllowedUrl } from './download-addresses.ts';
import { createRunway } from './runway.ts';

const start = new Date('2026-11-22T12:00:00Z');
const never = new AbortController().signal;
const shotRequest: ShotRequest = {
  provider: 'runway',
  endpoint: 'gen4.5',
  input: { promptText: 'a paper boat', ratio: '720:1280', duration: 2 },
  webhookUrl: 'http://127.0.0.1:1/callbacks/fal?attempt=att_1&mac=abc',
};

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function openSandbox(options: Partial<RunwayOptions> = {}) {
  const clock = createManualClock(start);
  const sandbox = await startRunway({
    clock,
    secret: 'key_test',
    generationMs: 20_000,
    scale: 0.1,
    ...options,
  });
  cleanups.push(() => sandbox.close());
  return { sandbox, clock, runway: connect(sandbox) };
}

const connect = (sandbox: RunwayEmulator, secret = 'key_test') =>
  createRunway({ secret, url: sandbox.url, downloadHosts: 'loopback' });

/** A server that gives one answer to everything and keeps what it was asked. */
async function answering(answer: (request: EmulatorRequest) => EmulatorAnswer) {
  const calls: EmulatorRequest[] = [];
  const handle = (request: EmulatorRequest) => {
    calls.push(request);
    return answer(request);
  };
  const routes = ['GET', 'POST', 'DELETE'].map((method) => ({ method, path: /^\/.*$/, handle }));
  const server = await serveRoutes(routes, { status: 404 });
  cleanups.push(() => server.close());
  const { url } = server;
  const runway = createRunway({ secret: 'key_test', url, downloadHosts: 'loopback' });
  return { calls, url, runway };
}

const shotAt = (url: string): SubmittedShot => {
  const task = `${url}/v1/tasks/t1`;
  const addresses = { statusUrl: task, responseUrl: task, cancelUrl: task };
  return { provider: 'runway', requestId: 't1', ...addresses };
};

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

test('a clip from submit to file, against the sandbox with the real client', async () => {
  const { sandbox, clock, runway } = await openSandbox();
  const shot = await runway.submit(shotRequest, never);
  const body = { ...shotRequest.input, model: 'gen4.5' };
  expect(sandbox.submits).toEqual([{ taskId: shot.requestId, body }]);
  const task = `${sandbox.url}/v1/tasks/${shot.requestId}`;
  expect(shot).toEqual({
    provider: 'runway',
    requestId: shot.requestId,
    statusUrl: task,
    responseUrl: task,
    cancelUrl: task,
  });
  expect(await runway.fetchOutcome(shot, never)).toBeNull();
  clock.advance(20_000);
  await sandbox.idle();
  const outcome = await runway.fetchOutcome(shot, never);
  if (outcome?.kind !== 'delivered') throw new Error('not delivered');
  const clip = await readAll(await runway.download(outcome.url, never));
  expect(clip.toString('latin1', 4, 8)).toBe('ftyp');
});

test('what goes over the wire: key, version, path and body, and no key against repetition', async () => {
  const { calls, runway } = await answering(() => ({ status: 200, body: { id: 't1' } }));
  await runway.submit(shotRequest, never);
  const [call] = calls;
  expect(call?.url.pathname).toBe('/v1/text_to_video');
  expect(call?.header('authorization')).toBe('Bearer key_test');
  expect(call?.header('x-runway-version')).toBe('2024-11-06');
  expect(call?.header('idempotency-key')).toBeUndefined();
  expect(JSON.parse(call?.body.toString() ?? '')).toEqual({
    model: 'gen4.5',
    promptText: 'a paper boat',
    ratio: '720:1280',
    duration: 2,
  });
});

describe('a submit is sent once, whatever comes back', () => {
  const once = async (answer: EmulatorAnswer) => {
    const { calls, runway } = await answering(() => answer);
    const error: unknown = await runway.submit(shotRequest, never).catch((thrown) => thrown);
    expect(calls).toHaveLength(1);
    return error;
  };

  test.each<[string, EmulatorAnswer]>([
    ['a reset', { status: 0, reset: true }],
    ['500', { status: 500 }],
    ['502', { status: 502, body: '<html>bad gateway</html>' }],
    ['503', { status: 503, headers: { 'retry-after': '1' }, body: { error: 'shedding load' } }],
    ['504', { status: 504 }],
    ['408', { status: 408 }],
    ['503 that asks for a retry', { status: 503, headers: { 'x-should-retry': 'true' } }],
    ['a redirect', { status: 307, headers: { location: '/v1/text_to_video' } }],
    ['a success without an id', { status: 200, body: {} }],
    ['a success that is no JSON', { status: 200, body: 'fine' }],
    ['an empty id', { status: 200, body: { id: '' } }],
  ])('%s: nobody knows', async (_what, answer) => {
    expect(await once(answer)).toBeInstanceOf(OutcomeUnknown);
  });

  test('nobody takes the connection: certainly not taken', async () => {
    const { sandbox, runway } = await openSandbox();
    await sandbox.close();
    await expect(runway.submit(shotRequest, never)).rejects.toMatchObject({
      code: 'provider_busy',
      params: { provider: 'Runway' },
      retryAfterSeconds: 20,
    });
  });

  test('too much: certainly not taken, and when to come back', async () => {
    const retryAfter = (value: string) => ({ status: 429, headers: { 'retry-after': value } });
    const busy = (seconds: number) => ({ code: 'provider_busy', retryAfterSeconds: seconds });
    expect(await once({ status: 429, body: { error: 'x' } })).toMatchObject(busy(10));
    expect(await once(retryAfter('7'))).toMatchObject(busy(7));
    expect(await once(retryAfter('0'))).toMatchObject(busy(1));
    expect(await once(retryAfter('99999'))).toMatchObject(busy(3600));
    expect(await once(retryAfter('soon'))).toMatchObject(busy(10));
  });

  test.each<[string, EmulatorAnswer, string]>([
    ['a wrong key', { status: 401, body: { error: 'invalid' } }, 'provider_locked'],
    ['a forbidden model', { status: 403, body: { error: 'no access' } }, 'provider_locked'],
    ['payment', { status: 402 }, 'provider_locked'],
    [
      'no credits',
      { status: 400, body: { error: 'You do not have enough credits to run this task.' } },
      'provider_locked',
    ],
    [
      'a prompt that moderation refuses',
      { status: 400, body: { error: 'The prompt did not pass content moderation.' } },
      'content_refused',
    ],
    [
      'a moderation code',
      { status: 400, body: { error: 'no', failureCode: 'SAFETY.INPUT.TEXT' } },
      'content_refused',
    ],
    [
      'a refused body',
      { status: 400, body: { error: 'Validation of body failed', issues: [] } },
      'provider_failed',
    ],
    ['a path that is gone', { status: 404, body: { error: 'Not found' } }, 'provider_failed'],
    ['a refusal without words', { status: 400 }, 'provider_failed'],
  ])('%s', async (_what, answer, code) => {
    expect(await once(answer)).toMatchObject({ name: 'Fault', code });
  });

  test('a lost answer costs one task, not two; a lost request none', async () => {
    const { sandbox, runway } = await openSandbox();
    const submit = async () => runway.submit(shotRequest, never);
    for (const how of ['reset_after', 'http_503_after', 'garbled', 'truncated'] as const) {
      sandbox.misbehave({ on: 'submit', how, times: 1 });
      await expect(submit()).rejects.toBeInstanceOf(OutcomeUnknown);
    }
    expect(sandbox.submits).toHaveLength(4);
    for (const how of ['reset_before', 'http_503'] as const) {
      sandbox.misbehave({ on: 'submit', how, times: 1 });
      await expect(submit()).rejects.toBeInstanceOf(OutcomeUnknown);
    }
    sandbox.misbehave({ on: 'submit', how: 'http_429', times: 1, delayMs: 4000 });
    await expect(submit()).rejects.toMatchObject({ code: 'provider_busy', retryAfterSeconds: 4 });
    expect(sandbox.submits).toHaveLength(4);
  });

  test('a caller who gives up during the call does not know either; before it nothing is sent', async () => {
    const { sandbox, runway, clock } = await openSandbox();
    const abort = new AbortController();
    const reason = new Error('shutting down');
    sandbox.misbehave({ on: 'submit', how: 'late', times: 1, delayMs: 5000 });
    const submitting = Promise.allSettled([runway.submit(shotRequest, abort.signal)]);
    await expect.poll(() => sandbox.submits.length).toBe(1);
    abort.abort(reason);
    const [ended] = await submitting;
    expect(ended).toMatchObject({ status: 'rejected', reason: { name: 'OutcomeUnknown' } });
    clock.advance(5000);
    await expect(runway.submit(shotRequest, abort.signal)).rejects.toBe(reason);
    expect(sandbox.submits).toHaveLength(1);
  });

  test('the sandbox refuses as the mapping expects', async () => {
    const { sandbox, runway } = await openSandbox({ credits: 24, dailyLimit: 1 });
    const send = (input: ShotRequest['input'], secret?: string) =>
      (secret ? connect(sandbox, secret) : runway).submit({ ...shotRequest, input }, never);
    const { input } = shotRequest;
    await expect(send(input, 'wrong')).rejects.toMatchObject({ code: 'provider_locked' });
    await expect(send({ ...input, duration: 1 })).rejects.toMatchObject({
      code: 'provider_failed',
    });
    await expect(send({ ...input, duration: 3 })).rejects.toMatchObject({
      code: 'provider_locked',
    });
    await send(input);
    await expect(send(input)).rejects.toMatchObject({ code: 'provider_busy' });
    expect(sandbox.submits).toHaveLength(1);
  });
});

describe('an outcome', () => {
  const read = async (body: object) => {
    const { url, runway } = await answering(() => ({ status: 200, body: { id: 't1', ...body } }));
    return runway.fetchOutcome(shotAt(url), never);
  };

  test.each(['PENDING', 'THROTTLED', 'RUNNING', 'SOMETHING_NEW'])('%s: not yet', async (status) => {
    expect(await read({ status, progress: 0.5 })).toBeNull();
  });

  test.each<[string | null, boolean]>([
    ['INTERNAL', true],
    ['INTERNAL.BAD_OUTPUT.CODE01', true],
    ['INPUT_PREPROCESSING.INTERNAL', true],
    ['THIRD_PARTY.UNAVAILABLE', true],
    [null, true],
    ['ASSET.INVALID', false],
    ['INTERNALS', false],
    ['SOMETHING.NEW', false],
  ])('failed with %s', async (failureCode, retryable) => {
    const said = await read({ status: 'FAILED', failure: 'why', failureCode });
    const detail = `${failureCode ?? 'no code'}: why`;
    expect(said).toEqual({ kind: 'failed', retryable, detail });
  });

  test.each([
    'SAFETY.INPUT.TEXT',
    'SAFETY.OUTPUT.VIDEO',
    'INPUT_PREPROCESSING.SAFETY.TEXT',
    'THIRD_PARTY.SAFETY',
  ])('refused with %s', async (failureCode) => {
    const said = await read({ status: 'FAILED', failure: 'why', failureCode });
    expect(said).toEqual({ kind: 'refused' });
  });

  test('delivered, cancelled, and delivered without anything', async () => {
    const output = ['https://dnznrvs05pmza.cloudfront.net/a.mp4?_jwt=x.y.z'];
    expect(await read({ status: 'SUCCEEDED', output })).toEqual({
      kind: 'delivered',
      url: output[0],
    });
    expect(await read({ status: 'SUCCEEDED', output: [] })).toMatchObject({ kind: 'failed' });
    expect(await read({ status: 'SUCCEEDED' })).toMatchObject({ kind: 'failed', retryable: false });
    expect(await read({ status: 'CANCELLED' })).toEqual({ kind: 'cancelled' });
  });

  test('of a task that is gone: it was cancelled or deleted', async () => {
    const { url, runway } = await answering(() => ({ status: 404, body: { error: 'x' } }));
    expect(await runway.fetchOutcome(shotAt(url), never)).toEqual({ kind: 'cancelled' });
  });

  test.each<[EmulatorAnswer, string]>([
    [{ status: 0, reset: true }, 'provider_busy'],
    [{ status: 503 }, 'provider_busy'],
    [{ status: 429, headers: { 'retry-after': '3' } }, 'provider_busy'],
    [{ status: 401 }, 'provider_locked'],
    [{ status: 400 }, 'provider_failed'],
  ])('that cannot be read: %j is looked at once and says %s', async (answer, code) => {
    const { calls, url, runway } = await answering(() => answer);
    await expect(runway.fetchOutcome(shotAt(url), never)).rejects.toMatchObject({ code });
    expect(calls).toHaveLength(1);
  });

  test('in moderation, at the sandbox', async () => {
    const { sandbox, clock, runway } = await openSandbox();
    const input = { ...shotRequest.input, promptText: 'a forbidden-by-provider boat' };
    const shot = await runway.submit({ ...shotRequest, input }, never);
    sandbox.misbehave({ on: 'run', failureCode: 'THIRD_PARTY.UNAVAILABLE', times: 1 });
    const other = await runway.submit(shotRequest, never);
    clock.advance(20_000);
    await sandbox.idle();
    expect(await runway.fetchOutcome(shot, never)).toEqual({ kind: 'refused' });
    expect(await runway.fetchOutcome(other, never)).toMatchObject({ retryable: true });
  });
});

describe('a stop', () => {
  test('ends what runs, and only that: a finished clip is not deleted', async () => {
    const { sandbox, clock, runway } = await openSandbox();
    const running = await runway.submit(shotRequest, never);
    expect(await runway.cancel(running, never)).toBe('requested');
    expect(await runway.cancel(running, never)).toBe('unknown');
    expect(await runway.fetchOutcome(running, never)).toEqual({ kind: 'cancelled' });
    const finished = await runway.submit(shotRequest, never);
    clock.advance(20_000);
    await sandbox.idle();
    expect(await runway.cancel(finished, never)).toBe('too_late');
    expect(await runway.fetchOutcome(finished, never)).toMatchObject({ kind: 'delivered' });
  });

  test.each(['SUCCEEDED', 'FAILED', 'CANCELLED'])(
    'of a task that is %s deletes nothing',
    async (status) => {
      const { calls, url, runway } = await answering(() => ({ status: 200, body: { status } }));
      expect(await runway.cancel(shotAt(url), never)).toBe('too_late');
      expect(calls.map(({ method }) => method)).toEqual(['GET']);
    },
  );

  test('that loses its race, or its connection', async () => {
    const answers = (answer: EmulatorAnswer) =>
      answering(({ method }) =>
        method === 'GET' ? { status: 200, body: { status: 'RUNNING' } } : answer,
      );
    const gone = await answers({ status: 404 });
    expect(await gone.runway.cancel(shotAt(gone.url), never)).toBe('unknown');
    const unwell = await answers({ status: 503 });
    await expect(unwell.runway.cancel(shotAt(unwell.url), never)).rejects.toMatchObject({
      code: 'provider_busy',
    });
    expect(unwell.calls.map(({ method }) => method)).toEqual(['GET', 'DELETE']);
  });
});

describe('downloads', () => {
  test('come from Runway’s own hosts only', () => {
    for (const host of ['dnznrvs05pmza', 'd2jqrm6oza8nb6'])
      expect(isAllowedUrl(`https://${host}.cloudfront.net/a.mp4?_jwt=x`, 'runway')).toBe(true);
    for (const address of [
      'http://dnznrvs05pmza.cloudfront.net/a.mp4',
      'https://dnznrvs05pmza.cloudfront.net:8443/a.mp4',
      'https://evil.cloudfront.net/a.mp4',
      'https://cloudfront.net/a.mp4',
      'https://a.dnznrvs05pmza.cloudfront.net/a.mp4',
      'https://dnznrvs05pmza.cloudfront.net.evil.example/a.mp4',
      'https://dnznrvs05pmzaxcloudfront.net/a.mp4',
      'https://v3.fal.media/a.mp4',
      'http://127.0.0.1/a.mp4',
    ]) {
      expect(isAllowedUrl(address, 'runway')).toBe(false);
    }
    expect(isAllowedUrl('https://dnznrvs05pmza.cloudfront.net/a.mp4', 'fal')).toBe(false);
  });

  test('of another host are refused by Runway’s name, before anyone is asked', async () => {
    const runway = createRunway({
      secret: 's',
      url: 'http://127.0.0.1:1',
      downloadHosts: 'runway',
    });
    await expect(runway.download('http://127.0.0.1:1/a.mp4', never)).rejects.toMatchObject({
      code: 'provider_failed',
      params: { provider: 'Runway' },
      cause: { reason: 'address' },
    });
  });

  test('that break off or come too late are failures; a new look gives a new address', async () => {
    const { sandbox, clock, runway } = await openSandbox();
    const shot = await runway.submit(shotRequest, never);
    clock.advance(20_000);
    await sandbox.idle();
    const urlOf = async () => {
      const outcome = await runway.fetchOutcome(shot, never);
      return outcome?.kind === 'delivered' ? outcome.url : '';
    };
    const first = await urlOf();
    const fetching = async (url: string) => readAll(await runway.download(url, never));
    sandbox.misbehave({ on: 'download', how: 'truncated', times: 1 });
    await expect(fetching(first)).rejects.toMatchObject({ code: 'provider_failed' });
    sandbox.misbehave({ on: 'download', how: 'http_503', times: 1 });
    await expect(fetching(first)).rejects.toMatchObject({ code: 'provider_busy' });
    clock.advance(24 * 3600 * 1000 + 1);
    await expect(fetching(first)).rejects.toMatchObject({ code: 'provider_failed' });
    expect((await fetching(await urlOf())).length).toBeGreaterThan(1000);
  });
});
