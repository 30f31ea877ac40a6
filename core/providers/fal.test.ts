import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

import { afterEach, describe, expect, test } from 'vitest';

import { createManualClock } from '../../sandbox/clock.ts';
import { startFal, type FalEmulator, type FalOptions } from '../../sandbox/fal/fal.ts';
import { serveRoutes, type EmulatorAnswer, type EmulatorRequest } from '../../sandbox/http.ts';
import { OutcomeUnknown, type ShotRequest } from '../ports/video-models.ts';
import { isAllowedUrl, isPublicAddress } from './download-addresses.ts';
import { createDownload } from './download.ts';
import { place } from './fal-wire.ts';
import { createFal } from './fal.ts';

const start = new Date('2026-11-22T12:00:00Z');
const never = new AbortController().signal;
const shotRequest: ShotRequest = {
  provider: 'fal',
  endpoint: 'fal-ai/kling-video/v3/standard/text-to-video',
  input: { prompt: 'a paper boat', duration: '3', aspect_ratio: '9:16', generate_audio: false },
  webhookUrl: 'http://127.0.0.1:1/callbacks/fal?attempt=att_1&mac=abc',
};

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function openSandbox(options: Partial<FalOptions> = {}) {
  const clock = createManualClock(start);
  const sandbox = await startFal({
    clock,
    key: 'id:secret',
    generationMs: 5000,
    scale: 0.1,
    ...options,
  });
  cleanups.push(() => sandbox.close());
  return { sandbox, clock, fal: connect(sandbox) };
}

const connect = (sandbox: FalEmulator, key = 'id:secret') =>
  createFal({
    key,
    queueUrl: sandbox.queueUrl,
    restUrl: sandbox.restUrl,
    downloadHosts: 'loopback',
  });

/** A server that gives one answer to everything and keeps what it was asked. */
async function answering(answer: (request: EmulatorRequest) => EmulatorAnswer) {
  const calls: EmulatorRequest[] = [];
  const handle = (request: EmulatorRequest) => {
    calls.push(request);
    return answer(request);
  };
  const routes = ['GET', 'POST', 'PUT'].map((method) => ({ method, path: /^\/.*$/, handle }));
  const server = await serveRoutes(routes, { status: 404 });
  cleanups.push(() => server.close());
  const settings = { key: 'id:secret', queueUrl: server.url, restUrl: server.url };
  return { calls, url: server.url, fal: createFal({ ...settings, downloadHosts: 'loopback' }) };
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

describe('a clip from submit to file', () => {
  test('works against the sandbox with the real client', async () => {
    const { sandbox, clock, fal } = await openSandbox();
    const shot = await fal.submit(shotRequest, never);
    const { endpoint, input, webhookUrl } = shotRequest;
    const { requestId } = shot;
    expect(sandbox.submits).toMatchObject([{ requestId, endpoint, input, webhookUrl }]);
    expect(shot.statusUrl).toContain('https://queue.fal.run/fal-ai/kling-video/requests/');
    expect(await fal.fetchOutcome(shot, never)).toBeNull();
    clock.advance(5000);
    await sandbox.idle();
    const outcome = await fal.fetchOutcome(shot, never);
    if (outcome?.kind !== 'delivered') throw new Error('not delivered');
    const bytes = await readAll(await fal.download(outcome.url, never));
    expect(bytes.toString('latin1', 4, 8)).toBe('ftyp');
    expect(await fal.cancel(shot, never)).toBe('too_late');
  });

  test('can be stopped while it runs', async () => {
    const { fal } = await openSandbox();
    const shot = await fal.submit(shotRequest, never);
    expect(await fal.cancel(shot, never)).toBe('requested');
    expect(await fal.fetchOutcome(shot, never)).toEqual({ kind: 'cancelled' });
    const cancelUrl = shot.cancelUrl.replace(shot.requestId, 'unheard-of');
    expect(await fal.cancel({ ...shot, cancelUrl }, never)).toBe('unknown');
  });

  test.each(['ALREADY_COMPLETED', 'NOT_FOUND'])('reads %s out of a 200', async (status) => {
    const { fal } = await answering(() => ({ status: 200, body: { status } }));
    const url = 'https://queue.fal.run/a/b/requests/1/cancel';
    const shot = {
      provider: 'fal' as const,
      requestId: '1',
      statusUrl: url,
      responseUrl: url,
      cancelUrl: url,
    };
    expect(await fal.cancel(shot, never)).toBe(status === 'NOT_FOUND' ? 'unknown' : 'too_late');
  });
});

describe('submit sends exactly once', () => {
  test.each([
    ['reset_before', 0],
    ['reset_after', 1],
    ['http_503', 0],
    ['error', 0],
    ['truncated', 1],
    ['redirect', 0],
  ] as const)('%s: the outcome is unknown', async (how, taken) => {
    const { sandbox, fal } = await openSandbox();
    // Were it sent again, the second attempt would go well and be counted.
    sandbox.misbehave({ on: 'submit', how, times: 1 });
    await expect(fal.submit(shotRequest, never)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(sandbox.submits).toHaveLength(taken);
  });

  test('nobody takes the connection: it was certainly not taken', async () => {
    const { sandbox, fal } = await openSandbox();
    await sandbox.close();
    await expect(fal.submit(shotRequest, never)).rejects.toMatchObject({
      code: 'provider_busy',
      params: { provider: 'fal' },
      retryAfterSeconds: 20,
    });
    await expect(fal.download(`${sandbox.url}/files/a.mp4`, never)).rejects.toMatchObject({
      code: 'provider_busy',
    });
  });

  test('429: it was not taken, and fal says when to come back', async () => {
    const { sandbox, fal } = await openSandbox();
    sandbox.misbehave({ on: 'submit', how: 'http_429', times: 1, delayMs: 42_000 });
    await expect(fal.submit(shotRequest, never)).rejects.toMatchObject({
      code: 'provider_busy',
      retryAfterSeconds: 42,
    });
    expect(sandbox.submits).toEqual([]);
  });

  test.each([500, 502, 503, 504])('%i without a body is asked for once', async (status) => {
    const { calls, fal } = await answering(() => ({ status }));
    await expect(fal.submit(shotRequest, never)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(calls).toHaveLength(1);
  });

  test('an abort on the way leaves the outcome unknown; before, nothing is sent', async () => {
    const { sandbox, fal } = await openSandbox();
    sandbox.misbehave({ on: 'submit', how: 'late', times: 1 });
    const abort = new AbortController();
    const sending = fal.submit(shotRequest, abort.signal);
    setImmediate(() => abort.abort());
    await expect(sending).rejects.toSatisfy(
      (error) => error instanceof OutcomeUnknown || error === abort.signal.reason,
    );
    await expect(fal.submit(shotRequest, abort.signal)).rejects.toBe(abort.signal.reason);
    expect(sandbox.submits).toEqual([]);
  });

  test('a success that makes no sense leaves it unknown', async () => {
    for (const body of ['<html>', '{"request_id":', '{}']) {
      const headers = { 'content-type': 'application/json' };
      const { calls, fal } = await answering(() => ({ status: 200, headers, body }));
      await expect(fal.submit(shotRequest, never)).rejects.toBeInstanceOf(OutcomeUnknown);
      expect(calls).toHaveLength(1);
    }
  });

  test('the request is what fal documents', async () => {
    const { calls, fal } = await answering(() => ({ status: 500 }));
    await expect(fal.submit(shotRequest, never)).rejects.toThrow('may or may not');
    const request = calls[0];
    expect(request?.url.pathname).toBe(`/${shotRequest.endpoint}`);
    expect(request?.url.searchParams.get('fal_webhook')).toBe(shotRequest.webhookUrl);
    expect(request?.header('authorization')).toBe('Key id:secret');
    expect(JSON.parse(String(request?.body))).toEqual(shotRequest.input);
  });

  test('a malformed endpoint id is a defect, not an unknown outcome', async () => {
    const { calls, fal } = await answering(() => ({ status: 200 }));
    const sending = fal.submit({ ...shotRequest, endpoint: 'nonsense' }, never);
    await expect(sending).rejects.toThrow('Invalid app id');
    await expect(sending).rejects.not.toBeInstanceOf(OutcomeUnknown);
    expect(calls).toEqual([]);
  });
});

describe('what fal refuses', () => {
  const locked = { detail: 'User is locked. Reason: Exhausted balance.' };
  const policy = {
    detail: [{ loc: ['body', 'prompt'], msg: 'no', type: 'content_policy_violation' }],
  };
  const missing = { detail: [{ loc: ['body', 'prompt'], msg: 'Field required', type: 'missing' }] };
  test.each<[number, object, string]>([
    [403, locked, 'provider_locked'],
    [401, { detail: 'No user' }, 'provider_locked'],
    [422, policy, 'content_refused'],
    [422, { detail: 'Prompt violates our content policy' }, 'content_refused'],
    [422, missing, 'provider_failed'],
    [404, { detail: 'Application not found' }, 'provider_failed'],
    [400, {}, 'provider_failed'],
    [429, { detail: 'Too many requests' }, 'provider_busy'],
  ])('%i %j is %s', async (status, body, code) => {
    const { calls, fal } = await answering(() => ({ status, body }));
    await expect(fal.submit(shotRequest, never)).rejects.toMatchObject({ name: 'Fault', code });
    expect(calls).toHaveLength(1);
  });

  test('a wrong key, in the sandbox', async () => {
    const { sandbox } = await openSandbox();
    const fal = connect(sandbox, 'other:key');
    await expect(fal.submit(shotRequest, never)).rejects.toMatchObject({ code: 'provider_locked' });
  });
});

describe('fetchOutcome', () => {
  test('tells a refusal from a failure', async () => {
    const { sandbox, clock, fal } = await openSandbox();
    const prompt = 'forbidden-by-provider';
    const refused = await fal.submit({ ...shotRequest, input: { prompt } }, never);
    sandbox.misbehave({ on: 'result', how: 'error', times: 0 });
    clock.advance(5000);
    await sandbox.idle();
    expect(await fal.fetchOutcome(refused, never)).toEqual({ kind: 'refused' });
    sandbox.misbehave({ on: 'result', how: 'error', times: 1 });
    const broken = await fal.submit(shotRequest, never);
    clock.advance(5000);
    await sandbox.idle();
    expect(await fal.fetchOutcome(broken, never)).toEqual({
      kind: 'failed',
      retryable: true,
      detail: '500 runner_server_error runner server error',
    });
  });

  test.each([
    ['status', 'http_503'],
    ['status', 'http_429'],
    ['status', 'reset_before'],
    ['status', 'truncated'],
    ['result', 'http_503'],
    ['result', 'reset_after'],
  ] as const)('%s %s is no outcome: ask again later', async (on, how) => {
    const { sandbox, clock, fal } = await openSandbox();
    const shot = await fal.submit(shotRequest, never);
    clock.advance(5000);
    await sandbox.idle();
    sandbox.misbehave({ on, how, times: 1, delayMs: 7000 });
    await expect(fal.fetchOutcome(shot, never)).rejects.toMatchObject({
      code: 'provider_busy',
      retryAfterSeconds: how.startsWith('http') ? 7 : 10,
    });
    expect(await fal.fetchOutcome(shot, never)).toMatchObject({ kind: 'delivered' });
  });

  const done = { status: 200, body: { status: 'COMPLETED' } };
  const failing = (answer: EmulatorAnswer) =>
    answering(({ url }) => (url.pathname.endsWith('/status') ? done : answer));
  const base = 'https://queue.fal.run/fal-ai/veo3.1/requests/r1';
  const shot = {
    provider: 'fal' as const,
    requestId: 'r1',
    statusUrl: `${base}/status`,
    responseUrl: base,
    cancelUrl: `${base}/cancel`,
  };

  test.each<[EmulatorAnswer, object]>([
    [
      { status: 504, body: { detail: 'Request timed out', error_type: 'request_timeout' } },
      { kind: 'failed', retryable: true },
    ],
    [
      { status: 422, body: { detail: [{ loc: ['body'], msg: 'x', type: 'y' }] } },
      { kind: 'failed', retryable: false },
    ],
    [
      { status: 422, headers: { 'x-fal-retryable': 'true' }, body: { detail: 'try again' } },
      { kind: 'failed', retryable: true },
    ],
    [
      { status: 500, headers: { 'x-fal-retryable': 'false' }, body: { detail: 'broken' } },
      { kind: 'failed', retryable: false },
    ],
    [
      { status: 200, body: { images: [] } },
      { kind: 'failed', retryable: false },
    ],
    [{ status: 200, body: { video: { url: '' } } }, { kind: 'failed' }],
  ])('%j', async (answer, outcome) => {
    const { fal } = await failing(answer);
    expect(await fal.fetchOutcome(shot, never)).toMatchObject(outcome);
  });

  test('uses the addresses fal gave, and never takes the key elsewhere', async () => {
    const { calls, fal } = await answering(() => ({ status: 202, body: { status: 'IN_QUEUE' } }));
    expect(await fal.fetchOutcome(shot, never)).toBeNull();
    expect(calls[0]?.url.pathname).toBe('/fal-ai/veo3.1/requests/r1/status');
    const hosts = { queueUrl: 'https://queue.fal.run', restUrl: 'https://rest.fal.ai' };
    expect(place(hosts, `${base}/status?logs=0`)).toBe(`${base}/status?logs=0`);
    for (const bad of [
      'https://queue.fal.run.evil.example/a/b/requests/1/status',
      'http://queue.fal.run/a/b/requests/1/status',
      'https://queue.fal.run:8443/a',
      'https://evil.example/',
    ]) {
      expect(() => place(hosts, bad)).toThrow('not an address');
      await expect(fal.fetchOutcome({ ...shot, statusUrl: bad }, never)).rejects.toThrow(
        'not an address',
      );
    }
    expect(calls).toHaveLength(1);
  });
});

const seconds = (at: Date) => Math.floor(at.getTime() / 1000);
const later = (at: Date, by: number) => new Date(at.getTime() + by * 1000);
const ok = { request_id: 'r1', status: 'OK', payload: { video: { url: 'https://x' } } };

function signed(key: KeyObject, body: object | string, at = seconds(start), ids = ['r1', 'u|1']) {
  const raw = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const digest = createHash('sha256').update(raw).digest('hex');
  const signature = sign(null, Buffer.from(`${ids.join('\n')}\n${at}\n${digest}`), key);
  const headers: Record<string, string> = {
    'x-fal-webhook-request-id': ids[0] ?? '',
    'x-fal-webhook-user-id': ids[1] ?? '',
    'x-fal-webhook-timestamp': String(at),
    'x-fal-webhook-signature': signature.toString('hex'),
  };
  return { raw, headers, header: (name: string) => headers[name] };
}

async function withKeys(...published: KeyObject[]) {
  const list = { published };
  const { calls, fal } = await answering(() => ({
    status: list.published.length > 0 ? 200 : 503,
    body: {
      keys: [
        { kty: 'RSA', n: 'x', e: 'AQAB' },
        ...list.published.map((key) => key.export({ format: 'jwk' })),
      ],
    },
  }));
  return { calls, fal, list };
}
const pair = () => generateKeyPairSync('ed25519');

const named = (name: string) => `x-fal-webhook-${name}`;

describe('callbacks', () => {
  test('of the sandbox are taken; forged and stale ones are not', async () => {
    const received: EmulatorRequest[] = [];
    const handle = (request: EmulatorRequest) => {
      received.push(request);
      return { status: 200 };
    };
    const hook = await serveRoutes([{ method: 'POST', path: /^\/$/, handle }], { status: 404 });
    cleanups.push(() => hook.close());
    const { sandbox, clock, fal } = await openSandbox({ concurrency: 3 });
    for (const how of ['forged', 'stale'] as const)
      sandbox.misbehave({ on: 'webhook', how, times: 1 });
    for (let index = 0; index < 3; index += 1) {
      await fal.submit({ ...shotRequest, webhookUrl: `${hook.url}/` }, never);
    }
    clock.advance(5000);
    await sandbox.idle();
    const read = await Promise.all(
      received.map(({ body, header }) => fal.readCallback(body, header, clock.now())),
    );
    expect(read.filter((callback) => callback === null)).toHaveLength(2);
    expect(read.find((callback) => callback !== null)).toMatchObject({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      outcome: { kind: 'delivered', url: expect.stringContaining(sandbox.url) },
    });
  });

  test('fit the window of 300 seconds both ways', async () => {
    const { publicKey, privateKey } = pair();
    const { fal } = await withKeys(publicKey);
    const { raw, header } = signed(privateKey, ok);
    const read = (offset: number) => fal.readCallback(raw, header, later(start, offset));
    expect(await read(0)).toMatchObject({ requestId: 'r1' });
    expect(await read(300)).not.toBeNull();
    expect(await read(-300)).not.toBeNull();
    expect(await read(301)).toBeNull();
    expect(await read(-301)).toBeNull();
  });

  test('of another body, id, user, time or key are refused', async () => {
    const { publicKey, privateKey } = pair();
    const { fal } = await withKeys(publicKey);
    const good = signed(privateKey, ok);
    const read = (raw: Buffer, changes: Record<string, string | undefined>) =>
      fal.readCallback(raw, (name) => ({ ...good.headers, ...changes })[name], start);
    expect(await read(good.raw, {})).not.toBeNull();
    expect(await read(Buffer.from(`${good.raw.toString()} `), {})).toBeNull();
    const signature = good.headers[named('signature')] ?? '';
    for (const changes of [
      { [named('request-id')]: 'r2' },
      { [named('user-id')]: 'u|2' },
      { [named('timestamp')]: String(seconds(start) + 1) },
      { [named('timestamp')]: '' },
      { [named('timestamp')]: `${seconds(start)}.0` },
      { [named('timestamp')]: 'NaN' },
      { [named('signature')]: '' },
      { [named('signature')]: undefined },
      { [named('signature')]: '0'.repeat(128) },
      { [named('signature')]: signature.slice(0, 126) },
      { [named('signature')]: `${signature}00` },
      { [named('signature')]: Buffer.from(signature, 'hex').toString('base64') },
      { [named('request-id')]: undefined },
      { [named('user-id')]: undefined },
    ]) {
      expect(await read(good.raw, changes)).toBeNull();
    }
    const foreign = signed(pair().privateKey, ok);
    expect(await fal.readCallback(foreign.raw, foreign.header, start)).toBeNull();
  });

  test('try every key; keys are kept for 24 hours and fetched once when none fits', async () => {
    const [old, current, next] = [pair(), pair(), pair()];
    const { calls, fal, list } = await withKeys(old.publicKey, current.publicKey);
    const read = (key: KeyObject, at: Date) => {
      const { raw, header } = signed(key, ok, seconds(at));
      return fal.readCallback(raw, header, at);
    };
    expect(await read(current.privateKey, start)).not.toBeNull();
    expect(await read(old.privateKey, start)).not.toBeNull();
    expect(calls).toHaveLength(1);
    for (let index = 0; index < 20; index += 1) await read(next.privateKey, later(start, 30));
    expect(calls).toHaveLength(1);
    list.published = [current.publicKey, next.publicKey];
    expect(await read(next.privateKey, later(start, 61))).not.toBeNull();
    expect(calls).toHaveLength(2);
    expect(await read(next.privateKey, later(start, 23 * 3600))).not.toBeNull();
    expect(calls).toHaveLength(2);
    expect(await read(next.privateKey, later(start, 25 * 3600))).not.toBeNull();
    expect(calls).toHaveLength(3);
  });

  test('that come together cost one look at the keys', async () => {
    const { publicKey, privateKey } = pair();
    const { calls, fal } = await withKeys(publicKey);
    const { raw, header } = signed(privateKey, ok);
    await Promise.all(Array.from({ length: 20 }, () => fal.readCallback(raw, header, start)));
    expect(calls).toHaveLength(1);
  });

  test('are not called forged while the keys are out of reach', async () => {
    const { fal } = await withKeys();
    const { raw, header } = signed(pair().privateKey, ok);
    await expect(fal.readCallback(raw, header, start)).rejects.toThrow('503');
  });

  test.each<[object, object]>([
    [
      { ...ok, gateway_request_id: 'g1' },
      { kind: 'delivered', url: 'https://x' },
    ],
    [
      { ...ok, payload: null, payload_error: 'not JSON' },
      { kind: 'failed', retryable: true },
    ],
    [
      { ...ok, payload: {} },
      { kind: 'failed', retryable: false },
    ],
    [{ request_id: 'r1', status: 'OK' }, { kind: 'failed' }],
    [
      {
        request_id: 'r1',
        status: 'ERROR',
        error: 'Invalid status code: 422',
        payload: {
          detail: [{ loc: ['body', 'prompt'], msg: 'no', type: 'content_policy_violation' }],
        },
      },
      { kind: 'refused' },
    ],
    [
      {
        request_id: 'r1',
        status: 'ERROR',
        error: 'Invalid status code: 422',
        payload: { detail: [] },
      },
      { kind: 'failed', retryable: false },
    ],
    [
      { request_id: 'r1', status: 'ERROR', error: 'Invalid status code: 503', payload: null },
      { kind: 'failed', retryable: true },
    ],
    [
      { request_id: 'r1', status: 'ERROR', error: 'odd' },
      { kind: 'failed', retryable: true },
    ],
  ])('%j', async (body, outcome) => {
    const { publicKey, privateKey } = pair();
    const { fal } = await withKeys(publicKey);
    const { raw, header } = signed(privateKey, body);
    expect(await fal.readCallback(raw, header, start)).toMatchObject({ requestId: 'r1', outcome });
  });

  test('that are signed but of no known shape are a defect', async () => {
    const { publicKey, privateKey } = pair();
    const { fal } = await withKeys(publicKey);
    const { raw, header } = signed(privateKey, '{"status":"OK"}');
    await expect(fal.readCallback(raw, header, start)).rejects.toThrow('request_id');
  });
});

describe('downloads', () => {
  const hostile = `
    http://v3.fal.media/a.mp4 https://v3.fal.media:8443/a https://v3.fal.media:80/a ftp://v3.fal.media/a
    file:///etc/passwd data:video/mp4;base64,AAAA blob:https://fal.media/x javascript:alert(1) gopher://fal.media/
    https://user@fal.media/a https://user:pw@v3.fal.media/a https://fal.media@evil.example/a
    https://fal.media:pw@evil.example/ https://evil.example/fal.media https://evil.example/?fal.media
    https://evil.example/#fal.media https://fal.media.evil.example/a https://evilfal.media/a https://xfal.media
    https://fal-media.com/ https://falmedia/ https://fal.media./a https://v3.fal.media./a https://.fal.media/a
    https://a..fal.media/a https://*.fal.media/a https://fal.mediа/a https://fаl.media/a https://fal.media%00.evil.example/
    https://fal.media%2eevil.example/ https://evil.example%2f.fal.media/ https://fal.media\\@evil.example/
    https://evil.example\\.fal.media/a https://a.b.c.d.e.fal.media/a https://a_b.fal.media/a
    http://127.0.0.1/ https://127.0.0.1/ https://127.1/ https://2130706433/ https://0x7f000001/ https://0177.0.0.1/
    https://017700000001/ https://0/ https://0.0.0.0/ https://localhost/ https://[::1]/ https://[::]/
    https://[::ffff:127.0.0.1]/ https://[::ffff:7f00:1]/ https://[64:ff9b::7f00:1]/ https://[2002:7f00:1::]/
    https://10.0.0.1/ https://172.16.0.1/ https://192.168.1.1/ https://169.254.169.254/latest/meta-data
    https://[fd00:ec2::254]/ https://100.64.0.1/ https://198.18.0.1/ https://[fe80::1]/ https://[fc00::1]/
    https://metadata.google.internal/ https://127.0.0.1.nip.io/ https://fal.media.nip.io/ https://1.1.1.1/
    https://queue.fal.run/a https://rest.fal.ai/a https://fal.ai/a https://media/ https://fal/
    //v3.fal.media/a v3.fal.media/a https:// https:/// not-an-address`;
  const addresses = ['', ' ', ...hostile.trim().split(/\s+/)];

  test('refuse every hostile address, in both settings', async () => {
    expect(addresses.length).toBeGreaterThan(60);
    expect(addresses.filter((address) => isAllowedUrl(address, 'fal'))).toEqual([]);
    const dialled: string[] = [];
    const download = createDownload('fal', {
      resolve: (host, answer) => {
        dialled.push(host);
        answer(new Error('no look-up was due'), []);
      },
    });
    for (const address of addresses) {
      await expect(download(address, never)).rejects.toMatchObject({ code: 'provider_failed' });
    }
    expect(dialled).toEqual([]);
    for (const address of [
      'http://127.0.0.2/',
      'http://10.0.0.1/',
      'https://127.0.0.1/',
      'http://localhost.evil.example/',
      'http://v3.fal.media/',
      'http://u@127.0.0.1/',
      'http://[::ffff:127.0.0.1]/',
      'http://0.0.0.0/',
    ]) {
      expect(isAllowedUrl(address, 'loopback')).toBe(false);
    }
  });

  test('take fal’s own hosts', () => {
    for (const address of [
      'https://fal.media/files/a.mp4',
      'https://v3.fal.media/files/a.mp4',
      'https://V3B.FAL.MEDIA:443/files/a/b.mp4?x=1',
      'https://cdn.v3.fal.media/a',
    ]) {
      expect(isAllowedUrl(address, 'fal')).toBe(true);
    }
  });

  const inside = `
    127.0.0.1 10.1.2.3 172.31.255.255 192.168.0.1 169.254.169.254 100.127.0.1 0.0.0.0
    198.19.0.1 224.0.0.1 255.255.255.255 192.0.2.1 ::1 :: fe80::1 fd00::1 ::ffff:10.0.0.1
    ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1 2001:0:1::1 2001:db8::1 ff02::1
    3fff::1 nonsense`;
  test.each(inside.trim().split(/\s+/))(
    'never connect to %s, whatever the name says',
    async (address) => {
      expect(isPublicAddress(address)).toBe(false);
      const family = address.includes(':') ? 6 : 4;
      const download = createDownload('fal', {
        // One good address does not help: the connection may pick the other.
        resolve: (_host, answer) =>
          answer(null, [
            { address: '1.1.1.1', family: 4 },
            { address, family },
          ]),
      });
      await expect(download('https://v3.fal.media/a.mp4', never)).rejects.toMatchObject({
        code: 'provider_failed',
        cause: { message: 'the name leads to an address that is not public' },
      });
    },
  );

  test('may connect to public addresses', () => {
    for (const address of ['1.1.1.1', '104.16.0.1', '2606:4700::1111', '2a00:1450::1']) {
      expect(isPublicAddress(address)).toBe(true);
    }
  });

  const mp4 = Buffer.concat([
    Buffer.from('\0\0\0\x18ftypisom', 'latin1'),
    Buffer.alloc(200_000, 7),
  ]);

  test('give the bytes as they are, over at most two redirects', async () => {
    const { url, fal } = await answering(({ url: asked }) => {
      const left = Number(asked.searchParams.get('left'));
      return left > 0
        ? { status: 302, headers: { location: `/?left=${left - 1}` } }
        : { status: 200, body: mp4 };
    });
    expect(await readAll(await fal.download(`${url}/?left=0`, never))).toEqual(mp4);
    expect(await readAll(await fal.download(`${url}/?left=2`, never))).toEqual(mp4);
    await expect(fal.download(`${url}/?left=3`, never)).rejects.toMatchObject({
      code: 'provider_failed',
      cause: { message: 'too many redirects' },
    });
  });

  test.each(addresses.filter((address) => /^(?:file|ftp|https?:\/\/(?:\d|\[|evil))/.test(address)))(
    'do not follow a redirect to %s',
    async (location) => {
      const { calls, url, fal } = await answering(() => ({ status: 302, headers: { location } }));
      if (isAllowedUrl(location, 'loopback')) return;
      await expect(fal.download(url, never)).rejects.toMatchObject({ code: 'provider_failed' });
      expect(calls).toHaveLength(1);
    },
  );

  test.each<[string, EmulatorAnswer, string]>([
    ['a page', { status: 200, body: '<!doctype html><title>no</title>' }, 'provider_failed'],
    ['a few bytes', { status: 200, body: 'ftyp' }, 'provider_failed'],
    ['nothing', { status: 200 }, 'provider_failed'],
    ['a part', { status: 206, body: mp4 }, 'provider_failed'],
    ['gone', { status: 404 }, 'provider_failed'],
    ['a redirect to nowhere', { status: 302 }, 'provider_failed'],
    ['too busy', { status: 429 }, 'provider_busy'],
    ['unwell', { status: 503 }, 'provider_busy'],
  ])('refuse %s', async (_what, answer, code) => {
    const { url, fal } = await answering(() => answer);
    await expect(fal.download(url, never)).rejects.toMatchObject({ name: 'Fault', code });
  });

  test('notice a body that breaks off', async () => {
    const { sandbox, clock, fal } = await openSandbox();
    const shot = await fal.submit(shotRequest, never);
    clock.advance(5000);
    await sandbox.idle();
    const outcome = await fal.fetchOutcome(shot, never);
    if (outcome?.kind !== 'delivered') throw new Error('not delivered');
    sandbox.misbehave({ on: 'download', how: 'truncated', times: 1 });
    const broken = async () => readAll(await fal.download(outcome.url, never));
    await expect(broken()).rejects.toMatchObject({ code: 'provider_failed' });
    sandbox.misbehave({ on: 'download', how: 'redirect', times: 2 });
    expect((await broken()).length).toBeGreaterThan(1000);
  });

  test('keep to the byte limit, announced or not', async () => {
    const { url } = await answering(({ url: asked }) => ({
      status: 200,
      headers: asked.pathname === '/silent' ? { 'transfer-encoding': 'chunked' } : {},
      body: mp4,
    }));
    const download = createDownload('loopback', { byteLimit: 100_000 });
    for (const path of ['/announced', '/silent']) {
      const fetching = async () => readAll(await download(url + path, never));
      await expect(fetching()).rejects.toMatchObject({ code: 'provider_failed' });
    }
  });

  test('end with the caller’s reason, or after the time limit', async () => {
    const { sandbox } = await openSandbox();
    sandbox.misbehave({ on: 'download', how: 'late', times: 2 });
    const abort = new AbortController();
    const fetching = createDownload('loopback')(`${sandbox.url}/media/a.mp4`, abort.signal);
    const reason = new Error('shutting down');
    abort.abort(reason);
    await expect(fetching).rejects.toBe(reason);
    const brief = createDownload('loopback', { timeLimitMs: 20 });
    await expect(brief(`${sandbox.url}/media/a.mp4`, never)).rejects.toMatchObject({
      code: 'provider_failed',
    });
  });
});
