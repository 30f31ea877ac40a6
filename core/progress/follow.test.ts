import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { openDatabase } from '../../drizzle/client.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { addUpload, changeUpload, createHandTimers } from '../../test/kit/progress.ts';
import { clearStats, openStats } from '../../test/kit/stats.ts';
import { startVideo } from '../../test/kit/trips.ts';
import type { Services } from '../context.ts';
import { eventChannel } from '../events.ts';
import { followSubject, markOf, type FollowOptions } from './follow.ts';
import { countFollowers } from './listen.ts';
import type { SubjectState } from './state.ts';

const patienceMs = 3600_000;

/** Other work may be going on beside the tests. */
const patient = { timeout: 10_000 };

let scene: Awaited<ReturnType<typeof openStats>>;
let services: Services;
let hand: ReturnType<typeof createHandTimers>;
let id: string;
beforeAll(async () => {
  scene = await openStats();
});
afterAll(() => scene.world.close());
beforeEach(async () => {
  await clearStats(scene);
  hand = createHandTimers();
  services = { ...scene.world.app, timers: hand.timers };
  id = await addUpload(scene);
});
// Whatever was followed, nothing of it is left.
afterEach(() => {
  expect(countFollowers(services.database)).toBe(0);
  expect(hand.isIdle()).toBe(true);
});

/** Follows in the background until it ends by itself or is let go. */
function follow(how: Partial<FollowOptions> = {}, subject = id, where = services) {
  const leaving = new AbortController();
  const states: SubjectState[] = [];
  const run = async () => {
    const options = { signal: leaving.signal, patienceMs, ...how };
    for await (const state of followSubject(where, subject, options)) states.push(state);
  };
  const ended = run();
  return {
    states,
    marks: () => states.map(markOf),
    ended,
    async leave() {
      leaving.abort();
      await ended;
    },
  };
}

const change = (values: Partial<typeof publications.$inferSelect>) =>
  changeUpload(services, id, values);
const marksAre = (one: { marks(): string[] }, marks: readonly string[]) =>
  vi.waitFor(() => expect(one.marks()).toEqual(marks), patient);

/** Resolves when what was committed before has been heard in this process. */
async function everythingHeard(): Promise<void> {
  const heard = Promise.withResolvers<void>();
  const { sql: pool } = services.database;
  const listening = await pool.listen(eventChannel, (name) => name === 'now' && heard.resolve());
  await services.database.db.execute(sql`select pg_notify(${eventChannel}, 'now')`);
  await heard.promise;
  await listening.unlisten();
}

describe('following', () => {
  test('tells the present state at once, and each change after it', async () => {
    const one = follow();
    await marksAre(one, ['uploading-0']);
    expect(one.states[0]).toEqual({
      subject: id,
      kind: 'publication',
      status: 'uploading',
      percent: 0,
      done: 0,
      total: 1000,
      waitingFor: null,
    });
    await change({ uploadedBytes: 256 });
    await hand.pass(1000);
    await marksAre(one, ['uploading-0', 'uploading-256']);
    expect(one.states[1]).toMatchObject({ percent: 25, done: 256 });
    await one.leave();
  });

  test('tells whom it waits for, and that it goes on', async () => {
    const one = follow();
    await marksAre(one, ['uploading-0']);
    await change({ waitingFor: 'YouTube' });
    await hand.pass(1000);
    await marksAre(one, ['uploading-0', 'uploading-0-YouTube']);
    expect(one.states[1]).toMatchObject({ waitingFor: 'YouTube' });
    await change({ waitingFor: null });
    await hand.pass(1000);
    await marksAre(one, ['uploading-0', 'uploading-0-YouTube', 'uploading-0']);
    await one.leave();
  });

  test('tells how far a video is', async () => {
    const video = await startVideo(scene.world);
    const { db } = services.database;
    await db
      .update(videos)
      .set({ status: 'assembling', assembledPercent: 50 })
      .where(eq(videos.id, video));
    const one = follow({}, video);
    await expect.poll(() => one.states, patient).toHaveLength(1);
    expect(one.states[0]).toEqual({
      subject: video,
      kind: 'video',
      status: 'assembling',
      percent: 90,
      done: 90,
      total: 100,
      waitingFor: null,
    });
    await one.leave();
  });

  test('tells 100 changes within a second as one', async () => {
    const one = follow();
    await marksAre(one, ['uploading-0']);
    for (let bytes = 1; bytes <= 100; bytes += 1) await change({ uploadedBytes: bytes });
    await everythingHeard();
    expect(one.marks()).toEqual(['uploading-0']);
    await hand.pass(1000);
    await marksAre(one, ['uploading-0', 'uploading-100']);
    await hand.pass(1000);
    expect(one.marks()).toEqual(['uploading-0', 'uploading-100']);
    await one.leave();
  });

  test('misses nothing that happens while what was told is still being taken', async () => {
    const { signal } = new AbortController();
    const states = followSubject(services, id, { signal, patienceMs });
    expect((await states.next()).value).toMatchObject({ done: 0 });
    await change({ uploadedBytes: 7 });
    await everythingHeard();
    const next = states.next();
    await hand.pass(1000);
    expect((await next).value).toMatchObject({ done: 7 });
    await states.return();
  });

  test('does not tell an event that changes nothing', async () => {
    const one = follow();
    await marksAre(one, ['uploading-0']);
    await change({ title: 'Another' });
    await everythingHeard();
    await hand.pass(1000);
    await hand.pass(1000);
    expect(one.marks()).toEqual(['uploading-0']);
    await one.leave();
  });

  test('looks again after 15 s for what was no event', async () => {
    const one = follow();
    await marksAre(one, ['uploading-0']);
    const { db } = services.database;
    await db.update(publications).set({ uploadedBytes: 9 }).where(eq(publications.id, id));
    await hand.pass(1000);
    await hand.pass(14_000);
    await expect.poll(() => one.marks(), patient).toEqual(['uploading-0', 'uploading-9']);
    await one.leave();
  });

  test('leaves out what was seen before', async () => {
    const one = follow({ seen: 'uploading-0' });
    await hand.pass(1000);
    expect(one.marks()).toEqual([]);
    await change({ uploadedBytes: 1 });
    await marksAre(one, ['uploading-1']);
    await one.leave();
  });

  test('goes on over a broken connection, and looks for what was missed meanwhile', async () => {
    const one = follow();
    await marksAre(one, ['uploading-0']);
    await hand.pass(1000);
    const { db } = services.database;
    const listening = sql`datname = current_database() and query ilike 'listen%'`;
    await db.update(publications).set({ uploadedBytes: 5 }).where(eq(publications.id, id));
    await db.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity where ${listening}`,
    );
    await marksAre(one, ['uploading-0', 'uploading-5']);
    await change({ uploadedBytes: 6 });
    await hand.pass(1000);
    await expect
      .poll(() => one.marks(), patient)
      .toEqual(['uploading-0', 'uploading-5', 'uploading-6']);
    await one.leave();
  });
});

describe('following ends', () => {
  test.each(['scheduled', 'live', 'unconfirmed', 'failed', 'cancelled'] as const)(
    'when the state is %s',
    async (status) => {
      const one = follow();
      await marksAre(one, ['uploading-0']);
      await change({ status });
      await hand.pass(1000);
      await one.ended;
      expect(one.marks()).toEqual(['uploading-0', `${status}-0`]);
    },
  );

  test.each(['ready', 'failed', 'cancelled'] as const)('when a video is %s', async (status) => {
    const video = await startVideo(scene.world);
    const changes = { status, fileKey: `videos/${video}.mp4` };
    await services.database.db.update(videos).set(changes).where(eq(videos.id, video));
    const one = follow({}, video);
    await one.ended;
    expect(one.states).toMatchObject([{ status, percent: status === 'ready' ? 100 : 0 }]);
  });

  test('at once when it has ended, told or not', async () => {
    await change({ status: 'live' });
    const one = follow();
    const two = follow({ seen: 'live-0' });
    await Promise.all([one.ended, two.ended]);
    expect([one.marks(), two.marks()]).toEqual([['live-0'], []]);
  });

  test('when it is gone, or never was', async () => {
    const video = await startVideo(scene.world);
    const { db } = services.database;
    await db.update(videos).set({ deletedAt: scene.world.now() }).where(eq(videos.id, video));
    for (const none of [video, 'vid_none', 'pub_none']) {
      const one = follow({}, none);
      await one.ended;
      expect(one.states).toEqual([]);
    }
  });

  test('with patience', async () => {
    const one = follow({ patienceMs: 2500 });
    await marksAre(one, ['uploading-0']);
    await hand.pass(1000);
    await hand.pass(1500);
    await one.ended;
    expect(one.marks()).toEqual(['uploading-0']);
  });

  test('at the signal, in the middle of a wait and before the first look', async () => {
    const one = follow();
    await marksAre(one, ['uploading-0']);
    await one.leave();
    const gone = follow({ signal: AbortSignal.abort() });
    await gone.ended;
    expect(gone.states).toEqual([]);
  });
});

describe('many followers', () => {
  test('share one connection that listens, and leave each other alone', async () => {
    const other = await addUpload(scene);
    const followers = [follow(), follow(), follow({}, other)];
    await vi.waitFor(() => {
      for (const one of followers) expect(one.states).toHaveLength(1);
    }, patient);
    expect(countFollowers(services.database)).toBe(3);
    const { db } = services.database;
    const listening = await db.execute(
      sql`select 1 from pg_stat_activity where datname = current_database() and query ilike 'listen%'`,
    );
    expect(listening).toHaveLength(1);
    await followers[0]?.leave();
    expect(countFollowers(services.database)).toBe(2);
    await change({ uploadedBytes: 3 });
    await hand.pass(1000);
    await expect.poll(() => followers.map((one) => one.states.length), patient).toEqual([1, 2, 1]);
    await Promise.all(followers.map((one) => one.leave()));
  });

  test('in two processes see the same', async () => {
    const second = { ...services, database: openDatabase(scene.world.databaseUrl, 2) };
    const here = follow();
    const there = follow({}, id, second);
    await marksAre(there, ['uploading-0']);
    await marksAre(here, ['uploading-0']);
    await changeUpload(second, id, { status: 'processing', uploadedBytes: 1000 });
    await hand.pass(1000);
    await marksAre(here, ['uploading-0', 'processing-1000']);
    await marksAre(there, ['uploading-0', 'processing-1000']);
    await Promise.all([here.leave(), there.leave()]);
    expect(countFollowers(second.database)).toBe(0);
    await second.database.close();
  });

  test('are told when there is no database', async () => {
    const lost = { ...services, database: openDatabase('postgres://127.0.0.1:1/none', 1) };
    const { signal } = new AbortController();
    const next = () => followSubject(lost, id, { signal, patienceMs }).next();
    await expect(next()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(countFollowers(lost.database)).toBe(0);
    await lost.database.close();
  });
});
