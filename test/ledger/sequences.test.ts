import { afterAll, beforeAll, expect, it } from 'vitest';

import { copyDatabase } from '../kit/database.ts';
import { postTransfer, renewMonth } from '../../core/quota/ledger.ts';
import { ledgerOf } from '../kit/ledger-calls.ts';
import { type Crew, openCrew } from './crew.ts';
import type { Tally } from './play.ts';
import { playRun } from './run.ts';

/** A busy machine may take much longer than the few seconds that this needs. */
const timeout = 120_000;

const crews: Crew[] = [];
let drop: () => Promise<void>;

beforeAll(async () => {
  const copy = await copyDatabase();
  drop = copy.drop;
  for (let number = 1; number <= 3; number += 1) crews.push(openCrew(copy.url, number));
});
afterAll(async () => {
  await Promise.all(crews.map((crew) => crew.close()));
  await drop();
});

/** Plays so many runs of a seed, side by side, and tells what differed. */
async function playRuns(
  seed: number,
  runs: number,
  options: Parameters<typeof playRun>[2] = {},
): Promise<string[]> {
  const differences: string[] = [];
  let next = 0;
  const play = async (crew: Crew) => {
    while (next < runs) {
      const run = next;
      next += 1;
      const difference = await playRun(crew, { seed, run }, options);
      if (difference !== null) differences.push(`run ${run}: ${difference}`);
    }
  };
  await Promise.all(crews.map(play));
  return differences;
}

it('whatever comes in whatever order, and whatever dies on the way', { timeout }, async () => {
  const tally: Tally = new Map();
  expect(await playRuns(1, 60, { tally, shrinks: false })).toEqual([]);
  for (const kind of [
    ...['applied', 'replay', 'key_reused', 'short', 'settled', 'hold_missing', 'stale'].map(
      (outcome) => `answer ${outcome}`,
    ),
    ...['undone', 'killed', 'killed_waiting', 'killed_racing', 'twice_at_once'].map(
      (how) => `fate ${how}`,
    ),
    'end before the answer, then applied',
  ])
    expect([...tally.keys()]).toContain(kind);
});

it.each([
  [
    'every try has a key of its own',
    () => {
      let tries = 0;
      return ledgerOf({
        post: (tx, transfer) =>
          postTransfer(tx, { ...transfer, key: `${transfer.key} ${(tries += 1)}` }),
      });
    },
  ],
  [
    'a new month is a grant',
    () =>
      ledgerOf({
        renew: (tx, { walletId, amount, reference, key, at }) =>
          postTransfer(tx, { verb: 'grant', walletId, amount, reference, key, at }),
      }),
  ],
  [
    'a month begins under the key of its wallet',
    () =>
      ledgerOf({
        renew: (tx, month) => renewMonth(tx, { ...month, key: `month ${month.walletId}` }),
      }),
  ],
] as const)('a ledger in which %s is found out', { timeout }, async (name, make) => {
  const found = await playRuns(1, 6, { ledger: make(), shrinks: false });
  expect(found.length, name).toBeGreaterThan(0);
});
