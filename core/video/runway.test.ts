import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { attemptsOf, live, moneyOf, settled, startVideo, videoRow } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { videoCancel } from './cancel.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ generationMs: 20_000 });
});
afterEach(() => settled(world));
afterAll(() => world.close());

const wish = { prompt: 'a paper boat sails down a rainy street', model: 'runway', seconds: 15 };
const runway = () => world.emulators.runway;

test('a video of Runway is made without a callback, and looked at no oftener than Runway asks for', async () => {
  const id = await startVideo(world, 'owner', wish);
  await world.drain();
  await live(world, 120, { step: 5 });
  expect(await videoRow(world, id)).toMatchObject({ status: 'ready' });
  const attempts = await attemptsOf(world, id);
  expect(new Set(attempts.map(({ provider }) => provider))).toEqual(new Set(['runway']));
  const submitted = runway().submits.map(({ taskId }) => taskId);
  expect(submitted).toHaveLength(attempts.length);
  expect(new Set(submitted)).toEqual(new Set(attempts.map(({ requestId }) => requestId)));
  expect(world.emulators.fal.submits).toEqual([]);
  const gaps = attempts.flatMap(({ requestId }) => {
    const times = runway().polls.filter(({ taskId }) => taskId === requestId);
    return times.slice(1).map(({ at }, index) => at - (times[index]?.at ?? 0));
  });
  expect(gaps.length).toBeGreaterThan(0);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5000);
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: null });
});

test('a lost answer is never sent again: the deadline decides, though Runway made the clip', async () => {
  const before = runway().submits.length;
  runway().misbehave({ on: 'submit', how: 'reset_after', times: 10 });
  const id = await startVideo(world, 'owner', wish);
  await world.drain();
  await live(world, 960, { step: 60 });
  const attempts = await attemptsOf(world, id);
  expect(new Set(attempts.map(({ status }) => status))).toEqual(new Set(['unknown']));
  expect(runway().submits.length - before).toBe(attempts.length);
  expect(await videoRow(world, id)).toMatchObject({ status: 'failed', failure: 'timed_out' });
});

test('a stopped video stops its tasks at Runway', async () => {
  const other = await createWorld({ generationMs: 60_000 });
  const id = await startVideo(other, 'owner', wish);
  await other.drain();
  const taken = other.emulators.runway.submits.length;
  expect(taken).toBeGreaterThan(0);
  await other.must(videoCancel, { video: id }, await other.context());
  await other.drain();
  await live(other, 120, { step: 20 });
  expect(other.emulators.runway.submits).toHaveLength(taken);
  const url = `${other.emulators.runway.url}/v1/tasks`;
  const headers = { authorization: 'Bearer test-runway', 'x-runway-version': '2024-11-06' };
  for (const { taskId } of other.emulators.runway.submits)
    expect((await fetch(`${url}/${taskId}`, { headers })).status).toBe(404);
  await settled(other);
  await other.close();
});
