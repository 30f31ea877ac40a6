import { statSync } from 'node:fs';

import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { rememberCard } from '../../core/consent/card.ts';
import { operations } from '../../core/operations.ts';
import { recordEvent } from '../../core/events.ts';
import { secondsAfter } from '../../core/clock.ts';
import { readOpenProgress, type ProgressPlace } from '../../core/progress/messages.ts';
import { publicationCreate } from '../../core/publication/create.ts';
import { openDatabase } from '../../drizzle/client.ts';
import { progressMessages } from '../../drizzle/schema/chat.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { createManualClock } from '../../sandbox/clock.ts';
import {
  recordChat,
  shownIn,
  createMortal,
  type RecordedChat,
} from '../../test/kit/recorded-chat.ts';
import { connectChannel, makeReadyVideo, startVideo, videoRow } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Messenger } from './messenger.ts';
import type { ProgressEnd, ProgressPresenters } from './progress-message.ts';
import { startProgress, type Progress } from './progress.ts';
import { card, gallery, text } from './view.ts';

let world: World;
let accountId: string;
let readyFile: Partial<typeof videos.$inferInsert>;
beforeAll(async () => {
  world = await createWorld();
  accountId = (await world.context()).actor.accountId;
  const { fileKey, bytes, sha256 } = await videoRow(world, await makeReadyVideo(world));
  readyFile = { fileKey, bytes, sha256, status: 'ready' };
});
afterAll(() => world.close());

/** What the cards of the test say; the real ones are tested beside themselves. */
const present: ProgressPresenters = {
  video: ({ status, percent, prompt, url }, draw, { file }) =>
    card(
      0,
      [
        text(`${String(status)} ${String(percent)} ${String(prompt)} for ${draw.owner}`),
        ...(file ? [gallery([`attachment://${file.name}`])] : []),
        ...(status === 'ready' && !file ? [text(String(url))] : []),
      ],
      file ? [file] : [],
    ),
  publication: ({ status, title, thumbnail_status: picture }) =>
    card(0, [text(`${String(status)} ${String(title)} ${String(picture)}`)]),
};

let chat: RecordedChat;
let clock: ReturnType<typeof createManualClock>;
let ends: ProgressEnd[];
let running: Progress[];
let video: string;
beforeEach(async () => {
  chat = recordChat((path) => statSync(path).size);
  clock = createManualClock(world.now());
  ends = [];
  running = [];
  await world.app.database.db.delete(progressMessages);
  await world.app.database.db.update(videos).set({ approvalId: null });
  video = await startVideo(world);
});
afterEach(async () => {
  for (const progress of running) await progress.close();
});

async function start(
  changes: {
    messenger?: Messenger;
    services?: World['app'];
    pass?: <T>(work: () => Promise<T>) => Promise<T>;
  } = {},
): Promise<Progress> {
  const { messenger = chat.messenger, services = world.app, pass = (work) => work() } = changes;
  const progress = await startProgress({
    services,
    operations,
    messenger,
    present,
    timers: clock,
    onEnded: (end) => pass(async () => void ends.push(end)),
  });
  running.push(progress);
  return progress;
}

const placeOf = (changes: Partial<ProgressPlace> = {}): ProgressPlace => ({
  subjectId: video,
  accountId,
  userId: '42',
  serverId: null,
  channelId: 'dm42',
  conversationId: null,
  uploadLimit: 10 ** 9,
  ...changes,
});
const inServer = { serverId: 'g1', channelId: 'c1' };

const updateVideo = (changes: Partial<typeof videos.$inferInsert>) =>
  world.app.database.db.update(videos).set(changes).where(eq(videos.id, video));
/** What the worker does when something has happened. */
async function change(changes: Partial<typeof videos.$inferInsert>, kind = 'changed') {
  await world.app.database.db.transaction(async (tx) => {
    await tx.update(videos).set(changes).where(eq(videos.id, video));
    await recordEvent(tx, { at: world.now(), subjectId: video, kind });
  });
}
const rowOf = async () => {
  const [row] = await world.app.database.db
    .select()
    .from(progressMessages)
    .where(eq(progressMessages.subjectId, video));
  return row;
};
/** The machine may be busy. */
const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000 });
const shows = (channelId: string, what: string) =>
  eventually(() => expect(chat.in(channelId).map(shownIn).join('\n')).toContain(what));
const hasEnded = () =>
  eventually(async () => expect(await rowOf()).toMatchObject({ endedAt: world.now() }));
/** Lets work that is under way come to its end: nothing else is waited for. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) {
    await world.app.database.sql`select 1`;
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe('the live message', () => {
  test('is one, however often it is asked for, and is edited to the end', async () => {
    const progress = await start();
    await Promise.all([progress.open(placeOf()), progress.open(placeOf())]);
    await progress.open(placeOf({ channelId: 'c9' }));
    await shows('dm42', 'queued 0');
    await change({ status: 'generating' });
    clock.advance(2500);
    await shows('dm42', 'generating 20');
    await change(readyFile);
    clock.advance(2500);
    await shows('dm42', 'ready 100');
    await hasEnded();
    expect(chat.messages).toHaveLength(1);
    expect(chat.messages[0]).toMatchObject({ channelId: 'dm42', how: { nonce: video } });
    expect(chat.messages[0]?.views.map((view) => view.files?.length ?? 0)).toEqual([0, 0, 1]);
    await change({ status: 'failed' });
    clock.advance(60_000);
    await settle();
    expect(chat.messages[0]?.views).toHaveLength(3);
  });

  test('is edited at most every 2.5 s, with what holds then, and not without a change', async () => {
    const progress = await start();
    await progress.open(placeOf());
    await shows('dm42', 'queued');
    await settle();
    await change({ status: 'generating' });
    await change({ status: 'assembling' });
    clock.advance(2499);
    await settle();
    expect(chat.messages[0]?.views).toHaveLength(1);
    clock.advance(1);
    await shows('dm42', 'assembling 80');
    await change({ status: 'assembling' });
    clock.advance(2500);
    await settle();
    expect(chat.messages[0]?.views).toHaveLength(2);
  });

  test('is looked at every ten seconds without an event', async () => {
    const progress = await start();
    await progress.open(placeOf());
    await shows('dm42', 'queued');
    await settle();
    await updateVideo({ prompt: 'A tin boat' });
    clock.advance(9999);
    await settle();
    expect(chat.messages[0]?.views).toHaveLength(1);
    // The look before may have ended late, and the ten seconds are counted from its end.
    await eventually(() => {
      clock.advance(500);
      expect(chat.in('dm42').map(shownIn).join('\n')).toContain('A tin boat');
    });
  });

  test('shows the last state also when edits fail', async () => {
    let failing = 2;
    const progress = await start({
      messenger: {
        ...chat.messenger,
        async edit(...call) {
          failing -= 1;
          if (failing >= 0) throw new Error('Discord is down');
          return chat.messenger.edit(...call);
        },
      },
    });
    await progress.open(placeOf());
    await shows('dm42', 'queued');
    await settle();
    await change({ status: 'generating' });
    clock.advance(2500);
    await eventually(() => expect(failing).toBe(1));
    await change(readyFile);
    await settle();
    clock.advance(5000);
    await eventually(() => expect(failing).toBe(0));
    await settle();
    clock.advance(10_000);
    await shows('dm42', 'ready');
    await hasEnded();
  });

  test('of a video that is deleted ends without a word', async () => {
    const progress = await start();
    await progress.open(placeOf({ conversationId: 'con_1' }));
    await shows('dm42', 'queued');
    await change({ deletedAt: world.now() });
    clock.advance(2500);
    await hasEnded();
    expect(chat.messages[0]?.views).toHaveLength(1);
    expect(ends).toEqual([]);
  });

  test('is in the language of its person', async () => {
    await world.app.database.db.update(accounts).set({ locale: 'zh' });
    await updateVideo({ serverId: 'g1' });
    const progress = await start();
    await progress.open(placeOf());
    await shows('dm42', '正在制作您的视频');
    await world.app.database.db.update(accounts).set({ locale: 'en' });
    await settle();
    clock.advance(10_000);
    await settle();
    expect(shownIn(chat.messages[0])).toContain('正在制作您的视频');
  });

  test('of a failed video that arrives late is edited once more', async () => {
    const progress = await start();
    await progress.open(placeOf({ conversationId: 'con_1' }));
    await shows('dm42', 'queued');
    await change({ status: 'failed', failure: 'timed_out' });
    clock.advance(2500);
    await hasEnded();
    await world.advance(60);
    await change({ ...readyFile, failure: null, readyAt: world.now() });
    await shows('dm42', 'ready');
    await hasEnded();
    expect(chat.messages).toHaveLength(1);
    expect(ends.map(({ key }) => key)).toEqual([`${video}:failed`, `${video}:ready`]);
  });
});

describe('the finished video', () => {
  const finish = async (uploadLimit: number) => {
    await updateVideo(readyFile);
    const progress = await start();
    await progress.open(placeOf({ uploadLimit }));
    await hasEnded();
    expect(chat.messages).toHaveLength(1);
    return shownIn(chat.messages[0]);
  };

  test.each([
    ['one byte too large is linked to', -1, 'http://'],
    ['as large as may be is uploaded', 0, 'attachment://'],
    ['one byte smaller is uploaded', 1, 'attachment://'],
  ])('%s', async (_, spare, shown) => {
    expect(await finish((readyFile.bytes ?? 0) + spare)).toContain(shown);
  });

  test('that Discord finds too large after all is linked to', async () => {
    chat.uploadLimit = 1000;
    expect(await finish(10 ** 9)).toContain('http://');
  });

  test('whose file is not on this machine is linked to', async () => {
    await updateVideo(readyFile);
    const storage = { ...world.app.ports.storage, stat: async () => null };
    const services = { ...world.app, ports: { ...world.app.ports, storage } };
    const progress = await start({ services });
    await progress.open(placeOf());
    await hasEnded();
    expect(shownIn(chat.messages[0])).toContain('http://');
  });
});

describe('a place', () => {
  test('of a server keeps what belongs to it', async () => {
    await updateVideo({ serverId: 'g1' });
    const progress = await start();
    await progress.open(placeOf(inServer));
    await shows('c1', 'paper boat');
    expect(chat.messages).toHaveLength(1);
  });

  test('that is closed is left for direct messages, which tell nothing of a server', async () => {
    await updateVideo({ serverId: 'g1' });
    chat.closed.add('c1');
    const progress = await start();
    await progress.open(placeOf(inServer));
    await shows('dm42', 'Your video is being made');
    await change(readyFile);
    clock.advance(2500);
    await shows('dm42', 'Your video is ready');
    await hasEnded();
    expect(JSON.stringify(chat.messages)).not.toMatch(/paper boat|attachment|http/);
    expect(await rowOf()).toMatchObject({ serverId: null, channelId: 'dm42', messageId: 'msg1' });
  });

  test.each(['g2', null])('of server %s tells nothing of another one', async (serverId) => {
    await updateVideo({ serverId: 'g1' });
    const progress = await start();
    await progress.open(placeOf({ serverId, channelId: 'c2' }));
    await shows('c2', 'Your video is being made');
    expect(JSON.stringify(chat.messages)).not.toContain('paper boat');
  });

  test('that is closed like everything else is given up quietly', async () => {
    for (const closed of ['c1', 'dm42']) chat.closed.add(closed);
    const progress = await start();
    await progress.open(placeOf(inServer));
    await hasEnded();
    expect(chat.messages).toEqual([]);
    expect(await rowOf()).toMatchObject({ messageId: null });
  });

  test('whose message somebody has deleted is left alone', async () => {
    const progress = await start();
    await progress.open(placeOf());
    await shows('dm42', 'queued');
    chat.closed.add('msg1');
    await change({ status: 'generating' });
    clock.advance(2500);
    await hasEnded();
    expect(await rowOf()).toMatchObject({ messageId: null });
    await change(readyFile);
    await settle();
    expect(chat.messages[0]?.views).toHaveLength(1);
  });

  test('whose message is deleted keeps nothing from the conversation that waits', async () => {
    const progress = await start();
    await progress.open(placeOf({ conversationId: 'con_1' }));
    await shows('dm42', 'queued');
    chat.closed.add('msg1');
    await change({ status: 'generating' });
    clock.advance(2500);
    await settle();
    await change(readyFile);
    // The machine may be busy, so that the rest after the first look begins late.
    await eventually(() => {
      clock.advance(2500);
      expect(ends).toMatchObject([{ status: 'ready', conversationId: 'con_1' }]);
    });
    await hasEnded();
  });
});

describe('a publication', () => {
  test('that is scheduled is told of, waits, and ends when it has gone public', async () => {
    const ready = await makeReadyVideo(world);
    await connectChannel(world);
    const publishAt = secondsAfter(world.now(), 3600).toISOString();
    const { publication } = await world.must(
      publicationCreate,
      { video: ready, title: 'Boats', privacy: 'private', publish_at: publishAt },
      await world.context(),
    );
    const subjectId = String(publication);
    const openNow = async () => (await readOpenProgress(world.app, subjectId)) !== null;
    const progress = await start();
    await progress.open(placeOf({ subjectId, conversationId: 'con_1' }));
    await shows('dm42', 'uploading Boats');
    await world.drain();
    clock.advance(2500);
    await shows('dm42', 'scheduled Boats');
    await eventually(() =>
      expect(ends).toMatchObject([{ status: 'scheduled', kind: 'publication' }]),
    );
    clock.advance(60_000);
    await settle();
    expect(await openNow()).toBe(true);
    await world.advance(3700);
    await world.drain();
    clock.advance(2500);
    await shows('dm42', 'live Boats');
    await eventually(async () => expect(await openNow()).toBe(false));
    expect(chat.messages).toHaveLength(1);
    expect(ends.map(({ key }) => key)).toEqual([`${subjectId}:scheduled`, `${subjectId}:live`]);
  });

  test('that is live is told of at once, and its message waits for the picture', async () => {
    const ready = await makeReadyVideo(world);
    const channel = await connectChannel(world);
    const { publication } = await world.must(
      publicationCreate,
      { video: ready, channel, title: 'Boats', thumbnail: 'first_frame' },
      await world.context(),
    );
    const subjectId = String(publication);
    const openNow = async () => (await readOpenProgress(world.app, subjectId)) !== null;
    world.emulators.google.misbehave({ on: 'thumbnail', how: 'http_503', times: 1 });
    const progress = await start();
    await progress.open(placeOf({ subjectId, conversationId: 'con_1' }));
    await world.drain();
    clock.advance(2500);
    await shows('dm42', 'live Boats waiting');
    await eventually(() => expect(ends).toMatchObject([{ status: 'live' }]));
    await settle();
    expect(await openNow()).toBe(true);
    await world.advance(60);
    await world.drain();
    clock.advance(2500);
    await shows('dm42', 'live Boats set');
    await eventually(async () => expect(await openNow()).toBe(false));
    expect(ends).toHaveLength(1);
  });

  type Publication = Partial<typeof publications.$inferInsert>;
  test.each<[string, Publication, Publication]>([
    ['waits', { waitingFor: 'channel' }, { waitingFor: null }],
    ['waits', { waitingFor: 'allowance' }, { waitingFor: null }],
    ['may have arrived', { status: 'unconfirmed' }, {}],
    ['is to be put into a playlist', { status: 'live', playlistStatus: 'waiting' }, {}],
    ['is to get captions', { status: 'live', captionsStatus: 'waiting' }, {}],
  ])('that %s is not looked at by itself, and its message stays open: %j', async (_, now, then) => {
    const { publication } = await world.must(
      publicationCreate,
      { video: await makeReadyVideo(world), channel: await connectChannel(world), title: 'Boats' },
      await world.context(),
    );
    const subjectId = String(publication);
    const set = (changes: Publication) =>
      world.app.database.db.transaction(async (tx) => {
        await tx.update(publications).set(changes).where(eq(publications.id, subjectId));
        await recordEvent(tx, { at: world.now(), subjectId, kind: 'changed' });
      });
    await set(now);
    const progress = await start();
    await progress.open(placeOf({ subjectId }));
    await shows('dm42', `${now.status ?? 'uploading'} Boats`);
    await settle();
    // The look that follows the first one is over.
    clock.advance(2500);
    await settle();
    // Without an event nobody looks, however long it takes.
    await world.app.database.db.update(publications).set({ title: 'Ships' });
    clock.advance(20_000);
    await settle();
    expect(shownIn(chat.messages[0])).toContain('Boats');
    expect(await readOpenProgress(world.app, subjectId)).not.toBeNull();
    const settled = { playlistStatus: 'set', captionsStatus: 'set' } as const;
    await set({ ...then, ...settled, status: 'live' });
    // The machine may be busy, so that the rest after the first look begins late.
    await eventually(() => {
      clock.advance(2500);
      expect(shownIn(chat.messages[0])).toContain('live Ships');
    });
    await eventually(async () => expect(await readOpenProgress(world.app, subjectId)).toBeNull());
    await world.app.database.db.delete(publications).where(eq(publications.id, subjectId));
  });
});

describe('several processes', () => {
  test('make one message, and the second takes over when the first is gone', async () => {
    const other = { ...world.app, database: openDatabase(world.databaseUrl, 4) };
    const first = await start();
    const stolen: string[] = [];
    const second = await start({
      services: other,
      messenger: {
        ...chat.messenger,
        async send(...call) {
          stolen.push('send');
          return chat.messenger.send(...call);
        },
        async edit(...call) {
          stolen.push('edit');
          return chat.messenger.edit(...call);
        },
      },
    });
    await settle();
    await second.open(placeOf());
    await shows('dm42', 'queued');
    await settle();
    expect(stolen).toEqual([]);
    await first.close();
    running.shift();
    await change(readyFile);
    await settle();
    expect(shownIn(chat.messages[0])).toContain('queued');
    clock.advance(30_000);
    await shows('dm42', 'ready');
    await hasEnded();
    expect(chat.messages).toHaveLength(1);
    expect(stolen).toEqual(['edit']);
    await second.close();
    running.shift();
    await other.database.close();
  });

  test('find what was started before its message was opened', async () => {
    const asked = { approvalId: 'apr_lost', accountId, userId: '42', ...inServer };
    await rememberCard(world.app, { ...asked, conversationId: null, uploadLimit: 1 });
    await updateVideo({ approvalId: 'apr_lost', serverId: 'g1' });
    await start();
    await shows('c1', 'queued');
    expect(await rowOf()).toMatchObject({ messageId: 'msg1', uploadLimit: 1 });
  });
});

/** One whole life of a message, in a process that may die on the way, and then in one that lives. */
async function live(diesAt: number, when: 'before' | 'after') {
  await updateVideo({ serverId: 'g1' });
  const mortal = createMortal(diesAt, when);
  const first = await start({ messenger: mortal.wrap(chat.messenger), pass: mortal.pass });
  await first.open(placeOf({ ...inServer, conversationId: 'con_1' }));
  const reached = async (check: () => void | Promise<void>) =>
    eventually(async () => {
      if (!mortal.isDead()) await check();
    });
  await reached(async () => expect(await rowOf()).toMatchObject({ messageId: 'msg1' }));
  await settle();
  await change({ status: 'generating' });
  clock.advance(2500);
  await reached(() => expect(shownIn(chat.messages[0])).toContain('generating'));
  await settle();
  await change(readyFile);
  clock.advance(2500);
  await reached(async () => expect(await rowOf()).toMatchObject({ endedAt: world.now() }));
  await first.close();
  running.shift();
  await start();
  await hasEnded();
  return mortal;
}

describe('a life without a death', () => {
  test('makes four calls: send, two edits, and word to the conversation', async () => {
    const mortal = await live(Infinity, 'before');
    expect(mortal.calls()).toBe(4);
  });
});

describe.each(['before', 'after'] as const)('a death %s', (when) => {
  test.each([1, 2, 3, 4])('call %i repeats and loses nothing', async (diesAt) => {
    const mortal = await live(diesAt, when);
    expect(mortal.isDead()).toBe(true);
    expect(chat.messages).toHaveLength(1);
    expect(shownIn(chat.messages[0])).toContain('ready 100');
    expect(shownIn(chat.messages[0])).toContain('attachment://');
    expect(new Set(ends.map(({ key }) => key))).toEqual(new Set([`${video}:ready`]));
  });
});

test('what cannot be read for now is not taken for gone', async () => {
  const broken = operations.map((operation) =>
    operation.name === 'video_show'
      ? {
          ...operation,
          run: async () => {
            throw new Error('the database hiccups');
          },
        }
      : operation,
  );
  const before = world.logs.length;
  const progress = await startProgress({
    services: world.app,
    operations: broken,
    messenger: chat.messenger,
    present,
    timers: clock,
    onEnded: async () => undefined,
  });
  running.push(progress);
  await progress.open(placeOf());
  await eventually(() => expect(world.logs.slice(before).join('')).toContain('brought up to date'));
  expect(await rowOf()).toMatchObject({ endedAt: null });
});
