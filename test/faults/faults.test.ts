import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Facts } from './facts.ts';
import { drawFate, kindsOf } from './fates.ts';
import { breachesOf } from './promises.ts';
import { playRun } from './run.ts';
import { drawSchedule, points } from './schedule.ts';
import { openThrowawayWorld } from './throwaway.ts';
import { webPoints } from './web-errors.ts';
import type { FaultWorld } from './world.ts';

const seed = 1;
/** Runs that are short and full of trouble; `npm run faults` plays many more. */
const soundRuns = [7, 26, 60, 75, 83, 86];
/** A busy machine may take much longer than the few seconds that this needs. */
const timeout = 240_000;

let world: FaultWorld;
beforeAll(async () => {
  world = await openThrowawayWorld();
}, timeout);
afterAll(() => world.close(), timeout);

test('whatever goes wrong, every promise is kept', { timeout }, async () => {
  const broken: string[] = [];
  const ends = new Set<string>();
  for (const run of soundRuns) {
    const result = await playRun(world, { seed, run });
    if (result.broken.length > 0) broken.push(...result.broken, ...result.story);
    for (const kind of result.counts.keys()) ends.add(kind);
  }
  expect(broken.join('\n')).toBe('');
  // Runs in which nothing happens would keep every promise too.
  for (const kind of [
    'video ready',
    'video cancelled',
    'callback lost',
    'submit http_429',
    'runway request',
    'runway submit truncated',
    'voice request',
    'error at "callback before commit"',
    'error at "order after commit"',
  ])
    expect(ends).toContain(kind);
});

test('the same seed and number play the same run, whatever ran before', { timeout }, async () => {
  const one = await playRun(world, { seed, run: 60 });
  await playRun(world, { seed, run: 20 });
  const again = await playRun(world, { seed, run: 60 });
  const told = ({ story }: typeof one) =>
    story.map((line) => line.replaceAll(/_\d{16}/g, (id) => `_${id.slice(-7)}`));
  expect(told(again)).toEqual(told(one));
  expect(again.counts).toEqual(one.counts);
  expect(one.counts.get('runway request')).toBeGreaterThan(1);
});

describe('what becomes of a request', () => {
  const fates = Array.from({ length: 500 }, (_, run) => {
    const name = { video: 0, shot: 'clip 0', attempt: 1, provider: 'runway' } as const;
    return drawFate(drawSchedule(1, run), name);
  });
  const kinds = new Set(fates.flatMap(kindsOf));

  test('is drawn for Runway with every fault that it can have', () => {
    for (const kind of [
      'submit reset_before',
      'submit reset_after',
      'submit http_429',
      'submit http_503',
      'submit http_503_after',
      'submit truncated',
      'submit late',
      'outcome refused',
      'outcome runner_error',
      'outcome final_error',
      'clip after the deadline',
      'cancel ignored upstream',
      'look reset_after',
      'look late',
      'download truncated',
      'download redirect_out',
      'download no_video',
      'download huge',
    ])
      expect(kinds).toContain(kind);
  });

  test('holds no callback of Runway, and no task that is not found while it runs', () => {
    expect([...kinds].filter((kind) => kind.startsWith('callback'))).toEqual([]);
    expect(kinds).not.toContain('look http_404');
  });
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
    const orders = schedules.flatMap((schedule) => schedule.orders);
    expect(new Set(orders.map(({ voice }) => voice))).toEqual(new Set(['off', 'female', 'male']));
    expect(new Set(orders.map(({ captions }) => captions))).toEqual(new Set([false, true]));
    const runway = orders.filter(({ model }) => model === 'runway');
    expect(runway.length).toBeGreaterThan(orders.length / 20);
    expect(new Set(runway.map(({ voice }) => voice !== 'off'))).toEqual(new Set([false, true]));
    const webErrors = schedules.flatMap((schedule) => schedule.webErrors);
    expect(new Set(webErrors.map(({ point }) => point))).toEqual(new Set(webPoints));
    const acts = schedules.flatMap((schedule) => schedule.acts.map(({ what }) => what));
    expect(new Set(acts)).toEqual(new Set(['cancel', 'retry', 'delete', 'show']));
  });
});

describe('a product that breaks its promise is caught', () => {
  let facts: Facts;
  beforeAll(async () => {
    const keep = (gathered: Facts) => (facts = gathered);
    const { broken } = await playRun(world, { seed, run: 2 }, { facts: keep });
    expect(broken).toEqual([]);
  }, timeout);

  test.each<[string, string, (facts: Facts) => Facts]>([
    [
      'a forged callback that is taken in',
      'nothing that is forged is taken in',
      (known) => ({
        ...known,
        deliveries: [{ requestId: 'x', attempt: 1, status: 200, how: 'forged' }],
      }),
    ],
    [
      'a callback that met an error and was never taken in',
      'a callback that met an error of ours is taken in all the same',
      (known) => ({
        ...known,
        deliveries: [{ requestId: 'x', attempt: 1, status: 500, how: 'well' }],
      }),
    ],
    [
      'one approval that bought a take too many',
      'an approval starts what was approved',
      (known) => ({ ...known, videos: [...known.videos, ...known.videos.slice(0, 1)] }),
    ],
    [
      'a task of Runway beside another one of its attempt',
      'no attempt is paid twice',
      (known) => ({
        ...known,
        requests: known.requests.flatMap((request) =>
          request.provider === 'runway' ? [request, { ...request, requestId: 'x' }] : [request],
        ),
      }),
    ],
    [
      'a wallet that has lost a unit',
      'journal and wallets agree',
      (known) => ({
        ...known,
        wallets: known.wallets.map((wallet) => ({ ...wallet, available: wallet.available - 1 })),
      }),
    ],
    [
      'a hold that nobody settled',
      'every hold is settled once',
      (known) => ({
        ...known,
        transfers: known.transfers.filter(({ verb }) => verb === 'grant' || verb === 'hold'),
      }),
    ],
    [
      'a refund beside a capture that stands',
      'the quota went where the settlement table says',
      (known) => ({
        ...known,
        holds: known.holds.map((hold) => ({ ...hold, status: 'refunded' as const })),
      }),
    ],
    [
      'an end that comes twice',
      'what happened is told in an order that can be',
      (known) => ({ ...known, events: [...known.events, ...known.events.slice(-1)] }),
    ],
  ])('%s', (_, promise, spoil) => {
    expect(breachesOf(spoil(facts)).join('\n')).toContain(promise);
  });

  test('a run whose facts break one', { timeout }, async () => {
    const forged = { requestId: 'x', attempt: 1, status: 200, how: 'forged' };
    const spoil = (gathered: Facts) => ({ ...gathered, deliveries: [forged] });
    const { broken } = await playRun(world, { seed, run: 19 }, { facts: spoil });
    expect(broken).toEqual(['nothing that is forged is taken in: forged for x was answered 200']);
  });
});
