import { createHmac, generateKeyPairSync } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { serveRoutes, type Emulator } from '../../sandbox/http.ts';
import { hashRows } from '../authorisation/rows.ts';
import { forgeries as stripeForgeries } from '../deliveries/forgeries.ts';
import { jobContext, startVideo } from '../kit/trips.ts';
import { createWorld, type World } from '../kit/world.ts';
import { dispatchShots } from '../../core/video/dispatch.ts';
import { submitShot } from '../../core/video/submit.ts';
import { falForgeries, send, signatureOf, type Genuine, type Sent } from './forged-callbacks.ts';
import { ask } from './wire.ts';

/*
 * | callback           | refused on the wire, nothing written | refused by the reader, case by case            |
 * | POST /webhooks/fal | here                                 | core/providers/fal.test.ts                     |
 * | …/stripe           | here, with the kinds of deliveries/  | core/providers/stripe-notices.test.ts: over 40 |
 */

const fal = generateKeyPairSync('ed25519');
const published = fal.publicKey.export({ format: 'jwk' });

let world: World;
let keys: Emulator;
/** One that fal works on, and what it would say about it. */
let attempt: { readonly requestId: string; readonly url: string };
let other: typeof attempt;

const idRows = z.array(z.object({ id: z.string() }));

async function startAttempt(): Promise<typeof attempt> {
  const video = await startVideo(world);
  const found = await world.app.database.sql`
    select id from shots where video_id = ${video} and position = 0`;
  const [shot] = idRows.parse(found);
  await dispatchShots.run({}, jobContext(world));
  await submitShot.run({ shotId: shot?.id ?? '' }, jobContext(world));
  const submit = world.emulators.fal.submits.at(-1);
  if (!submit?.webhookUrl) throw new Error('nothing was sent to fal');
  return { requestId: submit.requestId, url: submit.webhookUrl };
}

beforeAll(async () => {
  const handle = () => ({ status: 200, body: { keys: [published] } });
  keys = await serveRoutes([{ method: 'GET', path: /\/.*/u, handle }], { status: 404 });
  world = await createWorld({
    generationMs: 24 * 3600 * 1000,
    settings: { FAL_REST_URL: keys.url },
  });
  attempt = await startAttempt();
  other = await startAttempt();
});
afterAll(async () => {
  await world.close();
  await keys.close();
});

const bodyOf = (requestId: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      request_id: requestId,
      gateway_request_id: requestId,
      status: 'OK',
      payload: { video: { url: 'http://127.0.0.1:1/a.mp4' }, seed: 'Zoë' },
    }),
  );

const genuine = (): Genuine => ({
  requestId: attempt.requestId,
  body: bodyOf(attempt.requestId),
  now: Math.floor(world.now().getTime() / 1000),
  key: fal.privateKey,
  published,
});

/** With what is said of the answer alone. */
async function deliver(url: string, { body, headers }: Sent, method = 'POST') {
  const json = { 'content-type': 'application/json', ...headers };
  const { status, text } = await ask(url, { method, body, headers: json });
  return { status, text };
}

let before: Record<string, string>;
const jobs = async () => {
  const rows = await world.app.database.sql`select count(*)::int as count from pgboss.job`;
  return z.array(z.object({ count: z.int() })).parse(rows)[0]?.count;
};
let queued: number | undefined;
beforeEach(async () => {
  before = await hashRows(world);
  queued = await jobs();
});

/** No row of any table has changed, and no work was asked for. */
async function expectNothing(): Promise<void> {
  expect(await hashRows(world)).toEqual(before);
  expect(await jobs()).toBe(queued);
}

const refusal = JSON.stringify({ status: 'refused', code: 'link_not_valid' });

describe('a callback of fal', () => {
  const kinds = Object.entries(falForgeries);

  test('is forged in many more than twenty ways', () => {
    expect(kinds.length).toBeGreaterThanOrEqual(50);
  });

  test.each(kinds)('with %s is refused, and nothing is written', async (_kind, forge) => {
    const reply = await deliver(attempt.url, forge(genuine()));
    expect(reply).toEqual({ status: 401, text: refusal });
    await expectNothing();
  });

  test.each<[string, (url: URL) => void]>([
    ['without an address', (url) => void (url.search = '')],
    ['without its attempt', (url) => url.searchParams.delete('attempt')],
    ['without its signature', (url) => url.searchParams.delete('sig')],
    ['with another attempt', (url) => url.searchParams.set('attempt', attemptOf(other.url))],
    ['with the signature of another', (url) => url.searchParams.set('sig', sigOf(other.url))],
    ['with a signature of zeros', (url) => url.searchParams.set('sig', 'A'.repeat(43))],
    ['with a signature that is padded', (url) => url.searchParams.set('sig', `${sigOf(url)}=`)],
    ['with a signature and a space', (url) => url.searchParams.set('sig', `${sigOf(url)} `)],
    ['with half a signature', (url) => url.searchParams.set('sig', sigOf(url).slice(0, 21))],
    ['with two signatures', (url) => url.searchParams.append('sig', sigOf(other.url))],
    ['with two attempts', (url) => url.searchParams.append('attempt', attemptOf(other.url))],
    [
      'with an attempt in a list',
      (url) => void (url.search = url.search.replace('attempt=', 'attempt[]=')),
    ],
    ['signed for a file', (url) => url.searchParams.set('sig', signedAs('media', url))],
    ['signed for an approval', (url) => url.searchParams.set('sig', signedAs('approval', url))],
  ])('that is genuine, at an address %s, is refused', async (_what, change) => {
    const url = new URL(attempt.url);
    change(url);
    expect(await deliver(url.href, send(genuine()))).toEqual({ status: 401, text: refusal });
    await expectNothing();
  });

  test('of one attempt is refused at the address of another', async () => {
    expect(await deliver(other.url, send(genuine()))).toEqual({ status: 401, text: refusal });
    await expectNothing();
  });

  test.each(['PUT', 'PATCH', 'GET', 'DELETE'])('by %s is not there', async (method) => {
    const { status } = await deliver(attempt.url, send(genuine()), method);
    expect(status).toBe(404);
    await expectNothing();
  });

  test('is taken at both ends of the window, and once: repeated it changes nothing', async () => {
    const known = genuine();
    for (const [offset, said] of [
      [-300, 'stored'],
      [300, 'duplicate'],
    ] as const) {
      const now = known.now + offset;
      const changed = { timestamp: String(now), signature: signatureOf({ ...known, now }) };
      const reply = await deliver(attempt.url, send(known, changed));
      expect(reply).toEqual({ status: 200, text: JSON.stringify({ status: said }) });
    }
    before = await hashRows(world);
    queued = await jobs();
    const replayed = await deliver(attempt.url, send(known));
    expect(replayed).toEqual({ status: 200, text: JSON.stringify({ status: 'duplicate' }) });
    await expectNothing();
  });
});

const attemptOf = (url: string): string => new URL(url).searchParams.get('attempt') ?? '';
const sigOf = (url: string | URL): string => new URL(url).searchParams.get('sig') ?? '';
/** What we sign for another purpose over the same id. */
const signedAs = (purpose: string, url: URL): string =>
  world.app.crypto.sign(purpose, attemptOf(url.href));

describe('a message of Stripe', () => {
  const kinds = Object.entries(stripeForgeries);
  const body = JSON.stringify(
    {
      id: 'evt_forged',
      object: 'event',
      type: 'invoice.paid',
      created: 1_795_334_000,
      data: { object: { id: 'in_forged', object: 'invoice' } },
    },
    null,
    2,
  );

  test('is forged in twenty ways', () => {
    expect(kinds).toHaveLength(20);
  });

  test.each(kinds)('with %s is refused, and nothing is written', async (_kind, forge) => {
    const { now } = genuine();
    const made = forge({ body, secret: 'whsec_world', now });
    const sent = { body: Buffer.from(made.body), headers: { 'stripe-signature': made.signature } };
    const reply = await deliver(`${world.publicUrl}/webhooks/stripe`, sent);
    expect(reply).toEqual({ status: 400, text: refusal });
    await expectNothing();
  });

  test.each<[string, (good: string, bad: string) => string[]]>([
    ['the good one first', (good, bad) => [good, bad]],
    ['the good one last', (good, bad) => [bad, good]],
    ['both good', (good) => [good, good]],
  ])('with the header twice, %s, is refused', async (_what, choose) => {
    const { now } = genuine();
    const signed = (secret: string): string => {
      const signature = createHmac('sha256', secret).update(`${now}.${body}`).digest('hex');
      return `t=${now},v1=${signature}`;
    };
    const headers = { 'stripe-signature': choose(signed('whsec_world'), signed('whsec_x')) };
    const sent = { body: Buffer.from(body), headers };
    const reply = await deliver(`${world.publicUrl}/webhooks/stripe`, sent);
    expect(reply).toEqual({ status: 400, text: refusal });
    await expectNothing();
  });
});
