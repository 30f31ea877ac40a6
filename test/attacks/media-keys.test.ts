import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { mediaLink } from '../../core/media-link.ts';
import { videoShow } from '../../core/video/show.ts';
import { quickWish, startVideo } from '../kit/trips.ts';
import { createWorld, type World } from '../kit/world.ts';
import { ask, wholeOf } from './wire.ts';

const canary = 'canary-outside-of-the-files';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.app.ports.storage.write('videos/here.mp4', Readable.from([Buffer.from('here')]), 10);
  mkdirSync(join(world.dataDir, 'files', '.scratch'), { recursive: true });
  for (const place of ['secret.mp4', 'files/.scratch/secret.mp4', 'files/videos/.secret.mp4'])
    writeFileSync(join(world.dataDir, place), canary);
});
afterAll(() => world.close());

/** Keys that lead out of the files, as they stand in an address. */
const climbing = [
  '../secret.mp4',
  '../../secret.mp4',
  'videos/../../secret.mp4',
  'videos/../../../../../../../../etc/passwd',
  'videos/./here.mp4',
  'videos//here.mp4',
  'videos/here.mp4/',
  'videos/here.mp4/..',
  'videos/..',
  './secret.mp4',
  '/secret.mp4',
  '//secret.mp4',
  '/etc/passwd',
  'file:///etc/passwd',
  '~/secret.mp4',
  '%2e%2e/secret.mp4',
  '%2E%2E%2Fsecret.mp4',
  '..%2fsecret.mp4',
  'videos%2f..%2f..%2fsecret.mp4',
  'videos/%2e%2e%2f%2e%2e%2fsecret.mp4',
  '%252e%252e%252fsecret.mp4',
  '..%255csecret.mp4',
  '..%5csecret.mp4',
  '..\\secret.mp4',
  'videos\\..\\..\\secret.mp4',
  'C:%5csecret.mp4',
  '....//secret.mp4',
  '..././secret.mp4',
  '..;/secret.mp4',
  '%c0%ae%c0%ae/secret.mp4',
  '%c0%ae%c0%ae%c0%afsecret.mp4',
  '%e0%80%ae%e0%80%ae/secret.mp4',
  '%uff0e%uff0e/secret.mp4',
  '%ef%bc%8e%ef%bc%8e/secret.mp4',
  '%e2%80%a5/secret.mp4',
  '..%00/secret.mp4',
  '../secret.mp4%00.jpg',
  'videos/here.mp4%00',
  'videos/here%00.mp4',
  'videos/here.mp4%0a',
  'videos/here.mp4%0d%0aset-cookie:a=b',
  'videos/here.mp4%20',
  'videos/here.mp4.',
  'videos/here.mp4::$DATA',
  '.scratch/secret.mp4',
  '%2escratch/secret.mp4',
  'videos/.secret.mp4',
  'videos/%2esecret.mp4',
  'secret',
  '.env',
  '%',
  '%zz.mp4',
] as const;

const decode = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

const files = (): string[] =>
  readdirSync(world.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();

describe('an address of a file', () => {
  /** As if a key that climbs had been signed by us. */
  const get = (path: string, key: string) => {
    const exp = '9999999999';
    const sig = world.app.crypto.sign('media', key, exp);
    return ask(world.publicUrl, { path: `/media/${path}?exp=${exp}&sig=${sig}` });
  };

  test.each(climbing)('that climbs by %s is refused, although we have signed it', async (path) => {
    for (const key of new Set([path, decode(path), decode(decode(path))])) {
      const reply = await get(path, key);
      expect([400, 403, 404]).toContain(reply.status);
      expect(wholeOf(reply)).not.toMatch(/canary|root:|set-cookie/iu);
      // The folder is nobody's business either.
      expect(wholeOf(reply)).not.toContain(world.dataDir);
    }
  });

  test('that does not climb is answered', async () => {
    expect(await get('videos/here.mp4', 'videos/here.mp4')).toMatchObject({
      status: 200,
      text: 'here',
    });
    expect((await ask(mediaLink(world.app, 'videos/here.mp4') ?? '')).status).toBe(200);
  });

  test('signed for one file opens no other, and no chart, page or list', async () => {
    const { search } = new URL(mediaLink(world.app, 'videos/here.mp4') ?? '');
    for (const path of ['media/videos/here.jpg', 'media/videos/Here.mp4', 'charts/x.png'])
      expect((await ask(world.publicUrl, { path: `/${path}${search}` })).status).toBe(403);
  });
});

describe('the storage', () => {
  test.each(climbing.map((path) => [decode(path)]))('takes no key like %j', async (key) => {
    const { storage } = world.app.ports;
    const before = files();
    const tries: (() => Promise<unknown>)[] = [
      () => storage.write(key, Readable.from([Buffer.from('overwritten')]), 100),
      async () => storage.read(key, 0, 10),
      () => storage.stat(key),
      () => storage.remove(key),
      () => storage.local(key),
    ];
    for (const attempt of tries) await expect(attempt()).rejects.toThrow('not a storage key');
    expect(files()).toEqual(before);
    expect(readFileSync(join(world.dataDir, 'secret.mp4'), 'utf8')).toBe(canary);
  });
});

test('a file is saved under letters and digits, whatever its video was made from', async () => {
  const prompt = 'A boat "../../etc/passwd"; filename*=UTF-8\'\'evil.exe sails \\ <b>off</b>';
  const video = await startVideo(world, 'owner', { ...quickWish, prompt });
  await world.drain();
  const shown = await world.must(videoShow, { video }, await world.context());
  const url = new URL(z.string().parse(shown['url']));
  url.searchParams.set('download', '1');
  const { status, headers } = await ask(url);
  expect(status).toBe(200);
  expect(headers['content-disposition']).toMatch(/^attachment; filename="[A-Za-z0-9 ]+\.mp4"$/u);
  expect(headers['x-content-type-options']).toBe('nosniff');
});
