import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  connectChannel,
  eventKinds,
  jobContext,
  makeReadyVideo,
  moneyOf,
  refused,
  shotsOf,
  startVideo,
  storedKeys,
  videoRow,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { shots, videos } from '../../drizzle/schema/videos.ts';
import { secondsAfter } from '../clock.ts';
import { parseConfig } from '../config.ts';
import type { Context, JobContext, Ports } from '../context.ts';
import { recordEvent } from '../events.ts';
import { Fault } from '../fault.ts';
import { publicationCreate } from '../publication/create.ts';
import { videoCancel } from './cancel.ts';
import { expireVideos } from './expire.ts';
import { removeVideoFiles } from './remove.ts';
import type { VideoRow } from './row.ts';
import { videoShow } from './show.ts';

const days = 30;
const kept = days * 86_400;

let world: World;
let context: Context;
let model: VideoRow;
beforeAll(async () => {
  world = await createWorld({ settings: { VIDEO_RETENTION_DAYS: String(days) } });
  context = await world.context();
  const id = await startVideo(world);
  await world.must(videoCancel, { video: id }, context);
  await world.drain();
  model = await videoRow(world, id);
});
afterAll(() => world.close());

const expire = (changes: Partial<JobContext> = {}) =>
  expireVideos.run({}, { ...jobContext(world), ...changes });

const isDeleted = async (id: string) => (await videoRow(world, id)).deletedAt !== null;
const filesOf = (id: string) => storedKeys(world).filter((key) => key.includes(id));

async function* byte() {
  yield Buffer.from('a');
}

let made = 0;
/** A video with its files, made from the rows of another one, that came to this end so long ago. */
async function endedAgo(
  seconds: number,
  { status = 'ready', ...changes }: Partial<VideoRow> = {},
): Promise<string> {
  made += 1;
  const id = `vid_old${made}`;
  const { db } = world.app.database;
  const at = secondsAfter(world.now(), -seconds);
  const isReady = status === 'ready';
  const files = { fileKey: isReady ? `videos/${id}.mp4` : null, readyAt: isReady ? at : null };
  const createdAt = secondsAfter(at, -600);
  const own = { id, rootId: id, batchId: id, approvalId: null, createdAt, status, ...files };
  await db.insert(videos).values({ ...model, ...own, ...changes });
  if (status === 'failed' || status === 'cancelled')
    await db.transaction((tx) => recordEvent(tx, { at, subjectId: id, kind: status }));
  const shot = { id: `sht_${id}`, videoId: id, position: 1, clipSeconds: 6, prompt: 'a boat' };
  const fileKey = `shots/${id}.mp4`;
  await db.insert(shots).values({ ...shot, status: 'delivered', fileKey });
  for (const key of [fileKey, files.fileKey])
    if (key !== null) await world.app.ports.storage.write(key, byte(), 1);
  return id;
}

describe.each(['ready', 'failed', 'cancelled'] as const)('a video that was %s', (status) => {
  test.each([
    [-1, false],
    [0, true],
    [1, true],
  ])('its time and %i s ago is deleted: %s', async (over, isGone) => {
    const id = await endedAgo(kept + over, { status });
    await expire();
    expect(await isDeleted(id)).toBe(isGone);
    await world.drain();
    expect(filesOf(id)).toHaveLength(isGone ? 0 : status === 'ready' ? 2 : 1);
  });

  test('is counted from its end, not from its beginning', async () => {
    const createdAt = secondsAfter(world.now(), -2 * kept);
    const id = await endedAgo(60, { status, createdAt });
    await expire();
    expect(await isDeleted(id)).toBe(false);
  });
});

test('a video of the product goes as one deleted by hand, once its upload is over', async () => {
  await connectChannel(world);
  const id = await makeReadyVideo(world);
  await world.must(publicationCreate, { video: id, title: 'A paper boat' }, context);
  await world.app.database.db
    .update(videos)
    .set({ readyAt: secondsAfter(world.now(), -kept), createdAt: secondsAfter(world.now(), -kept) })
    .where(eq(videos.id, id));
  const { fileKey, posterKey } = await videoRow(world, id);
  const own = [fileKey, posterKey, ...(await shotsOf(world, id)).map((shot) => shot.fileKey)];
  const ownFiles = () => storedKeys(world).filter((key) => own.includes(key));
  expect(ownFiles()).toHaveLength(own.filter((key) => key !== null).length);
  await expire();
  expect(await isDeleted(id)).toBe(false);
  await world.drain();
  const published = eq(publications.videoId, id);
  const [publication] = await world.app.database.db.select().from(publications).where(published);
  expect(publication?.status).not.toBe('uploading');
  await expire();
  await world.drain();
  expect(ownFiles()).toEqual([]);
  expect(await videoRow(world, id)).toMatchObject({
    status: 'ready',
    fileKey: null,
    deletedAt: world.now(),
  });
  expect(await refused(world, videoShow, { video: id }, context)).toMatchObject({
    code: 'not_found',
  });
  expect((await eventKinds(world, id)).at(-1)).toBe('expired');
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: null });
});

test('ten workers at once delete each video once', async () => {
  const ids = await Promise.all([1, 2, 3].map(() => endedAgo(kept)));
  await Promise.all(Array.from({ length: 10 }, () => expire()));
  for (const id of ids) expect(await eventKinds(world, id)).toEqual(['expired']);
  await world.drain();
});

test('many videos are deleted in one run', async () => {
  const { db } = world.app.database;
  const ids = Array.from({ length: 205 }, (_, at) => `vid_many${String(at).padStart(3, '0')}`);
  const createdAt = secondsAfter(world.now(), -kept - 1);
  const rows = ids.map((id) => ({ ...model, id, createdAt, approvalId: null }));
  await db.insert(videos).values(rows);
  await expire();
  const gone = await Promise.all(ids.map(isDeleted));
  expect(gone.filter((each) => each)).toHaveLength(205);
  await world.drain();
});

describe('what is kept', () => {
  test.each(['queued', 'generating', 'assembling'] as const)('a video %s', async (status) => {
    const id = await endedAgo(2 * kept, { status });
    await expire();
    expect(await isDeleted(id)).toBe(false);
  });

  test('a video that somebody works on, until the next time', async () => {
    const id = await endedAgo(kept);
    await world.app.database.db.transaction(async (tx) => {
      await tx.select().from(videos).where(eq(videos.id, id)).for('share');
      await expire();
    });
    expect(await isDeleted(id)).toBe(false);
    await expire();
    expect(await isDeleted(id)).toBe(true);
    await world.drain();
  });

  test('every video, without a limit', async () => {
    const id = await endedAgo(100 * kept);
    await expire({ config: parseConfig({}) });
    expect(await isDeleted(id)).toBe(false);
    await expire();
    await world.drain();
  });

  test('what is left of a run that was stopped', async () => {
    const id = await endedAgo(kept);
    const signal = AbortSignal.abort(new Error('stopping'));
    await expect(expire({ signal })).rejects.toThrow('stopping');
    expect(await isDeleted(id)).toBe(false);
    await expire();
    await world.drain();
  });
});

describe('video_show', () => {
  const keptUntil = async (video: string, changes: Partial<Context> = {}) =>
    (await videoShow.run({ video, wait_seconds: 0 }, { ...context, ...changes })).kept_until;

  test.each(['ready', 'failed', 'cancelled'] as const)('says it of a %s one', async (status) => {
    const id = await endedAgo(3600, { status });
    expect(await keptUntil(id)).toBe(secondsAfter(world.now(), kept - 3600).toISOString());
    expect(await keptUntil(id, { config: parseConfig({}) })).toBeNull();
  });

  test('says nothing of the end of a running one', async () => {
    expect(await keptUntil(await endedAgo(3600, { status: 'generating' }))).toBeNull();
  });
});

test('files whose bucket refuses us are removed when it accepts us again', async () => {
  const id = await endedAgo(kept);
  await expire();
  const ports: Ports = {
    ...world.app.ports,
    storage: {
      ...world.app.ports.storage,
      async remove() {
        throw new Fault('provider_locked', { provider: 'Storage' });
      },
    },
  };
  const trying = removeVideoFiles.run({ videoId: id }, jobContext(world, ports));
  await expect(trying).rejects.toMatchObject({ code: 'provider_busy', retryAfterSeconds: 60 });
  expect(filesOf(id)).toHaveLength(2);
  await world.drain();
  expect(filesOf(id)).toEqual([]);
});
