import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { videos } from '../../drizzle/schema/videos.ts';
import { addUpload, changeUpload, createHandTimers } from '../../test/kit/progress.ts';
import { clearStats, openStats } from '../../test/kit/stats.ts';
import {
  drainWith,
  makeReadyVideo,
  startVideo,
  withVideoHost,
  youtubeOf,
} from '../../test/kit/trips.ts';
import { Handover, type Context, type Progress } from '../context.ts';
import { recordEvent } from '../events.ts';
import type { Locale } from '../messages/catalogue.ts';
import { perform, type AnyOperation, type Outcome } from '../operation.ts';
import { publicationCreate } from '../publication/create.ts';
import { publicationShow } from '../publication/show.ts';
import { videoShow } from '../video/show.ts';
import { countFollowers } from './listen.ts';

const chunk = 8 * 1024 * 1024;

/** Other work may be going on beside the tests. */
const patient = { timeout: 10_000 };

let scene: Awaited<ReturnType<typeof openStats>>;
let hand: ReturnType<typeof createHandTimers>;
beforeAll(async () => {
  scene = await openStats();
});
afterAll(() => scene.world.close());
beforeEach(async () => {
  await clearStats(scene);
  hand = createHandTimers();
});

/** Asks as a model does, and keeps what it is told meanwhile. */
function ask(
  operation: AnyOperation,
  input: object,
  changes: { readonly signal?: AbortSignal; readonly locale?: Locale } = {},
) {
  const told: Progress[] = [];
  const context: Context = {
    ...scene.context,
    timers: hand.timers,
    onProgress: (progress) => void told.push(progress),
    ...changes,
  };
  return { told, answer: perform(operation, input, context) };
}

const statusOf = (outcome: Outcome): unknown =>
  outcome.ok ? outcome.value['status'] : outcome.fault.code;

async function changeVideo(id: string, values: Partial<typeof videos.$inferInsert>) {
  const at = scene.world.now();
  await scene.world.app.database.db.transaction(async (tx) => {
    await tx.update(videos).set(values).where(eq(videos.id, id));
    await recordEvent(tx, { at, subjectId: id, kind: 'progress' });
  });
}

describe('publication_show with wait_seconds', () => {
  test.each([
    [-1, false],
    [0, true],
    [39, true],
    [40, true],
    [41, false],
    [39.5, false],
  ])('of %d is taken: %s', async (seconds, isTaken) => {
    const publication = await addUpload(scene, { status: 'failed' });
    const { answer } = ask(publicationShow, { publication, wait_seconds: seconds });
    expect(statusOf(await answer)).toBe(isTaken ? 'failed' : 'invalid_input');
  });

  test('of none answers as it is by now', async () => {
    const publication = await addUpload(scene);
    const { answer, told } = ask(publicationShow, { publication });
    expect(statusOf(await answer)).toBe('uploading');
    expect(told).toEqual([]);
    expect(hand.isIdle()).toBe(true);
  });

  test('answers when the time is over', async () => {
    const publication = await addUpload(scene);
    const { answer, told } = ask(publicationShow, { publication, wait_seconds: 40 });
    // It looks again every 15 s by itself, and the last wait is cut short.
    for (const ms of [1000, 14_000, 1000, 14_000, 1000]) await hand.pass(ms);
    await changeUpload(scene.world.app, publication, { uploadedBytes: 500 });
    await expect.poll(() => told, patient).toHaveLength(2);
    for (const ms of [1000, 8000]) await hand.pass(ms);
    const outcome = await answer;
    expect(outcome).toMatchObject({ ok: true, value: { status: 'uploading', percent: 50 } });
    expect(hand.isIdle()).toBe(true);
    expect(countFollowers(scene.world.app.database)).toBe(0);
  });

  test.each(['scheduled', 'live', 'unconfirmed', 'failed', 'cancelled'] as const)(
    'answers as soon as it is %s',
    async (status) => {
      const publication = await addUpload(scene);
      const { answer, told } = ask(publicationShow, { publication, wait_seconds: 40 });
      await expect.poll(() => told, patient).toHaveLength(1);
      await changeUpload(scene.world.app, publication, { status });
      await hand.pass(1000);
      expect(statusOf(await answer)).toBe(status);
      expect(told).toHaveLength(1);
      expect(hand.isIdle()).toBe(true);
    },
  );

  test('is broken off by its caller', async () => {
    const publication = await addUpload(scene);
    const leaving = new AbortController();
    const asked = { publication, wait_seconds: 40 };
    const { answer, told } = ask(publicationShow, asked, { signal: leaving.signal });
    await expect.poll(() => told, patient).toHaveLength(1);
    leaving.abort(new Handover());
    // There is nothing wrong with how it is by now.
    expect(statusOf(await answer)).toBe('uploading');
    expect(countFollowers(scene.world.app.database)).toBe(0);
    expect(hand.isIdle()).toBe(true);
  });

  test('waits for nothing of another person', async () => {
    const publication = await addUpload(scene);
    const stranger = await scene.world.context('mcp', 'stranger');
    const asked = { publication, wait_seconds: 40 };
    const outcome = await perform(publicationShow, asked, stranger);
    expect(statusOf(outcome)).toBe('not_found');
  });

  test('tells acknowledged bytes of a real upload, and answers with its end', async () => {
    const { world, channel, context } = scene;
    const video = await makeReadyVideo(world);
    const size = chunk + 12_345;
    const bytes = randomBytes(size);
    bytes.write('ftypmp42', 4, 'latin1');
    const fileKey = `videos/${video}.mp4`;
    const file = await world.app.ports.storage.write(fileKey, Readable.from([bytes]), size);
    await world.app.database.db.update(videos).set(file).where(eq(videos.id, video));
    const wish = { video, channel, title: 'Boats', privacy: 'unlisted' };
    const { publication } = await world.must(publicationCreate, wish, context);
    const seen = Promise.withResolvers<void>();
    const slow = withVideoHost(world, {
      async sendChunk(...what) {
        if (what[3] > 0) await seen.promise;
        return youtubeOf(world).sendChunk(...what);
      },
    });
    const { answer, told } = ask(publicationShow, { publication, wait_seconds: 40 });
    await expect.poll(() => told, patient).toHaveLength(1);
    const uploaded = drainWith(world, slow);
    await expect
      .poll(
        async () => (await world.must(publicationShow, { publication }, context))['percent'],
        patient,
      )
      .toBe(99);
    await hand.pass(1000);
    await expect.poll(() => told, patient).toHaveLength(2);
    seen.resolve();
    await uploaded;
    await hand.pass(1000);
    expect(statusOf(await answer)).toBe('live');
    expect(told).toEqual([
      { done: 0, total: size, message: 'Uploading to YouTube: 0%.' },
      { done: chunk, total: size, message: 'Uploading to YouTube: 99%.' },
    ]);
    const onChannel = world.emulators.google.videos.find(({ title }) => title === 'Boats');
    expect(onChannel?.bytes).toBe(size);
  });
});

describe('video_show with wait_seconds', () => {
  test.each([
    [39, true],
    [40, true],
    [41, false],
  ])('of %d is taken: %s', async (seconds, isTaken) => {
    const video = await startVideo(scene.world);
    await changeVideo(video, { status: 'cancelled' });
    const { answer } = ask(videoShow, { video, wait_seconds: seconds });
    expect(statusOf(await answer)).toBe(isTaken ? 'cancelled' : 'invalid_input');
  });

  test.each([
    ['en', 'The video waits for its turn.', 'The shots are being joined: 90%.'],
    ['zh', '视频正在排队。', '正在合成视频：90%。'],
  ] as const)('tells percent of 100 in the language of the person: %s', async (locale, ...said) => {
    const video = await startVideo(scene.world);
    const { answer, told } = ask(videoShow, { video, wait_seconds: 40 }, { locale });
    await expect.poll(() => told, patient).toHaveLength(1);
    await changeVideo(video, { status: 'assembling', assembledPercent: 50 });
    await hand.pass(1000);
    await expect.poll(() => told, patient).toHaveLength(2);
    await changeVideo(video, { status: 'ready', fileKey: `videos/${video}.mp4` });
    await hand.pass(1000);
    expect(await answer).toMatchObject({ ok: true, value: { status: 'ready', percent: 100 } });
    expect(told).toEqual([
      { done: 0, total: 100, message: said[0] },
      { done: 90, total: 100, message: said[1] },
    ]);
  });
});

describe('progress_url', () => {
  const urlSchema = z.looseObject({ progress_url: z.string().nullable() });
  const urlOf = async (operation: AnyOperation, input: object) =>
    urlSchema.parse(await scene.world.must(operation, input, scene.context)).progress_url;

  test('is given out while something goes on', async () => {
    const publication = await addUpload(scene);
    const base = scene.world.publicUrl;
    const shown = await urlOf(publicationShow, { publication });
    expect(shown?.startsWith(`${base}/progress/${publication}?exp=`)).toBe(true);
    await changeUpload(scene.world.app, publication, { status: 'live' });
    expect(await urlOf(publicationShow, { publication })).toBeNull();
    const video = await startVideo(scene.world);
    expect(await urlOf(videoShow, { video })).toContain(`/progress/${video}?exp=`);
    await changeVideo(video, { status: 'cancelled' });
    expect(await urlOf(videoShow, { video })).toBeNull();
  });

  test('is none where no web app runs', async () => {
    const publication = await addUpload(scene);
    const context = { ...scene.context, publicUrl: () => null };
    const shown = await scene.world.must(publicationShow, { publication }, context);
    expect(shown).toMatchObject({ progress_url: null });
  });
});
