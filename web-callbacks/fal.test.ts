import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { videoGenerate } from '../core/video/generate.ts';
import { dispatchShots } from '../core/video/dispatch.ts';
import { submitShot } from '../core/video/submit.ts';
import { createWorld, type World } from '../test/kit/world.ts';

const fal = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');

let world: World;
let keys: Server;
let attempt: { requestId: string; url: string };

const shotRows = z.array(z.object({ id: z.string() }));

/** Starts a video and hands its first shot to fal, as the worker does; answers with the attempt. */
async function startAttempt(prompt: string) {
  const { services } = world;
  const { signal, ...context } = await world.context('terminal');
  const { video } = await world.must(
    videoGenerate,
    { prompt, seconds: 15 },
    { ...context, signal },
  );
  const found = await services.database.sql`
    select id from shots where video_id = ${String(video)} and position = 0`;
  const [shot] = shotRows.parse(found);
  if (!shot) throw new Error('the video has no shot');
  await dispatchShots.run({}, { ...services, signal });
  await submitShot.run({ shotId: shot.id }, { ...services, signal });
  const submit = world.emulators.fal.submits.at(-1);
  if (!submit?.webhookUrl) throw new Error('nothing was submitted');
  return { requestId: submit.requestId, url: submit.webhookUrl };
}

beforeAll(async () => {
  const { kty, crv, x } = fal.publicKey.export({ format: 'jwk' });
  keys = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [{ kty, crv, x }] }));
  });
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.int() }).parse(keys.address());
  world = await createWorld({
    generationMs: 24 * 3600 * 1000,
    settings: { FAL_REST_URL: `http://127.0.0.1:${port}` },
  });
  attempt = await startAttempt('a paper boat sails through a rainy street');
});

afterAll(async () => {
  await world.close();
  keys.close();
});

const bodyOf = (requestId: string, extra: object = {}) =>
  JSON.stringify({
    request_id: requestId,
    gateway_request_id: requestId,
    status: 'OK',
    payload: { video: { url: 'http://127.0.0.1:1/a.mp4' } },
    ...extra,
  });

type Sending = {
  readonly url?: string;
  readonly key?: KeyObject;
  readonly timestamp?: number;
  readonly signed?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly unsigned?: boolean;
};

/** Posts `body` with fal's four headers; `signed` signs another body than the one that is sent. */
function send(body: string, sending: Sending = {}): Promise<Response> {
  const timestamp = sending.timestamp ?? Math.floor(world.now().getTime() / 1000);
  const digest = createHash('sha256')
    .update(sending.signed ?? body)
    .digest('hex');
  const message = `${attempt.requestId}\nuser\n${timestamp}\n${digest}`;
  const signature = sign(null, Buffer.from(message), sending.key ?? fal.privateKey);
  return fetch(sending.url ?? attempt.url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      ...(sending.unsigned
        ? {}
        : {
            'x-fal-webhook-request-id': attempt.requestId,
            'x-fal-webhook-user-id': 'user',
            'x-fal-webhook-timestamp': String(timestamp),
            'x-fal-webhook-signature': signature.toString('hex'),
          }),
      ...sending.headers,
    },
  });
}

const inboxCount = async () => {
  const rows = await world.services.database.sql`select count(*)::int as count from inbox`;
  return z.array(z.object({ count: z.int() })).parse(rows)[0]?.count;
};

test.each<[string, Sending]>([
  ['unsigned', { unsigned: true }],
  ['signed by a stranger', { key: stranger.privateKey }],
  ['of another body', { signed: 'something else' }],
  ['stale', { timestamp: Date.parse('2026-11-22T07:54:59Z') / 1000 }],
  ['from the future', { timestamp: Date.parse('2026-11-22T08:05:01Z') / 1000 }],
  ['with a signature of no shape', { headers: { 'x-fal-webhook-signature': 'zz' } }],
])('a callback that is %s gets 401 and leaves nothing', async (_what, sending) => {
  const response = await send(bodyOf(attempt.requestId), sending);
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ status: 'refused', code: 'link_not_valid' });
  expect(await inboxCount()).toBe(0);
});

test.each<[string, (url: URL) => void]>([
  ['without address parameters', (url) => void (url.search = '')],
  ['with a forged address', (url) => url.searchParams.set('sig', 'x'.repeat(43))],
  ['for another attempt', (url) => url.searchParams.set('attempt', 'att_somebody_elses')],
  ['with the parameter twice', (url) => url.searchParams.append('attempt', 'att_other')],
])('a signed callback %s gets 401', async (_what, change) => {
  const url = new URL(attempt.url);
  change(url);
  expect((await send(bodyOf(attempt.requestId), { url: url.href })).status).toBe(401);
  expect(await inboxCount()).toBe(0);
});

test('an attempt that we never made is refused although its address is ours', async () => {
  const url = new URL(attempt.url);
  url.searchParams.set('attempt', 'att_unheard_of');
  url.searchParams.set('sig', world.services.crypto.sign('attempt', 'att_unheard_of'));
  expect((await send(bodyOf(attempt.requestId), { url: url.href })).status).toBe(401);
});

test("another request's outcome is refused at this attempt's address", async () => {
  expect((await send(bodyOf('another-request'))).status).toBe(401);
  expect(await inboxCount()).toBe(0);
});

test('a body over 256 KiB is refused before anything reads it', async () => {
  const response = await send(bodyOf(attempt.requestId, { padding: 'x'.repeat(256 * 1024) }));
  expect(response.status).toBe(413);
});

test('a compressed body is refused: the signature is over the bytes that came', async () => {
  const response = await send(bodyOf(attempt.requestId), {
    headers: { 'content-encoding': 'gzip' },
  });
  expect(response.status).toBe(415);
});

test('a signed body of no known shape is our failure, so that it comes again', async () => {
  const response = await send('not json at all');
  expect(response.status).toBe(500);
  expect(JSON.stringify(await response.json())).not.toMatch(/not json|Unexpected|at /);
});

test('the raw bytes count: a body that re-serialises differently is taken, once', async () => {
  const spaced = bodyOf(attempt.requestId)
    .replace('"status":"OK"', '"status" :  "\\u004fK"')
    .replace(/^\{/, '{\n  ')
    .replace(/\}$/, ',"cost":1.0, "late": 1e2 }');
  expect(JSON.stringify(JSON.parse(spaced))).not.toBe(spaced);
  const first = await send(spaced);
  expect([first.status, await first.json()]).toEqual([200, { status: 'stored' }]);
  const replay = await send(spaced);
  expect([replay.status, await replay.json()]).toEqual([200, { status: 'duplicate' }]);
  // fal's own retry carries a new timestamp and signature.
  const later = Math.floor(world.now().getTime() / 1000) + 60;
  const retry = await send(bodyOf(attempt.requestId), { timestamp: later });
  expect([retry.status, await retry.json()]).toEqual([200, { status: 'duplicate' }]);
  expect(await inboxCount()).toBe(1);
});

test('twenty deliveries of one callback at once are taken in once', async () => {
  const other = await startAttempt('a lighthouse blinks over a dark sea');
  const url = other.url;
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => send(bodyOf(other.requestId), { url })),
  );
  const bodies = await Promise.all(answers.map((answer) => answer.json()));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(bodies.filter((body) => JSON.stringify(body) === '{"status":"stored"}')).toHaveLength(1);
});

test('only POST is there', async () => {
  expect((await fetch(attempt.url)).status).toBe(404);
});

test('without our database the answer is 500, so that fal calls again', async () => {
  await world.services.database.close();
  const response = await send(bodyOf(attempt.requestId));
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ status: 'failed', code: 'database_down' });
});
