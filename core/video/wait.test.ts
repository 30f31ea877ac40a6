import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import {
  drainWith,
  live,
  moneyOf,
  settled,
  startVideo,
  submitsOf,
  videoRow,
  withVideoModels,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Ports } from '../context.ts';
import { Fault } from '../fault.ts';
import { waitingWords } from '../messages/waiting.ts';
import { readSubjectState } from '../progress/state.ts';
import { videoCancel } from './cancel.ts';
import { videoShow } from './show.ts';
import { waitingForOf } from './wait.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => settled(world));
afterAll(() => world.close());

const away = (provider: string, retryAfterSeconds: number) =>
  Promise.reject(new Fault('provider_busy', { provider }, { retryAfterSeconds }));

async function seen(id: string) {
  const { waiting_for, why } = await world.must(videoShow, { video: id }, await world.context());
  const state = await readSubjectState(world.services, id);
  return { waiting_for, why, told: state?.waitingFor };
}
const waitsFor = (name: string) => ({
  waiting_for: name,
  why: waitingWords.en(name),
  told: name,
});
const waitsForNobody = { waiting_for: null, why: null, told: null };

test('the words name who is waited for', () => {
  expect(waitingWords.en('fal')).toBe('Waiting for fal; it goes on by itself.');
  expect(waitingWords.zh('fal')).toBe('正在等待 fal 恢复，之后会自动继续。');
  expect(waitingWords.en('Storage')).toBe('Waiting for the file store; it goes on by itself.');
  expect(waitingWords.zh('Storage')).toBe('正在等待 文件存储 恢复，之后会自动继续。');
});

test('clips that are made and cannot be fetched for ten minutes are not paid for again', async () => {
  const id = await startVideo(world);
  const ports = withVideoModels(world, { download: () => away('fal', 20) });
  await drainWith(world, ports);
  await live(world, 600, { step: 20, ports });
  expect(await seen(id)).toEqual(waitsFor('fal'));
  expect(await submitsOf(world, id)).toHaveLength(2);
  await live(world, 60, { step: 20 });
  expect(await videoRow(world, id)).toMatchObject({ status: 'ready' });
  expect(await seen(id)).toEqual(waitsForNobody);
  expect(await submitsOf(world, id)).toHaveLength(2);
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: null });
});

/** The file store as it is, but for what is written as a video. */
const withoutVideos = (): Ports => {
  const { storage } = world.app.ports;
  return {
    ...world.app.ports,
    storage: {
      ...storage,
      write: (key, from, most) =>
        key.startsWith('videos/') ? away('Storage', 60) : storage.write(key, from, most),
    },
  };
};

test('an assembly whose store is away for half an hour waits by its name, and is charged once', async () => {
  const id = await startVideo(world);
  const ports = withoutVideos();
  await drainWith(world, ports);
  await live(world, 1800, { step: 60, ports });
  expect(await seen(id)).toEqual(waitsFor('Storage'));
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold'], compensation: null });
  await live(world, 120, { step: 60 });
  expect(await videoRow(world, id)).toMatchObject({ status: 'ready' });
  expect(await seen(id)).toEqual(waitsForNobody);
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: null });
});

test('who does not want to wait any longer gets everything back, and nothing is sent later', async () => {
  const id = await startVideo(world);
  const ports = withVideoModels(world, { submit: () => away('fal', 20) });
  await drainWith(world, ports);
  expect(await seen(id)).toEqual(waitsFor('fal'));
  await world.must(videoCancel, { video: id }, await world.context());
  expect(await seen(id)).toMatchObject({ waiting_for: null, told: null });
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'release'], compensation: null });
  await live(world, 120, { step: 20 });
  expect(await submitsOf(world, id)).toHaveLength(0);
});

test('only what is still to come is waited for', () => {
  const video = { status: 'generating', waitingFor: 'Storage' } as const;
  const part = (
    status: 'planned' | 'due' | 'submitted' | 'delivered',
    waitingFor: string | null,
  ) => ({
    status,
    waitingFor,
  });
  expect(waitingForOf(video, [part('delivered', 'fal'), part('planned', 'fal')])).toBeNull();
  expect(waitingForOf(video, [part('due', null), part('submitted', 'fal')])).toBe('fal');
  expect(waitingForOf({ ...video, status: 'assembling' }, [part('due', 'fal')])).toBe('Storage');
  expect(waitingForOf({ ...video, status: 'failed' }, [part('due', 'fal')])).toBeNull();
});
