import { postTransfer } from '../core/quota/ledger.ts';
import { openDatabase, type Database } from '../drizzle/client.ts';
import { median } from './bench-clips.ts';

/** As many as the product's own pool has; each has one request under way. */
const connections = 10;
const rounds = 25;
/** How long one turn of one of them lasts. */
const turnMs = 250;
const wallets = 10_000;
/** Of the bare UPDATE's throughput in the same round. */
const limits = { hot: 0.7, spread: 0.55 };

type Say = (line: string) => void;
type Lane = 'bare' | 'hold';
type Work = (wallet: string, number: number) => Promise<unknown>;

/**
 * Holds per second beside guarded UPDATEs that keep no books, on one hot wallet and over 10,000, in
 * turns; true when the medians of their ratios are within the limits.
 */
export async function benchSpeed(url: string, say: Say): Promise<boolean> {
  const database = openDatabase(url, connections);
  try {
    await prepare(database);
    say(
      `${connections} connections, synchronous_commit on, ${rounds} rounds of ${turnMs} ms each, in turns:`,
    );
    const fine: boolean[] = [];
    for (const [place, size] of [
      ['hot', 1],
      ['spread', wallets],
    ] as const) {
      const name = size === 1 ? 'one hot wallet' : `${wallets} wallets`;
      const ratio = await compare(lanesOf(database), size, say, name);
      say(`  hold / bare UPDATE: ${ratio.toFixed(2)} (limit ${limits[place]})`);
      fine.push(ratio >= limits[place]);
    }
    return fine.every(Boolean);
  } finally {
    await database.close();
  }
}

/** Wallets that last for the whole measurement, and a copy of their table that need not balance. */
async function prepare({ sql }: Database): Promise<void> {
  await sql`insert into accounts (id, display_name, locale, created_at)
    select 'bench' || i, 'Bench', 'en', now() from generate_series(0, ${wallets - 1}) i`;
  await sql`insert into wallets (id, account_id, granted, available, held, spent, expired)
    select 'bench' || i, 'bench' || i, 1000000000, 1000000000, 0, 0, 0
    from generate_series(0, ${wallets - 1}) i`;
  await sql`create schema bare`;
  await sql`create table bare.wallets (like public.wallets including all)`;
  await sql`alter table bare.wallets drop constraint wallets_balanced`;
  await sql`insert into bare.wallets select * from public.wallets`;
  await sql`vacuum analyze wallets, bare.wallets, accounts`;
}

/** Unique over the whole measurement. */
let numbers = 0;

/** Both unprepared, as drizzle sends the statements of the product; only the hold goes through drizzle. */
const lanesOf = ({ db, sql }: Database): Record<Lane, Work> => ({
  bare: (wallet) =>
    sql.unsafe(
      'update bare.wallets set available = available - 1 where id = $1 and available >= 1',
      [wallet],
    ),
  hold: (wallet, number) =>
    postTransfer(db, {
      verb: 'hold',
      walletId: wallet,
      amount: 1,
      reference: `video_${number}`,
      key: `hold:video_${number}`,
      at: new Date(),
    }),
});

async function compare(
  lanes: Record<Lane, Work>,
  size: number,
  say: Say,
  name: string,
): Promise<number> {
  const rates: Record<Lane, number[]> = { bare: [], hold: [] };
  for (let round = 0; round <= rounds; round += 1) {
    const order: readonly Lane[] = round % 2 === 0 ? ['bare', 'hold'] : ['hold', 'bare'];
    for (const lane of order) {
      const rate = await rateOf(lanes[lane], size);
      // The first round is for the caches.
      if (round > 0) rates[lane].push(rate);
    }
  }
  const ratios = rates.hold.map((rate, index) => rate / (rates.bare[index] ?? NaN));
  say(
    `${name}: ${median(rates.bare).toFixed(0)} bare UPDATEs and ${median(rates.hold).toFixed(0)} holds a second`,
  );
  return median(ratios);
}

/** Calls a second, with one under way per connection. */
async function rateOf(work: Work, size: number): Promise<number> {
  const began = performance.now();
  let made = 0;
  const runner = async () => {
    while (performance.now() - began < turnMs) {
      numbers += 1;
      await work(`bench${(numbers * 7919) % size}`, numbers);
      made += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, runner));
  return (made * 1000) / (performance.now() - began);
}
