import assert from 'node:assert/strict';

import postgres from 'postgres';

import { createRandom, type Random } from '../../sandbox/apify/random.ts';
import { at, type Ledger, product } from './ledger-calls.ts';
import { type Answer, type Balances, balancesSchema, type Call } from './ledger-model.ts';

export { brokenInvariants } from './ledger-rules.ts';

/** Enough for a race of eight, its referee and a bystander. */
const ledgerConnections = 10;
export const runners = 8;

export const openLedger = (
  url: string,
  options: { readonly schema?: string; readonly connections?: number } = {},
): postgres.Sql =>
  postgres(url, {
    max: options.connections ?? ledgerConnections,
    onnotice: () => undefined,
    connection: { search_path: options.schema ? `${options.schema}, public` : 'public' },
  });

let worlds = 0;
/** A prefix of its own for each scene, so that all of them share one database. */
export const newWorld = (): string => `w${(worlds += 1)}:`;

/** An account, a wallet of its own or of a server, and what was granted into it. */
export async function openWallet(
  sql: postgres.Sql,
  id: string,
  granted: number,
  { isServer = false, ledger = product } = {},
): Promise<void> {
  await sql`insert into accounts (id, display_name, locale, created_at)
    values (${id}, 'Test', 'en', ${at}) on conflict do nothing`;
  await sql`insert into wallets
    (id, account_id, server_id, granted, available, lasting, held, spent, expired, returned, given)
    values (${id}, ${isServer ? null : id}, ${isServer ? id : null}, 0, 0, 0, 0, 0, 0, 0, 0)`;
  if (granted > 0) await ledger.call(sql, openingOf(id, granted));
}

export const openingOf = (wallet: string, amount: number): Call => ({
  verb: 'grant',
  wallet,
  amount,
  reference: 'sign-up',
  key: `open:${wallet}`,
});

export async function balancesOf(sql: postgres.Sql, wallet: string): Promise<Balances> {
  const [row] = await sql`
    select granted::int, available::int, lasting::int, held::int, spent::int, expired::int,
      returned::int, given::int from wallets where id = ${wallet}`;
  return balancesSchema.parse(row);
}

/** Waits until as many statements of this database wait for a lock as `wanted` says. */
export async function untilWaiting(
  sql: Pick<postgres.Sql, 'unsafe'>,
  wanted: () => number,
): Promise<void> {
  const deadline = performance.now() + 10_000;
  const waiting = async () => {
    await sql.unsafe('select pg_stat_clear_snapshot()');
    const [row] = await sql.unsafe<{ count: number }[]>(
      `select count(*)::int as count from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return row?.count ?? 0;
  };
  while ((await waiting()) < wanted())
    assert(performance.now() < deadline, 'the statements did not come to wait for the lock');
}

/**
 * Makes all calls while another transaction has the wallets locked, and lets go when every one of
 * them waits or is answered: whatever is read before the lock is read by all of them.
 */
async function race(sql: postgres.Sql, ledger: Ledger, calls: readonly Call[]): Promise<Answer[]> {
  const wallets = [...new Set(calls.flatMap(({ wallet, to }) => (to ? [wallet, to] : [wallet])))];
  const expected = Math.min(calls.length, sql.options.max - 1);
  let settled = 0;
  let running: Promise<Answer[]> = Promise.resolve([]);
  await sql.begin(async (tx) => {
    await tx`select 1 from wallets where id = any(${wallets}) order by id for update`;
    running = Promise.all(
      calls.map((call) =>
        ledger.call(sql, call).finally(() => {
          settled += 1;
        }),
      ),
    );
    running.catch(() => undefined); // It is awaited below; nothing may be unhandled until then.
    await untilWaiting(tx, () => expected - settled);
  });
  return running;
}

export const tally = (answers: readonly Answer[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { outcome } of answers) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

/** Refused by the database with exactly this code, or let through. */
export async function refusal(work: PromiseLike<unknown>): Promise<string> {
  try {
    await work;
    return 'let through';
  } catch (error) {
    if (error instanceof postgres.PostgresError) return error.code;
    throw error;
  }
}

/** Says that a ledger has no such thing, which is neither a pass nor a breach. */
export class NotOffered extends Error {}

/** One promise of the ledger and the experiment that breaks when the promise does. */
export type LedgerCheck = {
  /** Short, and unique: mutants declare by it what catches them. */
  readonly id: string;
  readonly name: string;
  readonly run: (scene: Scene) => Promise<void>;
};

type WalletOptions = {
  readonly month?: number;
  readonly packs?: number;
  readonly isServer?: boolean;
  /** The month that runs already. */
  readonly begun?: number;
};

/** A few wallets of one check, in a world that no other check sees. */
export class Scene {
  readonly sql: postgres.Sql;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly world = newWorld();
  #keys = 0;

  constructor(sql: postgres.Sql, ledger: Ledger, random: Random) {
    this.sql = sql;
    this.ledger = ledger;
    this.random = random;
  }

  /** A name of this world. */
  id(name: string): string {
    return `${this.world}${name}`;
  }

  /** A wallet with units of the month and units of packs. */
  async wallet(
    name: string,
    { month = 0, packs = 0, isServer = false, begun }: WalletOptions = {},
  ): Promise<void> {
    await openWallet(this.sql, this.id(name), 0, { isServer, ledger: this.ledger });
    if (begun !== undefined)
      await this.applied('renew', { wallet: name, amount: month, month: begun });
    else if (month > 0) await this.applied('grant', { wallet: name, amount: month });
    if (packs > 0) await this.applied('grant', { wallet: name, amount: packs, lasting: true });
  }

  /** A call in this world: of ann, about her video, under a new key, unless it says otherwise. */
  make(verb: string, over: Partial<Call> = {}): Call {
    const { wallet = 'ann', reference = 'video', key, to, asker } = over;
    this.#keys += key === undefined ? 1 : 0;
    return {
      amount: null,
      ...over,
      verb,
      wallet: this.id(wallet),
      reference: this.id(reference),
      key: this.id(key ?? `${verb}#${this.#keys}`),
      ...(to === undefined ? {} : { to: this.id(to) }),
      ...(asker === undefined ? {} : { asker: this.id(asker) }),
    };
  }

  send(call: Call): Promise<Answer> {
    return this.ledger.call(this.sql, call);
  }

  post(verb: string, over: Partial<Call> = {}): Promise<Answer> {
    return this.send(this.make(verb, over));
  }

  async outcome(verb: string, over: Partial<Call> = {}): Promise<string> {
    return (await this.post(verb, over)).outcome;
  }

  async applied(verb: string, over: Partial<Call> = {}): Promise<Answer> {
    const answer = await this.post(verb, over);
    assert.equal(answer.outcome, 'applied', `${verb} ${JSON.stringify(over)}`);
    return answer;
  }

  race(calls: readonly Call[]): Promise<Answer[]> {
    return race(this.sql, this.ledger, calls);
  }

  /** Works in a transaction that is committed only when `work` is done. */
  async meanwhile(work: (connection: postgres.Sql) => Promise<void>): Promise<void> {
    const connection = await this.sql.reserve();
    // The ledger's driver reads the options of its connection, which a reserved one does not have.
    Object.defineProperty(connection, 'options', { value: this.sql.options });
    try {
      await connection`begin`;
      await work(connection);
      await connection`commit`;
    } finally {
      connection.release();
    }
  }

  balances(name = 'ann'): Promise<Balances> {
    return balancesOf(this.sql, this.id(name));
  }

  /** Some balances of a wallet are exactly these. */
  async has(wanted: Partial<Balances>, name = 'ann'): Promise<void> {
    const balances = await this.balances(name);
    assert.deepEqual(balances, { ...balances, ...wanted }, `the wallet of ${name}`);
  }

  /** How many movements this world has seen. */
  async movements(): Promise<number> {
    const [row] = await this.sql<{ count: number }[]>`
      select count(*)::int as count from quota_transfers where wallet_id like ${`${this.world}%`}`;
    return row?.count ?? 0;
  }

  async sound(): Promise<void> {
    assert.deepEqual(await this.ledger.breaches(this.sql, this.world), []);
  }
}

/** Runs one check once; the seed draws its amounts. */
export const runCheck = (
  sql: postgres.Sql,
  ledger: Ledger,
  check: LedgerCheck,
  seed: number,
): Promise<void> => check.run(new Scene(sql, ledger, createRandom(`${check.id} ${seed}`)));
