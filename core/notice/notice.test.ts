import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { notices, progressMessages } from '../../drizzle/schema/chat.ts';
import { accounts, identities } from '../../drizzle/schema/people.ts';
import { watches } from '../../drizzle/schema/trends.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import {
  connectChannel,
  drainWith,
  faultOf,
  makeReadyVideo,
  startVideo,
  videoRow,
  withVideoHost,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { withAccess } from '../channel/access.ts';
import { Fault } from '../fault.ts';
import type { HostVideo } from '../ports/video-host.ts';
import { publicationCreate } from '../publication/create.ts';
import { videoCancel } from '../video/cancel.ts';
import { failVideo } from '../video/fail.ts';
import { watchCreate } from '../watch/create.ts';
import { deliverNext, type Notice } from './deliver.ts';
import { noticeChannel, recordNotice, type NoticeKind } from './record.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let people = 0;
let account: string;
let accountId: string;
beforeEach(async () => {
  people += 1;
  account = `person${people}`;
  accountId = (await world.context('terminal', account)).actor.accountId;
});

const kindsOf = async (subjectId: string): Promise<NoticeKind[]> => {
  const rows = await world.app.database.db
    .select({ kind: notices.kind })
    .from(notices)
    .where(eq(notices.subjectId, subjectId))
    .orderBy(asc(notices.id));
  return rows.map(({ kind }) => kind);
};

describe('word is left', () => {
  test('when a video is ready', async () => {
    expect(await kindsOf(await makeReadyVideo(world, account))).toEqual(['video_ready']);
  });

  test('when a video has failed, with the failure or not at all', async () => {
    const id = await startVideo(world, account);
    const fail = async (isKept: boolean) =>
      world.app.database.db.transaction(async (tx) => {
        const end = { failure: 'internal', event: 'provider_error' } as const;
        await failVideo(tx, world.app, await videoRow(world, id), end);
        if (!isKept) throw new Error('the process dies');
      });
    await expect(fail(false)).rejects.toThrow('dies');
    expect(await kindsOf(id)).toEqual([]);
    await fail(true);
    expect(await kindsOf(id)).toEqual(['video_failed']);
  });

  test('not when its person has stopped it', async () => {
    const id = await startVideo(world, account);
    const context = await world.context('terminal', account);
    await world.must(videoCancel, { video: id }, context);
    await world.drain();
    expect(await videoRow(world, id)).toMatchObject({ status: 'cancelled' });
    expect(await kindsOf(id)).toEqual([]);
  });

  test('once when a channel has to be connected again', async () => {
    const id = await connectChannel(world, account);
    await world.advance(3600);
    // The others wait for the row until the first one has been refused.
    const waiting = () => world.app.database.sql`
      select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    const bothWait = async () => {
      while ((await waiting()).length < 2);
    };
    let refused = 0;
    const ports = withVideoHost(world, {
      refresh: async () => {
        refused += 1;
        if (refused === 1) await bothWait();
        throw new Fault('channel_reconnect', { channel: '' });
      },
    });
    const services = { ...world.app, ports };
    const use = () => faultOf(withAccess(services, id, async (token) => token));
    expect(await Promise.all([use(), use(), use()])).toEqual(Array(3).fill('channel_reconnect'));
    // Whether the others are refused too, or find it marked already, is theirs to race for.
    expect(refused).toBeGreaterThanOrEqual(1);
    expect(await kindsOf(id)).toEqual(['channel_reconnect']);
  });
});

describe('a publication leaves word', () => {
  const publish = async (changes: object = {}, host: Partial<HostVideo> | null = null) => {
    const video = await makeReadyVideo(world, account);
    await connectChannel(world, account);
    const context = await world.context('terminal', account);
    const wish = { video, title: 'A paper boat', privacy: 'unlisted', ...changes };
    const { publication } = await world.must(publicationCreate, wish, context);
    const ports = host
      ? withVideoHost(world, {
          fetchVideo: async (_, id) => ({
            id,
            privacy: 'unlisted',
            uploadStatus: 'processed',
            reason: null,
            publishAt: null,
            title: '',
            description: '',
            uploadedAt: world.now(),
            ...host,
          }),
        })
      : world.app.ports;
    await drainWith(world, ports);
    return z.string().parse(publication);
  };

  test('when it is live', async () => {
    expect(await kindsOf(await publish())).toEqual(['publication_live']);
  });

  test('when it is scheduled, and once more when it has gone public', async () => {
    const at = new Date(world.now().getTime() + 3_600_000).toISOString();
    const id = await publish({ publish_at: at, privacy: 'private' });
    expect(await kindsOf(id)).toEqual(['publication_scheduled']);
    await world.advance(3700);
    await world.drain();
    expect(await kindsOf(id)).toEqual(['publication_scheduled', 'publication_live']);
  });

  test('when YouTube refuses what was uploaded', async () => {
    const id = await publish({}, { uploadStatus: 'rejected', reason: 'duplicate' });
    expect(await kindsOf(id)).toEqual(['publication_failed']);
  });
});

describe('a notice is handed out', () => {
  const link = async (subject: string, createdAt = world.now()) =>
    void (await world.app.database.db
      .insert(identities)
      .values({ provider: 'discord', subject, accountId, createdAt }));
  const record = async (subjectId: string, kind: NoticeKind = 'video_ready') =>
    world.app.database.db.transaction((tx) =>
      recordNotice(tx, { accountId, kind, subjectId, at: world.now() }),
    );
  const deliver = async (
    how: (notice: Notice) => Promise<void> = async () => undefined,
    skip: readonly number[] = [],
  ) => deliverNext(world.app, 'discord', { skip, deliver: how });

  beforeEach(async () => {
    await world.app.database.db.update(notices).set({ deliveredAt: world.now() });
  });

  test('oldest first, once each, and wakes who listens', async () => {
    await link('41');
    const heard: string[] = [];
    const listening = await world.app.database.sql.listen(noticeChannel, (id) => {
      heard.push(id);
    });
    await record('vid_a');
    await record('vid_b', 'video_failed');
    expect(await deliver()).toMatchObject({ subjectId: 'vid_a', kind: 'video_ready' });
    expect(await deliver()).toMatchObject({ subjectId: 'vid_b', kind: 'video_failed' });
    expect(await deliver()).toBeNull();
    await expect.poll(() => heard).toEqual(['vid_a', 'vid_b']);
    await listening.unlisten();
  });

  test('with the person, their language and wish, the server and the message', async () => {
    await link('42');
    const subjectId = await startVideo(world, account);
    const { db } = world.app.database;
    await db.update(videos).set({ serverId: 'g1' }).where(eq(videos.id, subjectId));
    await db
      .update(accounts)
      .set({ locale: 'zh', notices: false })
      .where(eq(accounts.id, accountId));
    await db.insert(progressMessages).values({
      subjectId,
      accountId,
      userId: '42b',
      serverId: 'g1',
      channelId: 'c1',
      messageId: 'm1',
      uploadLimit: 1,
      createdAt: world.now(),
    });
    await record(subjectId);
    const { id: _, ...notice } = z.looseObject({ id: z.int() }).parse(await deliver());
    expect(notice).toEqual({
      kind: 'video_ready',
      subjectId,
      locale: 'zh',
      timeZone: 'UTC',
      isWanted: false,
      userId: '42b',
      serverId: 'g1',
      channelTitle: null,
      channelAccess: null,
      waitingUntil: null,
      watch: null,
      approval: null,
      payment: null,
      progress: { serverId: 'g1', channelId: 'c1', messageId: 'm1', hasEnded: false },
    });
  });

  test('not for somebody who is not at this chat service, or came later', async () => {
    await record('vid_c');
    expect(await deliver()).toBeNull();
    await link('43', new Date(world.now().getTime() + 1));
    expect(await deliver()).toBeNull();
    const soon = { createdAt: world.now() };
    await world.app.database.db
      .update(identities)
      .set(soon)
      .where(eq(identities.accountId, accountId));
    expect(await deliver()).toMatchObject({ subjectId: 'vid_c', userId: '43' });
  });

  test('about a watch with what it tells, and not once the watch is over', async () => {
    await link('46');
    const context = await world.context('terminal', account);
    const made = await world.must(watchCreate, { keyword: 'paper boats' }, context);
    const watch = z.string().parse(made['watch']);
    const { db } = world.app.database;
    const set = (status: 'paused' | 'active') =>
      db.update(watches).set({ status }).where(eq(watches.id, watch));
    await set('paused');
    await record(watch, 'watch_paused');
    const keyword = 'paper boats';
    expect(await deliver()).toMatchObject({ isWanted: true, watch: { kind: 'paused', keyword } });
    await record(watch, 'watch_paused');
    await set('active');
    expect(await deliver()).toMatchObject({ isWanted: false, watch: null });
    await record('sea_none', 'watch_found');
    expect(await deliver()).toMatchObject({ isWanted: false, watch: null });
  });

  test('again after a failure, unless it is to be left alone', async () => {
    await link('44');
    await record('vid_d');
    await record('vid_e');
    const dies = deliver(async () => {
      throw new Error('the process dies');
    });
    await expect(dies).rejects.toThrow('dies');
    const again = await deliver();
    expect(again).toMatchObject({ subjectId: 'vid_d' });
    await record('vid_f');
    const left = await deliver(undefined, [(again?.id ?? 0) + 1]);
    expect(left).toMatchObject({ subjectId: 'vid_f' });
    expect(await deliver()).toMatchObject({ subjectId: 'vid_e' });
  });

  test('to one process at a time', async () => {
    await link('45');
    await record('vid_g');
    await record('vid_h');
    const inside = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    const first = deliver(async () => {
      inside.resolve();
      await leave.promise;
    });
    await inside.promise;
    expect(await deliver()).toMatchObject({ subjectId: 'vid_h' });
    expect(await deliver()).toBeNull();
    leave.resolve();
    expect(await first).toMatchObject({ subjectId: 'vid_g' });
    expect(await deliver()).toBeNull();
  });
});
