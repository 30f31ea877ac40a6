import { Readable } from 'node:stream';

import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openDatabase } from '../../drizzle/client.ts';
import { progressMessages, servers } from '../../drizzle/schema/chat.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { startVideo } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { secondsAfter } from '../clock.ts';
import { eventChannel } from '../events.ts';
import { takeLead } from './lead.ts';
import {
  endProgress,
  listOpenProgress,
  moveProgress,
  openProgress,
  readOpenProgress,
  setProgressMessage,
  type ProgressPlace,
} from './messages.ts';
import { findVideoFile } from './video-file.ts';

let world: World;
let accountId: string;
let video: string;
beforeAll(async () => {
  world = await createWorld();
  accountId = (await world.context()).actor.accountId;
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.app.database.db.delete(progressMessages);
  video = await startVideo(world);
});

const placeOf = (subjectId: string, changes: Partial<ProgressPlace> = {}): ProgressPlace => ({
  subjectId,
  accountId,
  userId: '42',
  serverId: 'g1',
  channelId: 'c1',
  conversationId: null,
  uploadLimit: 10,
  ...changes,
});
const rowOf = async (subjectId: string) => {
  const [row] = await world.app.database.db
    .select()
    .from(progressMessages)
    .where(eq(progressMessages.subjectId, subjectId));
  return row;
};
const updateVideo = (changes: Partial<typeof videos.$inferInsert>) =>
  world.app.database.db.update(videos).set(changes).where(eq(videos.id, video));

describe('the message of a subject', () => {
  test('is opened once, and its place stays', async () => {
    const heard: string[] = [];
    const listening = await world.app.database.sql.listen(eventChannel, (id) => {
      heard.push(id);
    });
    const opened = await Promise.all([
      openProgress(world.app, placeOf(video)),
      openProgress(world.app, placeOf(video, { channelId: 'c2' })),
    ]);
    expect(opened.toSorted()).toEqual([false, true]);
    await expect.poll(() => heard).toEqual([video]);
    expect(await listOpenProgress(world.app)).toHaveLength(1);
    await listening.unlisten();
  });

  test('is listed with what is needed to draw it, in the language of its server', async () => {
    await openProgress(world.app, placeOf(video, { conversationId: 'con_1' }));
    await updateVideo({ serverId: 'g2', status: 'generating' });
    await world.app.database.db.update(accounts).set({ timeZone: 'Asia/Shanghai' });
    const drawn = {
      ...placeOf(video, { conversationId: 'con_1' }),
      messageId: null,
      kind: 'video',
      status: 'generating',
      subjectServerId: 'g2',
      timeZone: 'Asia/Shanghai',
    };
    expect(await listOpenProgress(world.app)).toMatchObject([{ ...drawn, locale: 'en' }]);
    await world.app.database.db.insert(servers).values({
      id: 'g1',
      channels: [],
      roles: [],
      locale: 'zh',
      visibility: 'everyone',
      changedAt: world.now(),
      changedBy: accountId,
    });
    expect(await readOpenProgress(world.app, video)).toMatchObject({ ...drawn, locale: 'zh' });
    await moveProgress(world.app, video, 'dm');
    const moved = { serverId: null, channelId: 'dm', locale: 'en' };
    expect(await readOpenProgress(world.app, video)).toMatchObject({ ...drawn, ...moved });
  });

  test('ends once, however many end it', async () => {
    await openProgress(world.app, placeOf(video));
    await setProgressMessage(world.app, video, 'm1');
    const ends = await Promise.all([endProgress(world.app, video), endProgress(world.app, video)]);
    expect(ends.toSorted()).toEqual([false, true]);
    await world.advance(1);
    expect(await endProgress(world.app, video)).toBe(false);
    expect(await readOpenProgress(world.app, video)).toBeNull();
    expect(await rowOf(video)).toMatchObject({ messageId: 'm1' });
  });

  test('points nobody to what is lost', async () => {
    await openProgress(world.app, placeOf(video));
    await setProgressMessage(world.app, video, 'm1');
    expect(await endProgress(world.app, video, true)).toBe(true);
    expect(await rowOf(video)).toMatchObject({ messageId: null, endedAt: world.now() });
  });

  test.each([
    ['a moment before its end is over', 0, 0, false],
    ['after its end is shown once more', 1, 1, true],
    ['within a day of its end is shown once more', 86_399, 86_399, true],
    ['a day after its end is over', 86_400, 86_400, false],
  ])('that came %s', async (_, readySeconds, passed, isOpen) => {
    await openProgress(world.app, placeOf(video));
    await setProgressMessage(world.app, video, 'm1');
    await endProgress(world.app, video);
    const readyAt = secondsAfter(world.now(), readySeconds);
    await world.advance(passed);
    await updateVideo({ readyAt });
    expect((await readOpenProgress(world.app, video)) !== null).toBe(isOpen);
    expect(await endProgress(world.app, video)).toBe(readySeconds > 0);
    expect(await readOpenProgress(world.app, video)).toBeNull();
  });
});

test('the file of a video is found while it is there and not too long', async () => {
  const { storage } = world.app.ports;
  const find = (limit: number) => findVideoFile(world.app, video, limit);
  expect(await find(1000)).toBeNull();
  const fileKey = `videos/${video}.mp4`;
  const { bytes } = await storage.write(fileKey, Readable.from([Buffer.alloc(1000)]), 1000);
  await updateVideo({ fileKey, bytes });
  expect((await find(1000))?.path).toContain(fileKey);
  const found = await Promise.all([999, 1000, 1001].map(find));
  expect(found.map((file) => file !== null)).toEqual([false, true, true]);
  await storage.remove(fileKey);
  expect(await find(1000)).toBeNull();
});

describe('the turn at some work', () => {
  const other = () => ({ ...world.app, database: openDatabase(world.databaseUrl, 4) });

  test('is held by one process, and free when it is given back', async () => {
    const second = other();
    const lead = await takeLead(world.app, 'sweeping');
    expect(await lead?.isHeld()).toBe(true);
    expect(await takeLead(second, 'sweeping')).toBeNull();
    const elsewhere = await takeLead(second, 'cooking');
    expect(await elsewhere?.isHeld()).toBe(true);
    await lead?.release();
    expect(await lead?.isHeld()).toBe(false);
    const next = await takeLead(second, 'sweeping');
    expect(await next?.isHeld()).toBe(true);
    await next?.release();
    await elsewhere?.release();
    await second.database.close();
  });

  test('goes with its connection', async () => {
    const first = other();
    const second = other();
    const lead = await takeLead(first, 'sweeping');
    await world.app.database.sql`
      select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and database = (
        select oid from pg_database where datname = current_database())
      and pid <> pg_backend_pid()`;
    await expect.poll(() => lead?.isHeld()).toBe(false);
    await lead?.release();
    const next = await takeLead(second, 'sweeping');
    expect(await next?.isHeld()).toBe(true);
    expect(await takeLead(first, 'sweeping')).toBeNull();
    await next?.release();
    const back = await takeLead(first, 'sweeping');
    expect(await back?.isHeld()).toBe(true);
    await back?.release();
    await first.database.close();
    await second.database.close();
  });
});
