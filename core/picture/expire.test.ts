import { Readable } from 'node:stream';

import { createCanvas } from '@napi-rs/canvas';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { pictures } from '../../drizzle/schema/pictures.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { serveRoutes, type Emulator } from '../../sandbox/http.ts';
import { connectChannel, jobContext, makeReadyVideo, storedKeys } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { secondsAfter } from '../clock.ts';
import type { Context, JobContext } from '../context.ts';
import { Fault } from '../fault.ts';
import type { Storage } from '../ports/storage.ts';
import { publicationCreate } from '../publication/create.ts';
import { expirePictures } from './expire.ts';
import { pictureKeep, readPicture } from './keep.ts';

const week = 7 * 86_400;

let world: World;
let context: Context;
let files: Emulator;
let publication: typeof publications.$inferSelect;
beforeAll(async () => {
  const body = createCanvas(800, 400).toBuffer('image/png');
  const route = { method: 'GET', path: /\/.*/u, handle: () => ({ status: 200, body }) };
  files = await serveRoutes([route], { status: 404 });
  world = await createWorld({ settings: { DISCORD_API_URL: `${files.url}/api` } });
  context = await world.context();
  await connectChannel(world);
  const video = await makeReadyVideo(world);
  const wish = { video, title: 'With a picture', thumbnail: 'own', picture: await keep() };
  await world.must(publicationCreate, wish, context);
  const [row] = await world.app.database.db.select().from(publications);
  if (!row) throw new Error('nothing was published');
  publication = row;
});
afterAll(async () => {
  await world.close();
  await files.close();
});

async function keep(person = context): Promise<string> {
  const { picture } = await world.must(pictureKeep, { url: `${files.url}/a.png` }, person);
  return z.string().parse(picture);
}

const expire = (changes: Partial<JobContext> = {}, accountId?: string) =>
  expirePictures.run(accountId === undefined ? {} : { accountId }, {
    ...jobContext(world),
    ...changes,
  });

/** Work with storage whose removal is another one. */
function removingWith(remove: Storage['remove']): Partial<JobContext> {
  const { ports } = world.app;
  return { ports: { ...ports, storage: { ...ports.storage, remove } } };
}

const keyOf = (id: string) => `pictures/${id}.jpg`;
const hasFile = (id: string) => storedKeys(world).includes(keyOf(id));

async function rowOf(id: string) {
  const { db } = world.app.database;
  const [row] = await db.select().from(pictures).where(eq(pictures.id, id));
  return row;
}
const isGone = async (id: string) => (await rowOf(id)) === undefined && !hasFile(id);
const isThere = async (id: string) => ((await rowOf(id))?.bytes ?? 0) > 0 && hasFile(id);

let made = 0;
/** A picture that was kept so long ago. */
async function keptAgo(
  seconds: number,
  changes: Partial<typeof pictures.$inferInsert> = {},
): Promise<string> {
  made += 1;
  const id = `pic_old${made}`;
  const { accountId } = context.actor;
  const createdAt = secondsAfter(world.now(), -seconds);
  const facts = { bytes: 3, sha256: 'abc', width: 1, height: 1 };
  const row = { id, accountId, serverId: null, fileKey: keyOf(id), ...facts, createdAt };
  await world.app.database.db.insert(pictures).values({ ...row, ...changes });
  await world.app.ports.storage.write(keyOf(id), Readable.from([Buffer.from('abc')]), 3);
  return id;
}

const publicationWith = (
  pictureId: string,
  changes: Partial<typeof publications.$inferInsert> = {},
) => ({
  ...publication,
  id: `pub_of_${pictureId}`,
  pictureId,
  approvalId: null,
  hostVideoId: null,
  ...changes,
});

const isWaitedFor = (pictureId: string) =>
  world.app.database.db.insert(publications).values(publicationWith(pictureId));

const settle = (pictureId: string, thumbnailStatus: 'set' | 'refused' | 'none') =>
  world.app.database.db
    .update(publications)
    .set({ thumbnailStatus })
    .where(eq(publications.pictureId, pictureId));

describe('a kept picture', () => {
  test.each([
    [-1, false],
    [0, true],
    [1, true],
  ])('a week and %i s ago is removed: %s', async (over, isOver) => {
    const id = await keptAgo(week + over);
    await expire();
    expect(await isGone(id)).toBe(isOver);
    expect(await isThere(id)).toBe(!isOver);
  });

  test('whose keeping was cut short goes like every other one', async () => {
    const unfinished = { bytes: 0, sha256: '' };
    const [fresh, old] = [await keptAgo(week - 1, unfinished), await keptAgo(week, unfinished)];
    await expire();
    expect([hasFile(fresh), (await rowOf(fresh))?.bytes]).toEqual([true, 0]);
    expect(await isGone(old)).toBe(true);
  });

  test('that was dropped for newer ones goes at once, in its own account and in others', async () => {
    const { actor } = await world.context('terminal', 'other');
    const dropped = { bytes: 0, sha256: 'abc' };
    const own = await keptAgo(60, dropped);
    const theirs = await keptAgo(60, { ...dropped, accountId: actor.accountId });
    await expire({}, context.actor.accountId);
    expect([await isGone(own), await isGone(theirs)]).toEqual([true, false]);
    await expire();
    expect(await isGone(theirs)).toBe(true);
  });

  test('is one of many in one run', async () => {
    const { accountId } = context.actor;
    const ids = Array.from({ length: 205 }, (_, at) => `pic_many${at}`);
    const row = { accountId, serverId: null, bytes: 3, sha256: 'abc', width: 1, height: 1 };
    const createdAt = secondsAfter(world.now(), -week);
    await world.app.database.db
      .insert(pictures)
      .values(ids.map((id) => ({ ...row, id, fileKey: keyOf(id), createdAt })));
    await expire();
    expect((await Promise.all(ids.map(isGone))).filter((gone) => gone)).toHaveLength(205);
  });
});

describe('a picture that a publication refers to', () => {
  test('stays while that waits for its thumbnail, however old it is', async () => {
    const id = await keptAgo(10 * week);
    await isWaitedFor(id);
    await expire();
    expect(await isThere(id)).toBe(true);
    await expect(readPicture(context, id)).resolves.toMatchObject({ id });
  });

  test.each(['set', 'refused', 'none'] as const)('goes when the thumbnail is %s', async (how) => {
    const [old, young] = [await keptAgo(week), await keptAgo(week - 1)];
    for (const id of [old, young]) {
      await isWaitedFor(id);
      await settle(id, how);
    }
    await expire();
    expect([await isGone(old), await isThere(young)]).toEqual([true, true]);
    const { db } = world.app.database;
    const published = eq(publications.id, `pub_of_${old}`);
    const [row] = await db.select().from(publications).where(published);
    expect(row).toMatchObject({ pictureId: null, thumbnail: 'own', thumbnailStatus: how });
  });

  test('stays until the last of them has its thumbnail', async () => {
    const id = await keptAgo(week);
    await isWaitedFor(id);
    await settle(id, 'set');
    const second = publicationWith(id, { id: `pub_second_${id}` });
    await world.app.database.db.insert(publications).values(second);
    await expire();
    expect(await isThere(id)).toBe(true);
    await settle(id, 'set');
    await expire();
    expect(await isGone(id)).toBe(true);
  });

  test('is not dropped under a publication that is just being made', async () => {
    const id = await keptAgo(week);
    const { db } = world.app.database;
    const sweeping = await db.transaction(async (tx) => {
      await tx.insert(publications).values(publicationWith(id));
      const started = expire();
      await vi.waitFor(async () => {
        const waiting = sql`select 1 from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`;
        expect(await db.execute(waiting)).toHaveLength(1);
      }, 10_000);
      // An array, so that the transaction does not wait for what waits for it.
      return [started];
    });
    await Promise.all(sweeping);
    expect(await isThere(id)).toBe(true);
  });

  test('does not count among the fifty, and is not dropped for a new one', async () => {
    const person = await world.context('terminal', 'keeper');
    const own = { accountId: person.actor.accountId };
    const needed = await keptAgo(3600, own);
    await isWaitedFor(needed);
    const oldest = await keptAgo(3000, own);
    for (let count = 1; count < 49; count += 1) await keptAgo(60, own);
    await keep(person);
    await world.drain();
    expect([await isThere(needed), await isThere(oldest)]).toEqual([true, true]);
    await keep(person);
    await world.drain();
    expect([await isThere(needed), await isGone(oldest)]).toEqual([true, true]);
  });
});

describe('a process that dies', () => {
  test.each([
    ['before the file is removed', false],
    ['after the file was removed', true],
  ])('%s leaves what the next time finds', async (_when, isRemoved) => {
    const id = await keptAgo(week);
    const dying = removingWith(async (key) => {
      if (isRemoved) await world.app.ports.storage.remove(key);
      throw new Error('the process died');
    });
    await expect(expire(dying)).rejects.toThrow('the process died');
    expect(hasFile(id)).toBe(!isRemoved);
    expect(await rowOf(id)).toMatchObject({ bytes: 0, fileKey: keyOf(id) });
    await expect(readPicture(context, id)).rejects.toMatchObject({
      code: 'not_found',
      params: { what: 'picture', id },
    });
    await expire();
    expect(await isGone(id)).toBe(true);
  });

  test('is told to wait by storage that refuses us', async () => {
    const id = await keptAgo(week);
    const locked = removingWith(() =>
      Promise.reject(new Fault('provider_locked', { provider: 'Storage' })),
    );
    await expect(expire(locked)).rejects.toMatchObject({
      code: 'provider_busy',
      retryAfterSeconds: 60,
    });
    expect(hasFile(id)).toBe(true);
    await expire();
    expect(await isGone(id)).toBe(true);
  });

  test('leaves the rest when it is stopped', async () => {
    const id = await keptAgo(week);
    const signal = AbortSignal.abort(new Error('stopping'));
    await expect(expire({ signal })).rejects.toThrow('stopping');
    expect(await isThere(id)).toBe(true);
    await expire();
  });
});

test('a publication that came while the file was removed keeps the row until it is settled', async () => {
  const id = await keptAgo(week);
  await expire(
    removingWith(async (key) => {
      await world.app.ports.storage.remove(key);
      await isWaitedFor(id);
    }),
  );
  expect(await rowOf(id)).toMatchObject({ bytes: 0 });
  await settle(id, 'refused');
  await expire();
  expect(await isGone(id)).toBe(true);
});

test('two sweeps at once remove each picture once', async () => {
  const ids = await Promise.all([1, 2, 3, 4].map(() => keptAgo(week)));
  const before = world.logs.length;
  let entered = 0;
  const both = Promise.withResolvers<void>();
  const together = removingWith(async (key) => {
    entered += 1;
    if (entered === 2) both.resolve();
    await both.promise;
    await world.app.ports.storage.remove(key);
  });
  await Promise.all([expire(together), expire(together)]);
  for (const id of ids) expect(await isGone(id)).toBe(true);
  const told = world.logs
    .slice(before)
    .map((line) => z.object({ removed: z.int().optional() }).parse(JSON.parse(line)).removed ?? 0);
  expect(told.reduce((sum, removed) => sum + removed, 0)).toBe(ids.length);
});
