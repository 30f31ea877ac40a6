import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { recordNotice, type NoticeKind } from '../../core/notice/record.ts';
import { operations } from '../../core/operations.ts';
import { publicationCreate } from '../../core/publication/create.ts';
import { openDatabase } from '../../drizzle/client.ts';
import { notices, progressMessages } from '../../drizzle/schema/chat.ts';
import { accounts, identities } from '../../drizzle/schema/people.ts';
import { channels, publications } from '../../drizzle/schema/publishing.ts';
import { createManualClock } from '../../sandbox/clock.ts';
import {
  createMortal,
  recordChat,
  shownIn,
  type RecordedChat,
} from '../../test/kit/recorded-chat.ts';
import { connectChannel, makeReadyVideo } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Messenger } from './messenger.ts';
import { startNotices } from './notices.ts';
import { escapeText } from './view.ts';

let world: World;
let accountId: string;
beforeAll(async () => {
  world = await createWorld();
  accountId = (await world.context()).actor.accountId;
  await world.app.database.db
    .insert(identities)
    .values({ provider: 'discord', subject: '42', accountId, createdAt: world.now() });
});
afterAll(() => world.close());

let chat: RecordedChat;
let clock: ReturnType<typeof createManualClock>;
let running: { close(): Promise<void> }[];
beforeEach(async () => {
  chat = recordChat();
  clock = createManualClock(world.now());
  running = [];
  await world.app.database.db.delete(notices);
  await world.app.database.db.delete(progressMessages);
  await world.app.database.db.update(accounts).set({ locale: 'en', notices: true });
});
afterEach(async () => {
  for (const one of running) await one.close();
});

async function start(messenger: Messenger = chat.messenger, services = world.app) {
  const started = await startNotices({ services, operations, messenger, timers: clock });
  running.push(started);
  return started;
}

const record = (kind: NoticeKind, subjectId = 'vid_1') =>
  world.app.database.db.transaction((tx) =>
    recordNotice(tx, { accountId, kind, subjectId, at: world.now() }),
  );
const openRows = async () => {
  const rows = await world.app.database.db.select().from(notices);
  return rows.filter(({ deliveredAt }) => deliveredAt === null).length;
};
/** Lets time pass until it holds. */
const until = (check: () => void | Promise<void>) =>
  vi.waitFor(
    async () => {
      clock.advance(10_000);
      await check();
    },
    // The machine may be busy.
    { timeout: 10_000 },
  );
const delivered = () => until(async () => expect(await openRows()).toBe(0));

type Place = Partial<typeof progressMessages.$inferInsert>;
const progressAt = (place: Place) =>
  world.app.database.db.insert(progressMessages).values({
    subjectId: 'vid_1',
    accountId,
    userId: '42',
    serverId: null,
    channelId: 'dm42',
    messageId: 'msg0',
    uploadLimit: 1,
    createdAt: world.now(),
    ...place,
  });
const inServer = { serverId: '11', channelId: '22', messageId: '33' };

describe('a direct message', () => {
  test.each<[NoticeKind, RegExp]>([
    ['video_ready', /Your video is ready\.\nFind it with `\/video list`/],
    ['video_failed', /could not be made\.\nFind it with `\/video list`/],
    ['publication_live', /is on YouTube\..*\nFind it with `\/publication list`/],
    ['publication_scheduled', /goes public at the time you chose/],
    ['publication_failed', /was not published/],
  ])('tells of %s once, with a way to stop it', async (kind, said) => {
    await start();
    await record(kind);
    await delivered();
    expect(chat.messages).toHaveLength(1);
    expect(chat.messages[0]?.channelId).toBe('dm42');
    expect(shownIn(chat.messages[0])).toMatch(said);
    expect(shownIn(chat.messages[0])).toContain('v1:notices-off:42');
    clock.advance(120_000);
    await delivered();
    expect(chat.messages).toHaveLength(1);
  });

  test('links to the message in its server and tells nothing else of it', async () => {
    await progressAt(inServer);
    await start();
    await record('video_ready');
    await delivered();
    expect(shownIn(chat.messages[0])).toContain(
      'Your video is ready.\nhttps://discord.com/channels/11/22/33',
    );
  });

  test('names the channel that has to be connected again, with a button', async () => {
    const id = await connectChannel(world);
    await world.app.database.db
      .update(channels)
      .set({ title: '**Boats** @everyone' })
      .where(eq(channels.id, id));
    await start();
    await record('channel_reconnect', id);
    await delivered();
    expect(shownIn(chat.messages[0])).toContain(`**${escapeText('**Boats** @everyone')}**`);
    expect(shownIn(chat.messages[0])).toContain('goes on afterwards by itself');
    // What was allowed there before is asked for again.
    expect(shownIn(chat.messages[0])).toContain('v1:channel-connect:42:manage');
  });

  test('says when an upload goes on that waits for the allowance, and also when it does not wait any more', async () => {
    const video = await makeReadyVideo(world);
    const wish = { video, channel: await connectChannel(world), title: 'Boats' };
    const made = await world.must(publicationCreate, wish, await world.context());
    const id = String(made['publication']);
    const { db } = world.app.database;
    const waitingUntil = new Date('2026-11-23T08:00:00.000Z');
    await db.update(publications).set({ waitingFor: 'allowance', waitingUntil });
    await db.delete(notices);
    await start();
    await record('publication_waiting', id);
    await delivered();
    const said = shownIn(chat.messages[0]);
    expect(said).toContain('goes on by itself at <t:1795420800:f>.');
    expect(said).toContain('`/publication list`');
    await db.update(publications).set({ waitingFor: null, waitingUntil: null });
    await db.update(accounts).set({ locale: 'zh' });
    await record('publication_waiting', id);
    await delivered();
    expect(shownIn(chat.messages[1])).toContain('您的上传会自动继续');
  });

  test('is in the language of its person', async () => {
    await world.app.database.db.update(accounts).set({ locale: 'zh' });
    await start();
    await record('video_ready');
    await delivered();
    expect(shownIn(chat.messages[0])).toContain('视频已完成');
    expect(shownIn(chat.messages[0])).toContain('关闭此类通知');
  });

  test('is not sent to somebody who wants none, also later', async () => {
    await world.app.database.db.update(accounts).set({ notices: false });
    await start();
    await record('video_ready');
    await delivered();
    expect(chat.messages).toEqual([]);
  });

  test.each<[string, Place, number]>([
    ['is not sent where the message that says it stands', {}, 0],
    ['is not sent where that message is still on its way', { messageId: null }, 0],
    ['is sent where that message is gone', { messageId: null, endedAt: new Date(0) }, 1],
  ])('%s', async (_, place, count) => {
    await progressAt(place);
    await start();
    await record('video_ready');
    await delivered();
    expect(chat.messages).toHaveLength(count);
  });
});

describe('closed direct messages', () => {
  test.each(['dm42', '42'])('lead to one mention beside the message (%s)', async (closed) => {
    chat.closed.add(closed);
    await progressAt(inServer);
    await start();
    await record('video_ready');
    await delivered();
    expect(chat.messages).toHaveLength(1);
    expect(chat.messages[0]).toMatchObject({
      channelId: '22',
      how: { replyTo: '33', calls: '42' },
    });
    expect(shownIn(chat.messages[0])).toBe('<@42> Your video is ready.');
  });

  test('without such a message, or with that channel closed too, lead nowhere', async () => {
    chat.closed.add('dm42');
    chat.closed.add('22');
    await progressAt(inServer);
    await start();
    await record('video_ready');
    await record('channel_reconnect', 'chn_1');
    await delivered();
    expect(chat.messages).toEqual([]);
  });
});

describe('a failure', () => {
  test('is tried again after a minute and holds up nothing else', async () => {
    let failing = true;
    await start({
      ...chat.messenger,
      async send(channelId, view, how) {
        if (failing && how?.nonce?.startsWith('n')) {
          failing = false;
          throw new Error('Discord is down');
        }
        return chat.messenger.send(channelId, view, how);
      },
    });
    await record('video_ready');
    await record('video_failed');
    await until(() => expect(failing).toBe(false));
    await until(async () => expect(await openRows()).toBe(1));
    expect(shownIn(chat.messages[0])).toContain('could not be made');
    const failedAt = clock.now();
    await delivered();
    expect(clock.now().getTime() - failedAt.getTime()).toBeGreaterThanOrEqual(30_000);
    expect(chat.messages).toHaveLength(2);
  });

  test('of the notification is made up for within half a minute', async () => {
    await start();
    await world.app.database.db.insert(notices).values({
      accountId,
      kind: 'video_ready',
      subjectId: 'vid_1',
      createdAt: world.now(),
    });
    await delivered();
    expect(chat.messages).toHaveLength(1);
  });

  test('two processes tell everything once', async () => {
    const other = { ...world.app, database: openDatabase(world.databaseUrl, 4) };
    await start();
    await start(chat.messenger, other);
    for (let number = 0; number < 10; number += 1) await record('video_ready', `vid_${number}`);
    await delivered();
    const nonces = chat.messages.map(({ how }) => how?.nonce);
    expect(new Set(nonces).size).toBe(10);
    expect(nonces).toHaveLength(10);
    await running.pop()?.close();
    await other.database.close();
  });
});

describe.each(['before', 'after'] as const)('a death %s', (when) => {
  test.each([1, 2])('call %i tells it once all the same', async (diesAt) => {
    const mortal = createMortal(diesAt, when);
    await progressAt(inServer);
    const first = await start(mortal.wrap(chat.messenger));
    await record('video_ready');
    await until(() => expect(mortal.isDead()).toBe(true));
    await first.close();
    running.shift();
    expect(await openRows()).toBe(1);
    await start();
    await delivered();
    expect(chat.messages).toHaveLength(1);
    expect(chat.messages[0]?.channelId).toBe('dm42');
  });

  test.each([2, 3])('call %i of a mention calls the person once', async (diesAt) => {
    chat.closed.add('dm42');
    const mortal = createMortal(diesAt, when);
    await progressAt(inServer);
    const first = await start(mortal.wrap(chat.messenger));
    await record('video_ready');
    await until(() => expect(mortal.isDead()).toBe(true));
    await first.close();
    running.shift();
    await start();
    await delivered();
    expect(chat.messages).toHaveLength(1);
    expect(chat.messages[0]).toMatchObject({ channelId: '22', how: { calls: '42' } });
  });
});
