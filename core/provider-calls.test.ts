import { createServer, request, type RequestListener } from 'node:http';

import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

import { parseConfig } from './config.ts';
import { observeProviderCalls, type ProviderCalls } from './provider-calls.ts';

let answer: RequestListener = (_request, response) => void response.end();
const server = createServer((incoming, response) => answer(incoming, response));
let now = new Date('2026-11-22T08:00:00.000Z');
let url = '';
let calls: ProviderCalls;

const portOf = () => z.object({ port: z.int() }).parse(server.address()).port;

beforeEach(async () => {
  now = new Date('2026-11-22T08:00:00.000Z');
  answer = (_request, response) => void response.end();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${portOf()}`;
  calls = observeProviderCalls(
    parseConfig({ FAL_KEY: 'a:key', FAL_QUEUE_URL: url, APIFY_TOKEN: 'token' }),
    { now: () => now },
  );
});
afterEach(async () => {
  calls.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** As those clients call that do not use `fetch`; the name of what went wrong, or the status. */
const callOverHttp = (to: string): Promise<string> =>
  new Promise((resolve) => {
    request(to, (response) => {
      response.resume();
      response.once('end', () => resolve(String(response.statusCode)));
    })
      .once('error', ({ name }) => resolve(name))
      .end();
  });
const callByFetch = async (to: string): Promise<string> => {
  try {
    const response = await fetch(to);
    await response.text();
    return String(response.status);
  } catch (error) {
    return String(error);
  }
};

for (const [way, call] of [
  ['fetch', callByFetch],
  ['node:http', callOverHttp],
] as const) {
  test.each([
    [200, 'answered'],
    [302, 'answered'],
    [400, 'answered'],
    [401, 'refused'],
    [402, 'refused'],
    [403, 'refused'],
    [404, 'answered'],
    [407, 'refused'],
    [408, 'failed'],
    [422, 'answered'],
    [429, 'refused'],
    [499, 'answered'],
    [500, 'failed'],
    [503, 'failed'],
  ])(`by ${way}, %i is %s`, async (status, outcome) => {
    answer = (_request, response) => void response.writeHead(status).end();
    await call(`${url}/some/path?key=secret`);
    expect(calls.read('fal')).toEqual({
      state: 'sandbox',
      calls: { answered: 0, refused: 0, failed: 0, [outcome]: 1 },
      lastSuccessAt: outcome === 'answered' ? now : null,
      lastFailureAt: outcome === 'answered' ? null : now,
    });
  });

  test(`by ${way}, a connection that breaks or is refused is a failure`, async () => {
    answer = (incoming) => void incoming.socket.destroy();
    await call(url);
    expect(calls.read('fal').calls).toEqual({ answered: 0, refused: 0, failed: 1 });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await call(url);
    expect(calls.read('fal').calls).toEqual({ answered: 0, refused: 0, failed: 2 });
  });
}

test('what we give up ourselves is none, and what takes too long is a failure', async () => {
  const stop = new AbortController();
  answer = () => stop.abort(new Error('not wanted any more'));
  await expect(fetch(url, { signal: stop.signal })).rejects.toThrow('not wanted');
  const leave = new AbortController();
  answer = () => leave.abort();
  await expect(fetch(url, { signal: leave.signal })).rejects.toThrow('aborted');
  expect(calls.read('fal').calls).toEqual({ answered: 0, refused: 0, failed: 0 });
  const late = new AbortController();
  // As the signals of `AbortSignal.timeout` end, at a moment when the request is certainly under way.
  answer = () => late.abort(new DOMException('took too long', 'TimeoutError'));
  await expect(fetch(url, { signal: late.signal })).rejects.toThrow('took too long');
  expect(calls.read('fal').calls).toEqual({ answered: 0, refused: 0, failed: 1 });
});

test('a success stays the last one while failures follow', async () => {
  await callByFetch(url);
  const first = now;
  now = new Date(first.getTime() + 60_000);
  answer = (_request, response) => void response.writeHead(500).end();
  await callByFetch(url);
  expect(calls.read('fal')).toMatchObject({ lastSuccessAt: first, lastFailureAt: now });
});

test('is told whose call it is by the address, and other addresses are nobody', async () => {
  await callByFetch(`http://localhost:${portOf()}`);
  expect(calls.read('fal').calls.answered).toBe(0);
  expect(calls.read('apify')).toMatchObject({ state: 'live', lastSuccessAt: null });
  expect(calls.read('runway').state).toBe('off');
});

test('counts no more once it has stopped', async () => {
  calls.stop();
  await callByFetch(url);
  expect(calls.read('fal').calls.answered).toBe(0);
});
