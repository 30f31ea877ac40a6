import { createHash } from 'node:crypto';
import { request, type ClientRequest } from 'node:http';
import { Readable } from 'node:stream';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  mp4,
  openLocalGoogle,
  openSession,
  signIn,
  type LocalGoogle,
} from '../../test/kit/google.ts';

const unit = 262_144;
const film = mp4(4 * unit + 1000);
const sha256 = createHash('sha256').update(film).digest('hex');

let local: LocalGoogle;
let token = '';
let session = '';

beforeEach(async () => {
  local = await openLocalGoogle();
  token = await signIn(local);
  session = await openSession(local, token, { bytes: film.length });
});
afterEach(() => local.close());

async function put(range: string | null, body?: Buffer) {
  const answer = await fetch(session, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${token}`,
      ...(range === null ? {} : { 'content-range': `bytes ${range}` }),
    },
    ...(body ? { body: new Uint8Array(body) } : {}),
  });
  const last = answer.headers.get('range')?.split('-')[1];
  await answer.arrayBuffer();
  return { status: answer.status, stored: last === undefined ? null : Number(last) + 1 };
}
const send = (first: number, end: number) =>
  put(`${first}-${end - 1}/${film.length}`, film.subarray(first, end));
const query = () => put(`*/${film.length}`);

/** Announces a chunk and sends only so much of it; whoever holds the answer decides what comes then. */
function begin(first: number, end: number, bytes: number): ClientRequest {
  const chunk = request(session, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${token}`,
      'content-range': `bytes ${first}-${end - 1}/${film.length}`,
      'content-length': String(end - first),
    },
  });
  chunk.on('error', () => null);
  chunk.write(film.subarray(first, first + bytes));
  return chunk;
}
const received = () => local.google.sessions.at(-1)?.received;
const closed = (chunk: ClientRequest) => new Promise((resolve) => chunk.once('close', resolve));

describe('a chunk that breaks off', () => {
  it.each([
    [unit - 1, null],
    [unit, unit],
    [unit + 1, unit],
    [2 * unit - 1, unit],
    [2 * unit, 2 * unit],
    [3 * unit + 7, 3 * unit],
  ])('after %i bytes has stored %s', async (bytes, stored) => {
    const chunk = begin(0, film.length, bytes);
    await expect.poll(received).toBe(bytes);
    chunk.destroy();
    await closed(chunk);
    expect(await query()).toEqual({ status: 308, stored });
    const from = stored ?? 0;
    expect((await send(from, film.length)).status).toBe(200);
    expect(local.google.videos).toMatchObject([{ sha256, bytes: film.length }]);
    expect(received()).toBe(bytes + film.length - from);
  });

  it('is ended by whoever asks next, and by who sends next', async () => {
    const stalled = begin(0, film.length, 2 * unit + 5);
    await expect.poll(received).toBe(2 * unit + 5);
    const end = closed(stalled);
    expect(await query()).toEqual({ status: 308, stored: 2 * unit });
    await end;
    const again = begin(2 * unit, film.length, unit);
    await expect.poll(received).toBe(3 * unit + 5);
    const endAgain = closed(again);
    expect((await send(2 * unit, film.length)).status).toBe(200);
    await endAgain;
    expect(local.google.videos).toMatchObject([{ sha256 }]);
  });

  it.each([
    [unit, null],
    [2 * unit, unit],
    [3 * unit, unit],
    [4 * unit, 2 * unit],
  ])('in its middle, of %i bytes, has stored %s', async (size, stored) => {
    local.google.misbehave({ on: 'chunk', how: 'reset_middle', times: 1 });
    await expect(send(0, size)).rejects.toThrow('fetch failed');
    expect(await query()).toEqual({ status: 308, stored });
    expect((await send(stored ?? 0, film.length)).status).toBe(200);
    expect(local.google.videos).toMatchObject([{ sha256 }]);
  });

  it('in the middle of what is new, when half of it was sent before', async () => {
    await send(0, 2 * unit);
    local.google.misbehave({ on: 'chunk', how: 'reset_middle', times: 1 });
    await expect(send(0, 4 * unit)).rejects.toThrow('fetch failed');
    expect(await query()).toEqual({ status: 308, stored: 3 * unit });
    local.google.misbehave({ on: 'chunk', how: 'partial', times: 1 });
    expect(await send(unit, film.length)).toEqual({ status: 308, stored: 3 * unit });
    expect((await send(3 * unit, film.length)).status).toBe(200);
    expect(local.google.videos).toMatchObject([{ sha256 }]);
  });
});

describe('what came', () => {
  it('is counted with what was there already', async () => {
    await send(0, 2 * unit);
    await send(unit, 3 * unit);
    expect(local.google.sessions).toEqual([
      {
        channelId: local.google.channels[0]?.id,
        totalBytes: film.length,
        videoId: null,
        received: 4 * unit,
      },
    ]);
    await query();
    await send(3 * unit, film.length);
    await send(3 * unit, film.length);
    const rest = film.length - 3 * unit;
    expect(received()).toBe(4 * unit + 2 * rest);
    expect(local.google.sessions[0]?.videoId).toBe(local.google.videos[0]?.id);
    expect(local.google.videos).toHaveLength(1);
  });

  it('is refused as before: odd sizes, gaps, lies and a body with a question', async () => {
    expect((await send(0, unit - 1)).status).toBe(400);
    expect((await send(0, unit + 1)).status).toBe(400);
    expect((await send(unit, 2 * unit)).status).toBe(400);
    expect((await put(`0-${unit}/${film.length}`, film.subarray(0, unit))).status).toBe(400);
    expect((await put(`0-${unit - 1}/${film.length + 1}`, film.subarray(0, unit))).status).toBe(
      400,
    );
    expect((await put(`*/${film.length}`, film.subarray(0, 1))).status).toBe(400);
    expect((await put(`*/${film.length + 1}`)).status).toBe(400);
    expect((await put(null, film.subarray(0, unit))).status).toBe(400);
    expect(await query()).toEqual({ status: 308, stored: null });
    expect((await send(0, unit)).status).toBe(308);
  });

  it('is taken whole without a length', async () => {
    const chunk = request(session, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}` },
    });
    const answered = new Promise<number | undefined>((resolve) => {
      chunk.once('response', (response) => resolve(response.resume().statusCode));
    });
    Readable.from([film.subarray(0, 100_000), film.subarray(100_000)]).pipe(chunk);
    expect(await answered).toBe(200);
    expect(local.google.videos).toMatchObject([{ sha256 }]);
  });

  it('answers a refusal to a client that is still sending', async () => {
    token = 'nobody';
    expect((await send(0, 4 * unit)).status).toBe(401);
    local.google.misbehave({ on: 'chunk', how: 'http_503', times: 1 });
    expect((await send(0, 4 * unit)).status).toBe(503);
  });
});
