import { existsSync, readdirSync } from 'node:fs';
import { once } from 'node:events';
import { IncomingMessage, request, type OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { mediaLink } from '../core/media-link.ts';
import { videoDelete } from '../core/video/delete.ts';
import { videoShow } from '../core/video/show.ts';
import { startS3, type S3Server } from '../test/kit/s3.ts';
import { makeReadyVideo } from '../test/kit/trips.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());

let runs = 0;
const inBucket = () => {
  runs += 1;
  return {
    STORAGE_URL: `s3://${s3.bucket}/run-${runs}`,
    S3_ENDPOINT: s3.url,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
  };
};
const kinds = [
  { name: 'on disk', settings: () => ({}) },
  { name: 'in S3', settings: inBucket },
];

const key = 'videos/vid_film.mp4';
const film = Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 251));
/** What is answered to exactly this: `fetch` tidies addresses and adds headers of its own. */
async function bareStatus(url: URL | string, headers: OutgoingHttpHeaders = {}) {
  const asking = request(url, { headers });
  asking.end();
  const [response]: unknown[] = await once(asking, 'response');
  if (!(response instanceof IncomingMessage)) throw new Error('no answer');
  response.resume();
  return response.statusCode;
}

const bytesOf = (bytes: Uint8Array) => Readable.from([bytes]);

describe.each(kinds)('/media of files $name', ({ settings }) => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ settings: settings() });
    await world.services.ports.storage.write(key, bytesOf(film), 10_000);
  });
  afterAll(() => world.close());

  const link = () => new URL(mediaLink(world.services, key) ?? '');
  const get = (headers: Record<string, string> = {}, url = link()) => fetch(url, { headers });

  test('serves the file whole, as a video to be seen', async () => {
    const response = await get();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': '1000',
      'content-disposition': 'inline; filename="vid_film.mp4"',
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=86400',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(film);
  });

  test('serves its head alone, which has no parts', async () => {
    const head = await fetch(link(), { method: 'HEAD', headers: { range: 'bytes=0-9' } });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '1000']);
    expect(head.headers.get('etag')).toBe((await get()).headers.get('etag'));
    expect(await head.text()).toBe('');
  });

  test('serves it to be saved, under its own name where it is nobody’s', async () => {
    const url = link();
    url.searchParams.set('download', '1');
    const { headers } = await get({}, url);
    expect(headers.get('content-disposition')).toBe('attachment; filename=vid_film.mp4');
    expect(headers.get('content-type')).toBe('video/mp4');
  });

  test.each([
    ['posters/a.jpg', 'image/jpeg', 'inline'],
    ['pictures/a.png', 'image/png', 'inline'],
    ['voices/a.mp3', 'audio/mpeg', 'inline'],
    ['voices/a.m4a', 'audio/mp4', 'inline'],
    ['other/a.html', 'application/octet-stream', 'attachment'],
    ['other/a.svg', 'application/octet-stream', 'attachment'],
  ])('serves %s as %s', async (name, type, disposition) => {
    await world.services.ports.storage.write(name, bytesOf(film), 10_000);
    const { headers } = await fetch(mediaLink(world.services, name) ?? '');
    expect(headers.get('content-type')).toBe(type);
    const file = name.slice(name.indexOf('/') + 1);
    expect(headers.get('content-disposition')?.replaceAll('"', '')).toBe(
      `${disposition}; filename=${file}`,
    );
  });

  test('serves a file of no bytes', async () => {
    await world.services.ports.storage.write('other/none.mp4', bytesOf(Buffer.alloc(0)), 10);
    const response = await fetch(mediaLink(world.services, 'other/none.mp4') ?? '');
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '0']);
    expect(await response.text()).toBe('');
  });

  test('is not sent again to who has it', async () => {
    const etag = (await get()).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[A-Za-z0-9-]+"$/);
    expect(await bareStatus(link(), { 'if-none-match': etag })).toBe(304);
    expect(await bareStatus(link(), { 'if-none-match': `"x", ${etag}`, range: 'bytes=1-2' })).toBe(
      304,
    );
    expect(await bareStatus(link(), { 'if-none-match': '"another"' })).toBe(200);
  });

  test('is sent in parts only of the version that the reader knows', async () => {
    const range = 'bytes=0-9';
    const etag = (await get()).headers.get('etag') ?? '';
    expect((await get({ range, 'if-range': etag })).status).toBe(206);
    expect((await get({ range, 'if-range': '"another"' })).status).toBe(200);
    expect((await get({ range, 'if-range': `W/${etag}` })).status).toBe(200);
    const date = new Date(world.now()).toUTCString();
    expect((await get({ range, 'if-range': date })).status).toBe(200);
    await world.services.ports.storage.write(key, bytesOf(film.toReversed()), 10_000);
    expect((await get({ range, 'if-range': etag })).status).toBe(200);
    await world.services.ports.storage.write(key, bytesOf(film), 10_000);
  });

  test.each([
    ['bytes=0-0', 206, 0, 0],
    ['bytes=990-998', 206, 990, 998],
    ['bytes=990-999', 206, 990, 999],
    ['bytes=990-1000', 206, 990, 999],
    ['bytes=999-', 206, 999, 999],
    ['bytes=-5', 206, 995, 999],
    ['bytes=-1001', 206, 0, 999],
    ['bytes=0-1,5-6', 200, 0, 999],
    ['lines=1-2', 200, 0, 999],
  ])('answers %s with %i and bytes %i to %i', async (range, status, start, end) => {
    const response = await get({ range });
    expect(response.status).toBe(status);
    const part = status === 206 ? `bytes ${start}-${end}/1000` : null;
    expect(response.headers.get('content-range')).toBe(part);
    expect(response.headers.get('content-length')).toBe(String(end - start + 1));
    expect(Buffer.from(await response.arrayBuffer())).toEqual(film.subarray(start, end + 1));
  });

  test.each(['bytes=1000-', 'bytes=1001-1005', 'bytes=-0'])('refuses %s', async (range) => {
    const { status, headers } = await get({ range });
    expect([status, headers.get('content-range')]).toEqual([416, 'bytes */1000']);
    // A range that cannot be had is told about on a page, which is not the film.
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.has('content-disposition')).toBe(false);
    expect(headers.get('etag')).not.toBe((await get()).headers.get('etag'));
  });

  test.each<[string, (url: URL) => void]>([
    ['unsigned', (url) => url.searchParams.delete('sig')],
    ['without an end', (url) => url.searchParams.delete('exp')],
    ['with a later end', (url) => url.searchParams.set('exp', '9999999999')],
    ['with an end that is no number', (url) => url.searchParams.set('exp', 'Infinity')],
    ['with a forged signature', (url) => url.searchParams.set('sig', 'A'.repeat(43))],
    ['with two signatures', (url) => url.searchParams.append('sig', 'A')],
    ['for another file', (url) => void (url.pathname = '/media/videos/vid_other.mp4')],
    ['climbing', (url) => void (url.pathname = '/media/videos%2F..%2F..%2Fsecret.mp4')],
    ['with a NUL', (url) => void (url.pathname = '/media/videos/a%00.mp4')],
  ])('refuses an address %s', async (_what, change) => {
    const url = link();
    change(url);
    expect((await get({}, url)).status).toBe(403);
  });

  test('refuses to climb even with our own signature, on the bare wire', async () => {
    for (const path of ['../secret', 'videos/../../secret.mp4', '/etc/passwd', 'a/./b.mp4']) {
      const exp = '9999999999';
      const sig = world.services.crypto.sign('media', path, exp);
      const status = await new Promise((resolve, reject) => {
        const { hostname, port } = new URL(world.publicUrl);
        const bare = { hostname, port, path: `/media/${path}?exp=${exp}&sig=${sig}` };
        request(bare, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .once('error', reject)
          .end();
      });
      expect([403, 404]).toContain(status);
    }
  });

  test('says 404 for a file that is gone', async () => {
    expect((await fetch(mediaLink(world.services, 'videos/gone.mp4') ?? '')).status).toBe(404);
  });

  test('refuses an address after a day', async () => {
    const url = link();
    await world.advance(24 * 3600 - 1);
    expect((await get({}, url)).status).toBe(200);
    await world.advance(1);
    expect((await get({}, url)).status).toBe(403);
  });
});

describe('a storage that fails', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ settings: inBucket() });
    await world.services.ports.storage.write(key, bytesOf(film), 10_000);
  });
  afterAll(() => world.close());
  const get = () => fetch(mediaLink(world.services, key) ?? '');

  test('before the first byte is told about, without the bucket’s words', async () => {
    s3.misbehave({ on: 'GET', how: { status: 503, code: 'SlowDown' }, times: 3 });
    const response = await get();
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '60']);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.has('content-disposition')).toBe(false);
    expect(await response.text()).not.toContain('SlowDown');
    s3.forgive();
    expect((await get()).status).toBe(200);
  });

  test('in the middle cuts the answer off', async () => {
    s3.misbehave({ on: 'GET', how: 'cut', times: 1 });
    const response = await get();
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '1000']);
    await expect(response.arrayBuffer()).rejects.toThrow('terminated');
  });

  test('in that the file has just gone is a 404', async () => {
    s3.misbehave({ on: 'GET', how: { status: 404, code: 'NoSuchKey' }, times: 1 });
    expect((await get()).status).toBe(404);
  });

  test.each(['silence', 'stall'] as const)(
    'with %s is left when the reader leaves',
    async (how) => {
      s3.misbehave({ on: 'GET', how, times: 1 });
      const leaving = new AbortController();
      const reading = fetch(mediaLink(world.services, key) ?? '', { signal: leaving.signal }).then(
        async (response) => response.text(),
      );
      const left = reading.catch((error: unknown) => String(error));
      await expect.poll(() => s3.openRequests()).toBe(1);
      leaving.abort();
      expect(await left).toContain('abort');
      await expect.poll(() => s3.openRequests()).toBe(0);
      expect(world.logs.filter((line) => line.includes('defect'))).toEqual([]);
    },
  );
});

test('a video of the product is made, shown in parts, saved by its words, and deleted from a bucket', async () => {
  const world = await createWorld({ settings: inBucket() });
  try {
    const context = await world.context();
    const id = await makeReadyVideo(world);
    const own = () => s3.keys().filter((name) => name.startsWith(`run-${runs}/`));
    expect(own()).toContain(`run-${runs}/videos/${id}.mp4`);
    expect(existsSync(join(world.dataDir, 'files'))).toBe(false);
    expect(readdirSync(join(world.dataDir, 'scratch'))).toEqual([]);
    const shown = await world.must(videoShow, { video: id }, context);
    const url = new URL(z.string().parse(shown['url']));
    const part = await fetch(url, { headers: { range: 'bytes=4-7' } });
    expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
    url.searchParams.set('download', '1');
    const saved = await fetch(url);
    expect(saved.headers.get('content-disposition')).toMatch(
      /^attachment; filename="\w+ .*\.mp4"$/,
    );
    expect((await saved.arrayBuffer()).byteLength).toBe(shown['bytes']);
    await world.must(videoDelete, { video: id }, context);
    await world.drain();
    expect(own()).toEqual([]);
    expect((await fetch(url)).status).toBe(404);
    const told = world.logs.join('\n');
    expect(told).not.toContain(s3.secretAccessKey);
  } finally {
    await world.close();
  }
});
