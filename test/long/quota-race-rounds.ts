import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type postgres from 'postgres';
import { z } from 'zod';

import { postTransfer } from '../../core/quota/ledger.ts';
import { openDatabase } from '../../drizzle/client.ts';

const processes = 4;
const requests = 100;
const quota = 10;
const duplicates = 64;

/** What the rounds came to: how often each tally of answers was given, and what the wallets say. */
export type RaceFigures = {
  readonly races: Readonly<Record<string, number>>;
  readonly duplicates: Readonly<Record<string, number>>;
  readonly wallets: Readonly<Record<string, number>>;
};

/**
 * 100 holds at once over four processes where 10 units are left, and 64 times the same hold, in each
 * round on wallets of its own.
 */
export async function raceOverProcesses(url: string, rounds: number): Promise<RaceFigures> {
  const database = openDatabase(url, 2);
  const workers = Array.from({ length: processes }, () =>
    fork(join(import.meta.dirname, 'quota-race-worker.ts'), [url, String(requests / processes)]),
  );
  try {
    await Promise.all(workers.map(answerOf));
    const newCounts = () => new Map<string, number>();
    const figures = { races: newCounts(), duplicates: newCounts(), wallets: newCounts() };
    for (let round = 0; round < rounds; round += 1) {
      const walletId = `racer-${round}`;
      await openWallet(database, walletId);
      const keys = Array.from({ length: requests }, (_, index) => `${walletId}:${index}`);
      count(figures.races, await runRound(workers, walletId, keys));
      count(figures.wallets, await walletOf(database.sql, walletId));
      const again = `twice-${round}`;
      await openWallet(database, again);
      count(
        figures.duplicates,
        await runRound(
          workers,
          again,
          Array.from({ length: duplicates }, () => again),
        ),
      );
      count(figures.wallets, await walletOf(database.sql, again));
    }
    return {
      races: Object.fromEntries(figures.races),
      duplicates: Object.fromEntries(figures.duplicates),
      wallets: Object.fromEntries(figures.wallets),
    };
  } finally {
    await Promise.all(workers.map(end));
    await database.close();
  }
}

const count = (counts: Map<string, number>, what: string): void => {
  counts.set(what, (counts.get(what) ?? 0) + 1);
};

async function openWallet({ db, sql }: ReturnType<typeof openDatabase>, id: string) {
  await sql`insert into accounts (id, display_name, locale, created_at)
    values (${id}, 'Racer', 'en', now())`;
  await sql`insert into wallets (id, account_id, granted, available, held, spent, expired)
    values (${id}, ${id}, 0, 0, 0, 0, 0)`;
  const grant = { verb: 'grant', walletId: id, amount: quota, reference: 'sign-up' } as const;
  await postTransfer(db, { ...grant, key: `sign-up:${id}`, at: new Date('2026-11-22T08:00:00Z') });
}

async function walletOf(sql: postgres.Sql, id: string): Promise<string> {
  const [row] = await sql`
    select concat_ws(' ', available, 'available', held, 'held', (select count(*) from quota_transfers
      where wallet_id = ${id} and verb = 'hold'), 'in the journal') as says
    from wallets where id = ${id}`;
  return z.object({ says: z.string() }).parse(row).says;
}

/** Every process gets its part of the holds before any of them has answered. */
async function runRound(
  workers: readonly ChildProcess[],
  walletId: string,
  keys: readonly string[],
): Promise<string> {
  const answers = await Promise.all(
    workers.map((worker, index) => {
      const part = keys.filter((_, place) => place % workers.length === index);
      const answer = answerOf(worker);
      worker.send({ walletId, keys: part, amount: 1 });
      return answer;
    }),
  );
  const counts = new Map<string, number>();
  for (const outcome of answers.flat()) count(counts, outcome);
  return [...counts]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([outcome, times]) => `${times} ${outcome}`)
    .join(', ');
}

const outcomesSchema = z.tuple([z.array(z.string())]).rest(z.unknown());

async function answerOf(worker: ChildProcess): Promise<string[]> {
  const over = new AbortController();
  const { signal } = over;
  const failed = once(worker, 'exit', { signal }).then(([code]) => {
    throw new Error(`a process of the race ended with ${String(code)}`);
  });
  try {
    const said = await Promise.race([once(worker, 'message', { signal }), failed]);
    return outcomesSchema.parse(said)[0];
  } finally {
    // Otherwise each round would leave its listeners behind.
    over.abort();
    failed.catch(() => undefined);
  }
}

async function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = once(worker, 'exit');
  worker.disconnect();
  await ended;
}
