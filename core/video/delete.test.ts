import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import {
  attemptsOf,
  connectChannel,
  eventKinds,
  faultOf,
  jobContext,
  live,
  makeReadyVideo,
  moneyOf,
  refused,
  settled,
  shotsOf,
  startOneShot,
  startVideo,
  storedKeys,
  videoRow,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import type { Context, Ports } from '../context.ts';
import { publicationCreate } from '../publication/create.ts';
import { publicationShow } from '../publication/show.ts';
import { publicationSuggest } from '../publication/suggest.ts';
import { videoCancel } from './cancel.ts';
import { collectOutcome } from './collect.ts';
import { videoDelete } from './delete.ts';
import { videoList } from './list.ts';
import { removeVideoFiles } from './remove.ts';
import { videoShow } from './show.ts';

let world: World;
let context: Context;
beforeAll(async () => {
  world = await createWorld();
  context = await world.context();
  await connectChannel(world);
});
afterEach(() => settled(world));
afterAll(() => world.close());

const remove = (video: string) => world.must(videoDelete, { video }, context);
const filesOf = async (videoId: string) => {
  const attempts = await attemptsOf(world, videoId);
  const own = [videoId, ...attempts.map(({ id }) => id)];
  return storedKeys(world).filter((key) => own.some((id) => key.includes(id)));
};
const publish = (video: string) =>
  world.must(publicationCreate, { video, title: 'A paper boat' }, context);

describe('a finished video', () => {
  test('is gone for everybody, and its files with it; the row stays for the journal', async () => {
    const id = await makeReadyVideo(world);
    const { publication } = await publish(id);
    await world.drain();
    expect(await filesOf(id)).toHaveLength(4);
    const { url } = await world.must(videoShow, { video: id }, context);
    const preview = await videoDelete.preview?.({ video: id }, context);
    expect(preview).toMatchObject({ title: 'Delete this video for good', cost: 0 });
    expect(await remove(id)).toEqual({ video: id, deleted: true });
    for (const operation of [videoShow, publicationSuggest, videoCancel, videoDelete])
      expect(await refused(world, operation, { video: id }, context)).toMatchObject({
        code: 'not_found',
        field: 'video',
      });
    const wish = { video: id, title: 'Again' };
    expect(await refused(world, publicationCreate, wish, context)).toMatchObject({
      code: 'not_found',
    });
    const { videos } = await world.must(videoList, { limit: 50 }, context);
    expect(JSON.stringify(videos)).not.toContain(id);
    expect(await world.must(publicationShow, { publication }, context)).toMatchObject({
      video: id,
      title: 'A paper boat',
    });
    await world.drain();
    expect(await filesOf(id)).toEqual([]);
    expect(await videoRow(world, id)).toMatchObject({
      status: 'ready',
      fileKey: null,
      deletedAt: world.now(),
    });
    expect((await fetch(z.string().parse(url))).status).toBe(404);
    expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: null });
    expect((await eventKinds(world, id)).at(-1)).toBe('deleted');
  });

  test.each([1, 2, 3])('is deleted by one of ten calls at once (round %i)', async () => {
    const id = await startVideo(world);
    await world.must(videoCancel, { video: id }, context);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => world.perform(videoDelete, { video: id }, context)),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await eventKinds(world, id)).filter((kind) => kind === 'deleted')).toHaveLength(1);
  });

  test('of somebody else stays', async () => {
    const id = await makeReadyVideo(world);
    const other = await world.context('terminal', 'other');
    expect(await refused(world, videoDelete, { video: id }, other)).toMatchObject({
      code: 'not_found',
    });
    expect(await videoRow(world, id)).toMatchObject({ deletedAt: null });
  });
});

describe('what is not over', () => {
  test('a running video is to be stopped first, then it can go', async () => {
    const id = await startVideo(world);
    expect(await refused(world, videoDelete, { video: id }, context)).toMatchObject({
      code: 'cancel_first',
      field: 'video',
    });
    await world.must(videoCancel, { video: id }, context);
    await remove(id);
    await world.drain();
    expect(await filesOf(id)).toEqual([]);
  });

  test('a video that is being uploaded stays until that is over', async () => {
    const id = await makeReadyVideo(world);
    const { publication } = await publish(id);
    expect(await refused(world, videoDelete, { video: id }, context)).toMatchObject({
      code: 'publication_running',
      message: `This video is being uploaded for ${z.string().parse(publication)}.`,
    });
    await world.drain();
    await remove(id);
    expect(await videoRow(world, id)).toMatchObject({ deletedAt: world.now() });
    await world.drain();
  });

  test.each([1, 2, 3, 4, 5, 6])(
    'a publication and a deletion at once: one of them is refused (round %i)',
    async () => {
      const id = await makeReadyVideo(world);
      const wish = { video: id, title: 'A race' };
      const [published, deleted] = await Promise.all([
        world.perform(publicationCreate, wish, context),
        world.perform(videoDelete, { video: id }, context),
      ]);
      const codes = [published, deleted].map((one) => (one.ok ? 'ok' : one.fault.code));
      expect(codes).toEqual(published.ok ? ['ok', 'publication_running'] : ['not_found', 'ok']);
      const { db } = world.app.database;
      const rows = await db.select().from(publications).where(eq(publications.videoId, id));
      expect(rows).toHaveLength(published.ok ? 1 : 0);
      await world.drain();
      expect(await filesOf(id)).toHaveLength(published.ok ? 4 : 0);
    },
  );
});

test('a deletion between the check and the upload leaves nothing to upload', async () => {
  const id = await makeReadyVideo(world);
  const { database } = context;
  const late = {
    ...context,
    database: {
      ...database,
      db: new Proxy(database.db, {
        get: (db, name) =>
          name === 'transaction'
            ? async (work: Parameters<typeof db.transaction>[0]) => {
                await remove(id);
                return db.transaction(work);
              }
            : Reflect.get(db, name),
      }),
    },
  };
  const wish = publicationCreate.input.parse({ video: id, title: 'Too late' });
  expect(await faultOf(publicationCreate.run(wish, late))).toBe('not_found');
  const { db } = database;
  expect(await db.select().from(publications).where(eq(publications.videoId, id))).toEqual([]);
  await world.drain();
});

describe('death', () => {
  test('before the commit deletes nothing', async () => {
    const id = await makeReadyVideo(world);
    const queue = { enqueue: () => Promise.reject(new Error('died')) };
    expect(await world.perform(videoDelete, { video: id }, { ...context, queue })).toMatchObject({
      ok: false,
      fault: { code: 'internal' },
    });
    expect(await world.must(videoShow, { video: id }, context)).toMatchObject({ status: 'ready' });
    await world.drain();
    expect(await filesOf(id)).toHaveLength(4);
  });

  test.each([0, 1, 2, 3, 4])(
    'after %i of 4 files leaves the rest to the next try',
    async (gone) => {
      const id = await makeReadyVideo(world);
      await remove(id);
      const { storage } = world.app.ports;
      let removed = 0;
      const ports: Ports = {
        ...world.app.ports,
        storage: {
          ...storage,
          async remove(key) {
            if (removed === gone) throw new Error('died');
            removed += 1;
            await storage.remove(key);
          },
        },
      };
      const dying = removeVideoFiles.run({ videoId: id }, jobContext(world, ports));
      const ending = await dying.then(
        () => 'done',
        (error: unknown) => String(error),
      );
      expect(ending).toBe(gone < 4 ? 'Error: died' : 'done');
      expect(await filesOf(id)).toHaveLength(4 - gone);
      await world.drain();
      expect(await filesOf(id)).toEqual([]);
      expect((await shotsOf(world, id)).map(({ fileKey }) => fileKey)).toEqual([null, null]);
      await removeVideoFiles.run({ videoId: id }, jobContext(world));
    },
  );

  test('a job for a video that nobody deleted removes nothing', async () => {
    const id = await makeReadyVideo(world);
    await removeVideoFiles.run({ videoId: id }, jobContext(world));
    await removeVideoFiles.run({ videoId: 'vid_none' }, jobContext(world));
    expect(await filesOf(id)).toHaveLength(4);
  });
});

test('a clip that comes late for a deleted video is not kept', async () => {
  const slow = await createWorld({ generationMs: 7_200_000 });
  const own = await slow.context();
  const id = await startOneShot(slow);
  await slow.drain();
  const [attempt] = await attemptsOf(slow, id);
  await live(slow, 900, { step: 100 });
  expect(await videoRow(slow, id)).toMatchObject({ status: 'failed', failure: 'timed_out' });
  await slow.must(videoDelete, { video: id }, own);
  const outcome = { kind: 'delivered', url: 'https://v3.fal.media/files/late.mp4' } as const;
  await collectOutcome(jobContext(slow), attempt?.id ?? '', outcome);
  expect(storedKeys(slow)).toEqual([]);
  expect(await videoRow(slow, id)).toMatchObject({ status: 'failed', fileKey: null });
  expect(await faultOf(slow.must(videoShow, { video: id }, own))).toBe('not_found');
  await settled(slow);
  await slow.close();
});
