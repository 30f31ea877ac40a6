import { beforeEach, expect, test } from 'vitest';

import { createManualClock } from '../../sandbox/clock.ts';
import { createGate } from './progress-gate.ts';
import { createPace } from './progress-pace.ts';

let clock: ReturnType<typeof createManualClock>;
let runs: number;
let again: number | null;
let failing: number;
let errors: unknown[];
beforeEach(() => {
  clock = createManualClock(new Date(0));
  runs = 0;
  again = null;
  failing = 0;
  errors = [];
});

const pace = () =>
  createPace({
    timers: clock,
    gapMs: 2500,
    async run() {
      runs += 1;
      if (runs <= failing) throw new Error(`failure ${runs}`);
      return again;
    },
    onError: (error) => void errors.push(error),
  });
/** Moves the clock and lets what came due finish. */
const pass = async (ms: number) => {
  clock.advance(ms);
  await settle();
};
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('what is asked during the rest comes to one run, at its end', async () => {
  const { ask } = pace();
  ask();
  ask();
  await settle();
  expect(runs).toBe(1);
  ask();
  ask();
  await pass(2499);
  expect(runs).toBe(1);
  await pass(1);
  expect(runs).toBe(2);
  await pass(60_000);
  expect(runs).toBe(2);
  ask();
  await settle();
  expect(runs).toBe(3);
});

test('what is asked while it runs is done after it', async () => {
  const inside = Promise.withResolvers<void>();
  let most = 0;
  let now = 0;
  const { ask } = createPace({
    timers: clock,
    gapMs: 10,
    async run() {
      runs += 1;
      now += 1;
      most = Math.max(most, now);
      await inside.promise;
      now -= 1;
      return null;
    },
    onError: (error) => void errors.push(error),
  });
  ask();
  ask();
  await pass(1000);
  expect(runs).toBe(1);
  inside.resolve();
  await settle();
  await pass(10);
  expect({ runs, most }).toEqual({ runs: 2, most: 1 });
});

test('it runs again by itself when it wants to', async () => {
  again = 10_000;
  const { ask } = pace();
  ask();
  await settle();
  await pass(9999);
  expect(runs).toBe(1);
  await pass(1);
  expect(runs).toBe(2);
  again = null;
  await pass(10_000);
  expect(runs).toBe(3);
  await pass(100_000);
  expect(runs).toBe(3);
});

test('a failed run is taken again after a wait that doubles, up to one minute', async () => {
  failing = 7;
  const { ask } = pace();
  ask();
  await settle();
  const waits = [5000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000];
  for (const [index, wait] of waits.entries()) {
    ask();
    await pass(wait - 1);
    expect(runs).toBe(index + 1);
    await pass(1);
    expect(runs).toBe(index + 2);
  }
  expect(errors).toHaveLength(7);
  ask();
  await pass(2500);
  expect(runs).toBe(9);
});

test('after a stop nothing begins, and what runs is waited for', async () => {
  const inside = Promise.withResolvers<void>();
  const { ask, stop } = createPace({
    timers: clock,
    gapMs: 10,
    async run() {
      await inside.promise;
      runs += 1;
      return 10;
    },
    onError: (error) => void errors.push(error),
  });
  ask();
  ask();
  const stopped = stop();
  inside.resolve();
  await stopped;
  expect(runs).toBe(1);
  ask();
  await pass(100_000);
  expect(runs).toBe(1);
});

test('a gate lets so many through at once, and everybody in the end', async () => {
  const gate = createGate(2);
  let now = 0;
  let most = 0;
  const leave = Promise.withResolvers<void>();
  const work = async () => {
    now += 1;
    most = Math.max(most, now);
    await leave.promise;
    now -= 1;
    return 'done';
  };
  const fail = () => Promise.reject(new Error('no'));
  const all = Promise.allSettled([gate(work), gate(fail), gate(work), gate(work)]);
  await settle();
  expect(now).toBe(2);
  leave.resolve();
  const ends = await all;
  expect(ends.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(most).toBe(2);
});
