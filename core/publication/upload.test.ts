import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { notices } from '../../drizzle/schema/chat.ts';
import { channels, publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import type { GoogleMisbehaviour } from '../../sandbox/google/google.ts';
import {
  connectChannel,
  drainWith,
  eventKinds,
  jobContext,
  live,
  makeReadyVideo,
  sha256Of,
  withVideoHost,
  youtubeOf,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context, Ports } from '../context.ts';
import { publicationCreate } from './create.ts';
import { publicationShow } from './show.ts';
import { uploadPublication } from './upload.ts';

const chunk = 8 * 1024 * 1024;
const size = chunk + 12_345;

let world: World;
let context: Context;
let video: string;
let channel: string;

beforeAll(async () => {
  world = await createWorld();
  context = await world.context();
  channel = await connectChannel(world);
  video = await makeReadyVideo(world);
  // Two chunks long; YouTube's stand-in looks at the first bytes only.
  const bytes = randomBytes(size);
  bytes.write('ftypmp42', 4, 'latin1');
  const fileKey = `videos/${video}.mp4`;
  const file = await world.app.ports.storage.write(fileKey, Readable.from([bytes]), size);
  await world.app.database.db.update(videos).set(file).where(eq(videos.id, video));
});
afterAll(() => world.close());

let made = 0;
/** Approves a publication; nothing has been uploaded yet. */
async function publish(changes: object = {}) {
  made += 1;
  const title = `Publication ${made}`;
  const wish = { video, channel, title, privacy: 'unlisted', ...changes };
  const { publication } = await world.must(publicationCreate, wish, context);
  return { id: z.string().parse(publication), title };
}

const misbehave = (on: GoogleMisbehaviour['on'], how: GoogleMisbehaviour['how'], after = 0) =>
  world.emulators.google.misbehave({ on, how, times: 1, after });

const onChannel = (title: string) =>
  world.emulators.google.videos.filter((known) => known.title === title);

const show = (publication: string) => world.must(publicationShow, { publication }, context);

async function rowOf(id: string) {
  const { db } = world.app.database;
  const [row] = await db.select().from(publications).where(eq(publications.id, id));
  if (!row) throw new Error(`there is no publication ${id}`);
  return row;
}

/** What a publication has come to, here and on the channel. */
async function arrivalOf({ id, title }: { id: string; title: string }) {
  const { status, percent, privacy } = await show(id);
  const { hostVideoId, sessionSealed } = await rowOf(id);
  const [found, ...more] = onChannel(title);
  const stored = sha256Of(join(world.dataDir, 'files', `videos/${video}.mp4`));
  return {
    status,
    percent,
    privacy,
    isOnChannel: found?.id === hostVideoId,
    isWhole: found?.sha256 === stored && found.bytes === size,
    others: more.length,
    sessionSealed,
  };
}

/** On the channel exactly once, byte for byte, and known to us as live. */
const arrived = {
  status: 'live',
  percent: 100,
  privacy: 'unlisted',
  isOnChannel: true,
  isWhole: true,
  others: 0,
  sessionSealed: null,
};

test('a file goes up in chunks and arrives byte for byte', async () => {
  const one = await publish({ tags: '纸船, paper boat', description: '雨' });
  await world.drain();
  expect(await arrivalOf(one)).toEqual(arrived);
  expect(onChannel(one.title)[0]).toMatchObject({
    tags: ['纸船', 'paper boat'],
    description: '雨',
    madeForKids: false,
    syntheticMedia: true,
    notifySubscribers: false,
    categoryId: '28',
  });
  expect(await eventKinds(world, one.id)).toEqual(['uploading', 'progress', 'processing', 'live']);
  const sessions = world.emulators.google.sessionsStarted;
  await uploadPublication.run({ publicationId: one.id }, jobContext(world));
  expect(world.emulators.google.sessionsStarted).toBe(sessions);
});

describe('an upload goes on after', () => {
  test.each<[string, GoogleMisbehaviour['on'], GoogleMisbehaviour['how'], number]>([
    ['a break in a chunk', 'chunk', 'reset_before', 0],
    ['a chunk whose answer is lost', 'chunk', 'reset_after', 0],
    ['a chunk that is stored in part', 'chunk', 'partial', 0],
    ['a server error', 'chunk', 'http_503', 0],
    ['a bare 500', 'chunk', 'http_500', 0],
    ['too many requests', 'chunk', 'http_429', 1],
    ['a token refused in between', 'chunk', 'http_401', 1],
    ['a session that is gone before the last byte', 'chunk', 'gone', 0],
    ['a lost answer to the last byte', 'chunk', 'reset_after', 1],
    ['a break before the last byte', 'chunk', 'reset_before', 1],
    ['a start whose answer is lost', 'start', 'reset_after', 0],
    ['a start that fails', 'start', 'http_503', 0],
    ['a token refused at the start', 'start', 'http_401', 0],
  ])('%s', async (_, on, how, after) => {
    misbehave(on, how, after);
    const one = await publish();
    await world.drain();
    await live(world, 20);
    expect(await arrivalOf(one)).toEqual(arrived);
  });

  test('the process dies between the start of a session and its being stored', async () => {
    const one = await publish();
    const started = Promise.withResolvers<void>();
    const dead = withVideoHost(world, {
      async startUpload(...what) {
        await youtubeOf(world).startUpload(...what);
        started.resolve();
        return new Promise(() => undefined);
      },
    });
    void uploadPublication.run({ publicationId: one.id }, jobContext(world, dead));
    await started.promise;
    await world.drain();
    expect(await arrivalOf(one)).toEqual(arrived);
  });

  test.each([1, 2])('the process dies after chunk %i', async (chunks) => {
    const one = await publish();
    const sent = Promise.withResolvers<void>();
    let calls = 0;
    const dead = withVideoHost(world, {
      async sendChunk(...what) {
        const state = await youtubeOf(world).sendChunk(...what);
        calls += 1;
        if (calls < chunks) return state;
        sent.resolve();
        return new Promise(() => undefined);
      },
    });
    void uploadPublication.run({ publicationId: one.id }, jobContext(world, dead));
    await sent.promise;
    const sessions = world.emulators.google.sessionsStarted;
    await world.drain();
    expect(await arrivalOf(one)).toEqual(arrived);
    expect(world.emulators.google.sessionsStarted).toBe(sessions);
  });
});

test('two workers on one upload make one video', async () => {
  const one = await publish();
  const bothStarted = Promise.withResolvers<void>();
  let starts = 0;
  const ports = withVideoHost(world, {
    async startUpload(...what) {
      const session = await youtubeOf(world).startUpload(...what);
      starts += 1;
      if (starts === 2) bothStarted.resolve();
      await bothStarted.promise;
      return session;
    },
  });
  const run = () => uploadPublication.run({ publicationId: one.id }, jobContext(world, ports));
  const ends = await Promise.allSettled([run(), run()]);
  expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  await world.drain();
  await live(world, 10);
  expect(await arrivalOf(one)).toEqual(arrived);
});

test('a session that is gone after the last byte is never begun again', async () => {
  misbehave('chunk', 'reset_before', 1);
  const one = await publish();
  await world.drain();
  expect(await show(one.id)).toMatchObject({ status: 'uploading', percent: 99 });
  misbehave('query', 'gone');
  const sessions = world.emulators.google.sessionsStarted;
  await live(world, 10);
  expect(await show(one.id)).toMatchObject({ status: 'unconfirmed', url: null });
  await live(world, 600, { step: 100 });
  await uploadPublication.run({ publicationId: one.id }, jobContext(world));
  expect(world.emulators.google.sessionsStarted).toBe(sessions);
  expect(onChannel(one.title)).toHaveLength(0);
});

test('an upload whose answer and session are lost is found on the channel, and only read', async () => {
  misbehave('chunk', 'reset_after', 1);
  const one = await publish();
  await world.drain();
  misbehave('query', 'gone');
  const sessions = world.emulators.google.sessionsStarted;
  await live(world, 10);
  expect(await show(one.id)).toMatchObject({ status: 'live', privacy: 'unlisted' });
  expect(world.emulators.google.sessionsStarted).toBe(sessions);
  expect(await arrivalOf(one)).toEqual(arrived);
});

test('of two uploads with the same texts none is taken for ours', async () => {
  misbehave('chunk', 'reset_before', 1);
  const one = await publish();
  await world.drain();
  misbehave('query', 'gone');
  const alike = withVideoHost(world, {
    async fetchUploads() {
      const upload = {
        privacy: 'private' as const,
        publishAt: null,
        uploadStatus: 'processed' as const,
        reason: null,
        title: one.title,
        description: '',
        uploadedAt: world.now(),
      };
      return ['a', 'b'].map((name) => ({ ...upload, id: `${name}${one.id}` }));
    },
  });
  await live(world, 600, { step: 60, ports: alike });
  expect(await show(one.id)).toMatchObject({ status: 'unconfirmed', url: null });
});

test('a worker that learns too late does not undo what another has reached', async () => {
  const one = await publish();
  const late = withVideoHost(world, {
    async sendChunk(...what) {
      const isLast = what[3] + what[2].length === what[4];
      if (!isLast) return youtubeOf(world).sendChunk(...what);
      await uploadPublication.run({ publicationId: one.id }, jobContext(world));
      return { kind: 'gone' };
    },
  });
  await uploadPublication.run({ publicationId: one.id }, jobContext(world, late));
  await world.drain();
  expect(await arrivalOf(one)).toEqual(arrived);
  expect(await eventKinds(world, one.id)).not.toContain('unconfirmed');
});

test('a used-up daily quota is waited for, as long as YouTube says', async () => {
  misbehave('start', 'http_403_quota');
  const one = await publish();
  await world.drain();
  const pacificMidnight = new Date('2026-11-23T08:00:00Z').getTime();
  const waiting = await show(one.id);
  expect(waiting).toMatchObject({ status: 'uploading', waiting_for: 'allowance' });
  expect(Math.abs(Date.parse(String(waiting['waiting_until'])) - pacificMidnight)).toBeLessThan(
    2000,
  );
  expect(waiting['why']).toContain('goes on by itself at');
  const wait = Math.ceil((pacificMidnight - world.now().getTime()) / 1000);
  const before = world.emulators.google.sessionsStarted;
  await world.advance(wait - 60);
  await world.drain();
  expect(world.emulators.google.sessionsStarted).toBe(before);
  await world.advance(120);
  await world.drain();
  expect(await arrivalOf(one)).toEqual(arrived);
  expect(await show(one.id)).toMatchObject({ waiting_for: null, waiting_until: null, why: null });
  const told = await world.app.database.db
    .select()
    .from(notices)
    .where(eq(notices.subjectId, one.id));
  expect(told.map(({ kind }) => kind)).toEqual(['publication_waiting', 'publication_live']);
});

test('what YouTube refuses fails with its reason, and is not tried again', async () => {
  const one = await publish({ category: '99' });
  await world.drain();
  const shown = await show(one.id);
  expect(shown).toMatchObject({ status: 'failed' });
  expect(shown['why']).toBe(
    'YouTube refused it: this category cannot be used. Correct it and publish again.',
  );
  expect(await rowOf(one.id)).toMatchObject({ sessionSealed: null });
});

describe('what YouTube makes of it', () => {
  const host = (): Ports => world.app.ports;

  test('is asked for until it is processed', async () => {
    const one = await publish();
    const working = withVideoHost(world, {
      async fetchVideo(token, id) {
        const found = await youtubeOf(world).fetchVideo(token, id);
        return found && { ...found, uploadStatus: 'uploaded' };
      },
    });
    await drainWith(world, working);
    expect(await show(one.id)).toMatchObject({ status: 'processing' });
    await live(world, 60, { step: 10, ports: working });
    expect(await show(one.id)).toMatchObject({ status: 'processing' });
    await live(world, 120, { step: 30, ports: host() });
    expect(await arrivalOf(one)).toEqual(arrived);
  });

  test('may be a failure, with a reason', async () => {
    const one = await publish();
    const failed = withVideoHost(world, {
      async fetchVideo(token, id) {
        const found = await youtubeOf(world).fetchVideo(token, id);
        return found && { ...found, uploadStatus: 'failed', reason: 'invalidFile' };
      },
    });
    await drainWith(world, failed);
    const shown = await show(one.id);
    expect(shown).toMatchObject({ status: 'failed' });
    expect(shown['why']).toContain('the file is not a video');
  });

  test('is read again after an hour in which nobody could ask', async () => {
    const one = await publish();
    let calls = 0;
    const silent = withVideoHost(world, {
      async fetchVideo() {
        calls += 1;
        throw new Error('the network is down');
      },
    });
    await drainWith(world, silent);
    await live(world, 3600, { step: 100, ports: silent });
    expect(calls).toBeGreaterThan(10);
    expect(await show(one.id)).toMatchObject({ status: 'processing' });
    await live(world, 1200, { step: 300 });
    expect(await arrivalOf(one)).toEqual(arrived);
  });

  test('is read with a fresh token when the old one is refused', async () => {
    misbehave('videos', 'http_401');
    const one = await publish();
    await world.drain();
    expect(await arrivalOf(one)).toEqual(arrived);
  });
});

test('a scheduled video is private until its time, and then seen to be public', async () => {
  const at = new Date(world.now().getTime() + 7200_000);
  const one = await publish({ privacy: 'private', publish_at: at.toISOString() });
  await world.drain();
  await live(world, 60, { step: 20 });
  expect(await show(one.id)).toMatchObject({
    status: 'scheduled',
    privacy: 'private',
    publish_at: at.toISOString(),
  });
  expect(await rowOf(one.id)).toMatchObject({ liveAt: null });
  expect(onChannel(one.title)[0]).toMatchObject({ privacy: 'private' });
  await live(world, 7080, { step: 3540 });
  expect(await show(one.id)).toMatchObject({ status: 'scheduled' });
  await live(world, 120, { step: 30 });
  expect(await show(one.id)).toMatchObject({ status: 'live', privacy: 'public', why: null });
  expect((await eventKinds(world, one.id)).slice(-2)).toEqual(['scheduled', 'live']);
});

test('access taken away: it waits for its channel, says the way out, and goes on by itself', async () => {
  world.emulators.google.removeAccess();
  const one = await publish();
  await world.drain();
  const shown = await show(one.id);
  expect(shown).toMatchObject({ status: 'uploading', url: null, waiting_for: 'channel' });
  expect(shown['why']).toMatch(/no longer accepts our access to .+ again with channel_connect/u);
  const { db } = world.app.database;
  const [row] = await db.select().from(channels).where(eq(channels.id, channel));
  expect(row).toMatchObject({ status: 'reconnect' });
  const wish = { video, channel, title: 'Next' };
  const next = await world.perform(publicationCreate, wish, context);
  expect(next).toMatchObject({ ok: false, fault: { code: 'channel_reconnect', field: 'channel' } });
  await live(world, 24 * 3600, { step: 6 * 3600 });
  expect(onChannel(one.title)).toHaveLength(0);
  await connectChannel(world);
  await live(world, 20);
  expect(await arrivalOf(one)).toEqual(arrived);
  expect(await show(one.id)).toMatchObject({ waiting_for: null, why: null });
});

test('access taken away after the last byte: the read-back waits as well', async () => {
  const one = await publish();
  const ports = withVideoHost(world, {
    async fetchVideo(...what) {
      world.emulators.google.removeAccess();
      return youtubeOf(world).fetchVideo(...what);
    },
  });
  await drainWith(world, ports);
  const shown = await show(one.id);
  expect(shown).toMatchObject({ status: 'processing', waiting_for: 'channel' });
  expect(shown['url']).toMatch(/watch\?v=/);
  expect(shown['why']).toContain('channel_connect');
  // It is seen by nobody while nobody can say what it is.
  expect(onChannel(one.title)[0]).toMatchObject({ privacy: 'private' });
  await connectChannel(world);
  await live(world, 20);
  expect(await arrivalOf(one)).toEqual(arrived);
});

test('a project that YouTube has not audited: live, but private, and said so', async () => {
  const locked = await createWorld({ projectLocked: true });
  try {
    const person = await locked.context();
    const own = { video: await makeReadyVideo(locked), channel: await connectChannel(locked) };
    const at = new Date(locked.now().getTime() + 7200_000).toISOString();
    const words = 'YouTube keeps uploads of this project private until it has been audited.';
    for (const wish of [{ privacy: 'public' }, { publish_at: at }]) {
      const input = { ...own, title: 'Locked', ...wish };
      const { publication } = await locked.must(publicationCreate, input, person);
      await live(locked, 120, { step: 10 });
      const shown = await locked.must(publicationShow, { publication }, person);
      expect(shown).toMatchObject({ status: 'live', privacy: 'private', why: words });
    }
    const plain = { ...own, title: 'Private' };
    const { publication } = await locked.must(publicationCreate, plain, person);
    await locked.drain();
    const shown = await locked.must(publicationShow, { publication }, person);
    expect(shown).toMatchObject({ status: 'live', privacy: 'private', why: null });
  } finally {
    await locked.close();
  }
});
