import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Facts } from './facts.ts';
import { playRun, type Tampering } from './run.ts';
import { drawSchedule, points } from './schedule.ts';
import { openThrowawayWorld } from './throwaway.ts';
import type { FaultWorld } from './world.ts';

const seed = 20_261_122;
/** Runs of the product as it is; `npm run faults` plays many more. */
const soundRuns = 12;
/** A busy machine may take much longer than the few seconds that this needs. */
const timeout = 240_000;

let world: FaultWorld;
beforeAll(async () => {
  world = await openThrowawayWorld();
}, timeout);
afterAll(() => world.close(), timeout);

/** The promises that one run breaks when its facts are not as they should be. */
const brokenBy = async (tampering: Tampering): Promise<string> =>
  (await playRun(world, { seed, run: 0 }, tampering)).broken.join('\n');

test('whatever goes wrong, every promise is kept', { timeout }, async () => {
  const broken: string[] = [];
  const ends = new Set<string>();
  for (let run = 0; run < soundRuns; run += 1) {
    const result = await playRun(world, { seed, run });
    if (result.broken.length > 0) broken.push(...result.broken, ...result.story);
    for (const kind of result.counts.keys()) ends.add(kind);
  }
  expect(broken.join('\n')).toBe('');
  // Runs in which nothing happens would keep every promise too.
  for (const kind of ['video ready', 'video cancelled', 'callback lost', 'submit http_429'])
    expect(ends).toContain(kind);
});

test('the same seed and number play the same run, whatever ran before', { timeout }, async () => {
  const one = await playRun(world, { seed, run: 3 });
  await playRun(world, { seed, run: 7 });
  const again = await playRun(world, { seed, run: 3 });
  const told = ({ story }: typeof one) =>
    story.map((line) => line.replaceAll(/_\d{16}/g, (id) => `_${id.slice(-7)}`));
  expect(told(again)).toEqual(told(one));
  expect(again.counts).toEqual(one.counts);
});

describe('a schedule', () => {
  test('is drawn from seed and number alone', () => {
    expect(drawSchedule(1, 5)).toEqual(drawSchedule(1, 5));
    expect(drawSchedule(1, 5)).not.toEqual(drawSchedule(1, 6));
    expect(drawSchedule(1, 5)).not.toEqual(drawSchedule(2, 5));
  });

  test('has every kind of incident at every point among five hundred', () => {
    const schedules = Array.from({ length: 500 }, (_, run) => drawSchedule(1, run));
    const drawn = schedules.flatMap(({ incidents }) => incidents);
    expect(new Set(drawn.map(({ what }) => what))).toEqual(
      new Set(['kill', 'pause', 'error', 'cancel']),
    );
    expect(new Set(drawn.map(({ point }) => point))).toEqual(new Set(points));
    const acts = schedules.flatMap((schedule) => schedule.acts.map(({ what }) => what));
    expect(new Set(acts)).toEqual(new Set(['cancel', 'retry', 'delete', 'show']));
  });
});

describe('a product that breaks its promise is caught', () => {
  test.each<[string, string, (facts: Facts) => Facts]>([
    [
      'a forged callback that is taken in',
      'nothing that is forged is taken in',
      (facts) => ({
        ...facts,
        deliveries: [{ requestId: 'x', attempt: 1, status: 200, how: 'forged' }],
      }),
    ],
    [
      'a wallet that has lost a unit',
      'journal and wallets agree',
      (facts) => ({
        ...facts,
        wallets: facts.wallets.map((wallet) => ({ ...wallet, available: wallet.available - 1 })),
      }),
    ],
    [
      'a hold that nobody settled',
      'every hold is settled once',
      (facts) => ({
        ...facts,
        transfers: facts.transfers.filter(({ verb }) => verb === 'grant' || verb === 'hold'),
      }),
    ],
    [
      'a refund beside a capture that stands',
      'the quota went where the settlement table says',
      (facts) => ({
        ...facts,
        holds: facts.holds.map((hold) => ({ ...hold, status: 'refunded' as const })),
      }),
    ],
    [
      'an end that comes twice',
      'what happened is told in an order that can be',
      (facts) => ({ ...facts, events: [...facts.events, ...facts.events.slice(-1)] }),
    ],
  ])('%s', { timeout }, async (_, promise, facts) => {
    expect(await brokenBy({ facts })).toContain(promise);
  });
});
