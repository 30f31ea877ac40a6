import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { recordEvent } from '../../core/events.ts';
import { openBelongings, type BelongingsScene } from '../../test/kit/belongings.ts';
import { watchResources, type Schedule } from './watch.ts';

let scene: BelongingsScene;
beforeAll(async () => {
  scene = await openBelongings();
});
afterAll(() => scene.world.close());

/** A second that is over when the test says so. */
function manualSeconds() {
  const waiting = new Set<() => void>();
  const delays: number[] = [];
  const schedule: Schedule = (delayMs, run) => {
    delays.push(delayMs);
    waiting.add(run);
    return () => waiting.delete(run);
  };
  const pass = () => {
    const due = [...waiting];
    waiting.clear();
    for (const run of due) run();
  };
  return { schedule, pass, delays, waiting };
}

const happened = (subjectId: string) =>
  scene.world.app.database.db.transaction((tx) =>
    recordEvent(tx, { at: scene.world.now(), subjectId, kind: 'ready' }),
  );

async function watching(accountId: string) {
  const told: string[] = [];
  const seconds = manualSeconds();
  const tell = (uri: string) => void told.push(uri);
  const stop = await watchResources(scene.world.app, accountId, tell, seconds.schedule);
  return { told, stop, ...seconds };
}

describe('changes', () => {
  test('are told of one’s own things only', async () => {
    const { owner, stranger, own, foreign } = scene;
    const mine = await watching(owner.actor.accountId);
    const theirs = await watching(stranger.actor.accountId);
    for (const id of [foreign.video, foreign.publication, own.video, own.publication])
      await happened(id);
    await vi.waitFor(() => {
      expect(mine.told).toHaveLength(2);
      expect(theirs.told).toHaveLength(2);
    });
    expect(mine.told.toSorted()).toEqual([
      `jilo://publications/${own.publication}`,
      `jilo://videos/${own.video}`,
    ]);
    expect(theirs.told.toSorted()).toEqual([
      `jilo://publications/${foreign.publication}`,
      `jilo://videos/${foreign.video}`,
    ]);
    await Promise.all([mine.stop(), theirs.stop()]);
  });

  test('are told at once, and what follows within a second as one', async () => {
    const { owner, own } = scene;
    const uri = `jilo://videos/${own.video}`;
    const other = `jilo://publications/${own.publication}`;
    const { told, pass, stop, delays } = await watching(owner.actor.accountId);
    for (let times = 0; times < 20; times += 1) await happened(own.video);
    await happened(own.publication);
    await vi.waitFor(() => expect(told).toContain(other));
    expect(told).toEqual([uri, other]);
    pass();
    expect(told).toEqual([uri, other, uri]);
    pass();
    expect(told).toEqual([uri, other, uri]);
    await happened(own.video);
    await vi.waitFor(() => expect(told).toEqual([uri, other, uri, uri]));
    expect(new Set(delays)).toEqual(new Set([1000]));
    await stop();
  });

  test('of no known thing are told to nobody', async () => {
    const { world, owner, own } = scene;
    const { told, stop } = await watching(owner.actor.accountId);
    for (const text of [
      '',
      'vid_none',
      'trd_0123456789abcdef',
      "vid_'; drop table videos; --",
      own.trend,
    ])
      await world.app.database.sql`select pg_notify('jilo_events', ${text})`;
    await happened('vid_0123456789abcdef');
    await happened(own.publication);
    await vi.waitFor(() => expect(told).not.toEqual([]));
    expect(told).toEqual([`jilo://publications/${own.publication}`]);
    await stop();
  });

  test('of the ledger are told when a video has moved quota', async () => {
    const { world, owner, own } = scene;
    const { accountId } = owner.actor;
    const { told, stop } = await watching(accountId);
    await world.app.database.sql`
      select quota_post('grant', ${accountId}, 5::integer, 'gift', 'gift', ${world.now().toISOString()}::timestamptz)`;
    await happened(own.video);
    await vi.waitFor(() => expect(told).toContain('jilo://ledger'));
    expect(told.toSorted()).toEqual(['jilo://ledger', `jilo://videos/${own.video}`]);
    await stop();
  });

  test('are told no more once it has ended', async () => {
    const { owner, own } = scene;
    const ended = await watching(owner.actor.accountId);
    await happened(own.video);
    await happened(own.video);
    await vi.waitFor(() => expect(ended.told).toHaveLength(1));
    await ended.stop();
    expect(ended.waiting.size).toBe(0);
    const going = await watching(owner.actor.accountId);
    await happened(own.publication);
    await vi.waitFor(() => expect(going.told).toHaveLength(1));
    expect(ended.told).toHaveLength(1);
    await going.stop();
  });
});
