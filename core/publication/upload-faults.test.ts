import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { connectChannel, jobContext, makeReadyVideo } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { loadSurroundings } from '../config.ts';
import { isFault } from '../fault.ts';
import { publicationCreate } from './create.ts';
import { chunkBytesOf, uploadPublication } from './upload.ts';

const mebibyte = 1024 ** 2;
const size = 40 * mebibyte - 12_345;
const chunk = chunkBytesOf(size);

let world: World;
let wish: { video: string; channel: string };
let sha256: string;

beforeAll(async () => {
  world = await createWorld();
  const video = await makeReadyVideo(world);
  wish = { video, channel: await connectChannel(world) };
  const bytes = randomBytes(size);
  bytes.write('ftypmp42', 4, 'latin1');
  const key = `videos/${video}.mp4`;
  const file = await world.app.ports.storage.write(key, Readable.from([bytes]), size);
  await world.app.database.db.update(videos).set(file).where(eq(videos.id, video));
  ({ sha256 } = file);
});
afterAll(() => world.close());

async function publish(title: string): Promise<string> {
  const context = await world.context();
  const { publication } = await world.must(publicationCreate, { ...wish, title }, context);
  return z.string().parse(publication);
}

async function arrivals(id: string, title: string) {
  const rows = await world.app.database.db
    .select()
    .from(publications)
    .where(eq(publications.id, id));
  const found = world.emulators.google.videos.filter((video) => video.title === title);
  return { status: rows[0]?.status, hashes: found.map((video) => video.sha256) };
}

const received = (): number => world.emulators.google.sessions.at(-1)?.received ?? 0;

test('chunks grow with the file, between 8 and 32 MiB, in units of 256 KiB', () => {
  const sizes = [1, 128 * mebibyte, 128 * mebibyte + 1, 511 * mebibyte, 512 * mebibyte, 1024 ** 4];
  const units = sizes.map((bytes) => chunkBytesOf(bytes) / (256 * 1024));
  expect(units).toEqual([32, 32, 33, 128, 128, 128]);
});

test('every kind of fault, one after another', async () => {
  const faults = [
    'gone',
    'reset_before',
    'reset_middle',
    'partial',
    'http_500',
    'http_503',
    'http_429',
    'http_401',
    'reset_after',
  ] as const;
  const { google } = world.emulators;
  for (const how of faults) google.misbehave({ on: 'chunk', how, times: 1 });
  // The answer to the last of five: two of them have arrived.
  google.misbehave({ on: 'chunk', how: 'reset_after', times: 1, after: 2 });
  const id = await publish('Faults');
  let tries = 0;
  for (let isOver = false; !isOver; tries += 1) {
    isOver = await uploadPublication.run({ publicationId: id }, jobContext(world)).then(
      () => true,
      (error: unknown) => {
        if (isFault(error, 'provider_busy')) return false;
        throw error;
      },
    );
  }
  // What is stored in part, refused by an old token or forgotten goes on within the same try.
  expect(tries).toBe(8);
  expect(await arrivals(id, 'Faults')).toEqual({ status: 'processing', hashes: [sha256] });
  expect(received()).toBeLessThanOrEqual(size + (faults.length + 1) * chunk);
});

test('a process that is killed three times sends at most one chunk again each time', async () => {
  const id = await publish('Kills');
  const { google } = world.emulators;
  const sessions = google.sessionsStarted;
  const start = () =>
    spawn(process.execPath, [join(import.meta.dirname, '../../bench/upload-once.ts'), id], {
      cwd: world.dataDir,
      env: {
        PATH: loadSurroundings().path,
        JILO_DATA_DIR: world.dataDir,
        DATABASE_URL: world.databaseUrl,
        GOOGLE_CLIENT_ID: 'test.apps.googleusercontent.com',
        GOOGLE_CLIENT_SECRET: 'test-google',
        GOOGLE_OAUTH_URL: google.url,
        YOUTUBE_API_URL: google.url,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  for (const after of [mebibyte, chunk, mebibyte]) {
    // What the last one had sent when it died may still be coming in.
    const before = google.sessionsStarted > sessions ? received() : 0;
    const child = start();
    const exit = once(child, 'exit');
    await vi.waitFor(
      () => {
        expect(google.sessionsStarted).toBeGreaterThan(sessions);
        expect(received()).toBeGreaterThan(before + after);
      },
      { timeout: 20_000, interval: 1 },
    );
    child.kill('SIGKILL');
    expect(await exit).toEqual([null, 'SIGKILL']);
  }
  expect(await once(start(), 'exit')).toEqual([0, null]);
  expect(await arrivals(id, 'Kills')).toEqual({ status: 'processing', hashes: [sha256] });
  expect(google.sessionsStarted).toBe(sessions + 1);
  expect(received()).toBeLessThanOrEqual(size + 3 * chunk);
}, 60_000);
