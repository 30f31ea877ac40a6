import assert from 'node:assert/strict';

import { fc } from '@fast-check/vitest';
import postgres from 'postgres';

import {
  answerSchema,
  LedgerModel,
  raised,
  type Answer,
  type Balances,
  type Call,
} from './ledger-model.ts';

/** Enough for a race of eight, its referee and a bystander. */
const ledgerConnections = 10;
export const runners = 8;

export const openLedger = (url: string): postgres.Sql =>
  postgres(url, { max: ledgerConnections, onnotice: () => undefined });

export const at = '2026-11-22T08:00:00.000Z';
let worlds = 0;
/** A prefix of its own for each check, so that all of them share one database. */
export const newWorld = (): string => `w${(worlds += 1)}`;

export async function post(sql: postgres.Sql, call: Call): Promise<Answer> {
  try {
    const rows = await sql`select * from quota_post(${call.verb}, ${call.account},
      ${call.amount}::integer, ${call.reference}, ${call.key}, ${at}::timestamptz)`;
    return answerSchema.parse(rows[0]);
  } catch (error) {
    if (error instanceof postgres.PostgresError) return raised(error.code);
    throw error;
  }
}

/** An account with a wallet that was granted `granted`. */
export async function openWallet(
  sql: postgres.Sql,
  account: string,
  granted: number,
): Promise<void> {
  await sql`insert into accounts values (${account}, 'Test', 'en', ${at})`;
  await sql`insert into wallets values (${account}, 0, 0, 0, 0, 0)`;
  if (granted > 0) await post(sql, openingOf(account, granted));
}

export const openingOf = (account: string, amount: number): Call => ({
  verb: 'grant',
  account,
  amount,
  reference: 'sign-up',
  key: `open:${account}`,
});

export async function balancesOf(sql: postgres.Sql, account: string): Promise<Balances> {
  const [row] = await sql<Balances[]>`
    select granted, available, held, spent, expired from wallets where account_id = ${account}`;
  assert(row, `${account} has no wallet`);
  return { ...row };
}

export const countTransfers = async (sql: postgres.Sql): Promise<number> => {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from quota_transfers`;
  return row?.count ?? 0;
};

/**
 * Makes all calls while another transaction has the wallet locked, and lets go when every one of
 * them waits or is answered: whatever is read before the lock is read by all of them.
 */
export async function race(sql: postgres.Sql, calls: readonly Call[]): Promise<Answer[]> {
  const account = calls[0]?.account ?? '';
  const expected = Math.min(calls.length, ledgerConnections - 1);
  let settled = 0;
  let running: Promise<Answer[]> = Promise.resolve([]);
  await sql.begin(async (tx) => {
    await tx`select 1 from wallets where account_id = ${account} for update`;
    running = Promise.all(
      calls.map((call) =>
        post(sql, call).finally(() => {
          settled += 1;
        }),
      ),
    );
    running.catch(() => undefined); // It is awaited below; nothing may be unhandled until then.
    await untilWaiting(tx, () => expected - settled);
  });
  return running;
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

export const tally = (answers: readonly Answer[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { outcome } of answers) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

/** The rules that hold after any history, each with the statement that finds its breach. */
const invariants: Readonly<Record<string, string>> = {
  'no balance is negative': `
    select account_id from wallets where least(granted, available, held, spent, expired) < 0`,
  'granted = available + held + spent + expired': `
    select account_id from wallets where granted <> available + held + spent + expired`,
  'the wallet is what the journal adds up to': `
    select w.account_id from wallets w left join (
      select account_id,
        sum(amount) filter (where debit = 'source') as granted,
        sum(case 'available' when credit then amount when debit then -amount end) as available,
        sum(case 'held' when credit then amount when debit then -amount end) as held,
        sum(case 'spent' when credit then amount when debit then -amount end) as spent,
        sum(amount) filter (where credit = 'expired') as expired
      from quota_transfers group by account_id) j on j.account_id = w.account_id
    where (w.granted, w.available, w.held, w.spent, w.expired) is distinct from
      (coalesce(j.granted, 0), coalesce(j.available, 0), coalesce(j.held, 0),
       coalesce(j.spent, 0), coalesce(j.expired, 0))`,
  'open holds add up to what is held': `
    select w.account_id from wallets w left join quota_holds h
      on h.account_id = w.account_id and h.status = 'held'
    group by w.account_id, w.held having w.held <> coalesce(sum(h.amount), 0)`,
  'a hold is settled at most once': `
    select reference from quota_transfers where verb in ('capture', 'release')
    group by reference having count(*) > 1`,
  'a hold is refunded at most once, and after its capture': `
    select reference from quota_transfers where verb in ('capture', 'refund') group by reference
    having count(*) filter (where verb = 'refund') > count(*) filter (where verb = 'capture')`,
  'a hold says what the journal says': `
    select h.reference from quota_holds h left join quota_transfers t
      on t.reference = h.reference and t.verb in ('hold', 'capture', 'release', 'refund')
    group by h.reference, h.status, h.settled_at
    having count(*) filter (where t.verb = 'hold') <> 1
      or (h.settled_at is null) <> (h.status = 'held')
      or h.status <> case when bool_or(t.verb = 'refund') then 'refunded'
        when bool_or(t.verb = 'capture') then 'captured'
        when bool_or(t.verb = 'release') then 'released' else 'held' end`,
  'a settlement moves the amount of its hold, in its wallet': `
    select t.id::text from quota_transfers t left join quota_holds h on h.reference = t.reference
    where t.verb in ('hold', 'capture', 'release', 'refund')
      and (t.amount, t.account_id) is distinct from (h.amount, h.account_id)`,
  'a key moves once': `
    select key from quota_transfers group by key having count(*) > 1`,
  'a verb moves between its own two sides': `
    select id::text from quota_transfers where (verb, debit, credit) not in (
      ('grant', 'source', 'available'), ('hold', 'available', 'held'), ('capture', 'held', 'spent'),
      ('release', 'held', 'available'), ('refund', 'spent', 'available'),
      ('expire', 'available', 'expired'))`,
};

/** The names of the rules that the stored ledger breaks. */
export async function brokenInvariants(sql: postgres.Sql): Promise<string[]> {
  const union = Object.values(invariants)
    .map((statement, index) => `(select ${index} as rule from (${statement}) as breach limit 1)`)
    .join(' union all ');
  const rows = await sql.unsafe<{ rule: number }[]>(union);
  return rows.map(({ rule }) => Object.keys(invariants)[rule] ?? '?');
}

export async function assertSound(sql: postgres.Sql): Promise<void> {
  assert.deepEqual(await brokenInvariants(sql), []);
}

// What callers do: mostly the obvious, sometimes with a key or reference used before, and nonsense.

const account = fc.oneof(
  { weight: 10, arbitrary: fc.constant('ann') },
  { weight: 3, arbitrary: fc.constant('bob') },
  { weight: 1, arbitrary: fc.constant('nobody') },
);
const reference = fc.constantFrom('v1', 'v2', 'v3');
const oddAmount = fc.constantFrom(null, 0, -1, -7, 1, 3);
const callOf = (whose: fc.Arbitrary<string>): fc.Arbitrary<Call> =>
  fc
    .record({
      verb: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom('hold', 'capture') },
        { weight: 4, arbitrary: fc.constantFrom('refund', 'release') },
        { weight: 3, arbitrary: fc.constantFrom('grant', 'expire') },
        { weight: 1, arbitrary: fc.constant('mint') },
      ),
      account: whose,
      usual: fc.integer({ min: 1, max: 5 }),
      odd: fc.option(oddAmount, { freq: 12, nil: undefined }),
      reference,
      key: fc.option(fc.constantFrom('k1', 'k2', 'k3', 'k4'), { freq: 3 }),
      attempt: fc.constantFrom(1, 1, 1, 2),
    })
    .map(({ verb, usual, odd, key, attempt, ...rest }) => {
      const settling = verb === 'capture' || verb === 'release' || verb === 'refund';
      const amount = odd === undefined ? (settling ? null : usual) : odd;
      return { ...rest, verb, amount, key: key ?? `${verb}:${rest.reference}:${attempt}` };
    });

/** One call, or several at once on one wallet. */
type Step = readonly Call[];
const stepOf: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: callOf(account).map((call) => [call]) },
  {
    weight: 2,
    arbitrary: fc.array(callOf(fc.constant('ann')), { minLength: 2, maxLength: 8 }),
  },
);

const inWorld = (world: string, call: Call): Call => ({
  ...call,
  account: `${world}:${call.account}`,
  reference: `${world}:${call.reference}`,
  key: `${world}:${call.key}`,
});

/** Checks what several calls at once were answered: as if they had come one by one, in some order. */
async function checkBurst(sql: postgres.Sql, model: LedgerModel, calls: Step): Promise<Answer[]> {
  const whose = calls[0]?.account ?? '';
  const [last] = await sql<{ id: number }[]>`
    select coalesce(max(id), 0)::int as id from quota_transfers`;
  const answers = await Promise.all(calls.map((call) => post(sql, call)));
  const journal = await sql<{ key: string }[]>`
    select key from quota_transfers where account_id = ${whose} and id > ${last?.id ?? 0} order by id`;
  const made = calls.map((call, index) => ({ call, answer: answers[index] }));
  const applied = made.filter(({ answer }) => answer?.outcome === 'applied');
  assert.equal(journal.length, applied.length, 'as many rows as calls that were told they moved');
  const moments = [model.copy()];
  for (const { key } of journal) {
    const match = applied.find(({ call }) => call.key === key);
    assert(match, `the journal holds ${key}, which nobody was told of`);
    assert.deepEqual(match.answer, model.post(match.call), 'the order of the journal explains it');
    moments.push(model.copy());
  }
  for (const { call, answer } of made) {
    if (answer?.outcome === 'applied') continue;
    const possible = moments.map((moment) => moment.answer(call));
    assert(
      possible.some((one) => JSON.stringify(one) === JSON.stringify(answer)),
      `${JSON.stringify(call)} was answered ${JSON.stringify(answer)}, which fits no moment`,
    );
  }
  return answers;
}

export type PropertyOptions = {
  readonly numRuns: number;
  readonly seed?: number;
  /** Stops at the first counterexample instead of looking for the smallest. */
  readonly endOnFailure?: boolean;
};

/** Luck meets a refund only now and then, so that every run begins with one. */
const refunded: Step[] = [
  { verb: 'hold', amount: 1 },
  { verb: 'capture', amount: null },
  { verb: 'refund', amount: null },
].map((call) => [{ ...call, account: 'ann', reference: 'first', key: `first ${call.verb}` }]);

/** Any history, alone and in bursts, is answered and stored as the model says; returns what occurred. */
export async function checkHistories(
  sql: postgres.Sql,
  options: PropertyOptions,
): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  const history = fc.asyncProperty(fc.array(stepOf, { minLength: 12, maxLength: 24 }), (steps) =>
    checkHistory(sql, steps, seen),
  );
  await fc.assert(history, { ...options, examples: [[refunded]] });
  return seen;
}

async function checkHistory(
  sql: postgres.Sql,
  steps: readonly Step[],
  seen: Map<string, number>,
): Promise<void> {
  const world = newWorld();
  const model = new LedgerModel();
  for (const name of ['ann', 'bob']) {
    await openWallet(sql, `${world}:${name}`, 9);
    model.openWallet(`${world}:${name}`);
    model.post(openingOf(`${world}:${name}`, 9));
  }
  for (const step of steps) {
    const calls = step.map((call) => inWorld(world, call));
    const [only] = calls;
    const answers =
      only && calls.length === 1 ? [await post(sql, only)] : await checkBurst(sql, model, calls);
    if (only && calls.length === 1) assert.deepEqual(answers, [model.post(only)]);
    for (const [index, { outcome }] of answers.entries()) {
      const kind = outcome === 'applied' ? `applied ${calls[index]?.verb}` : outcome;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
  }
  for (const [name, balances] of model.wallets)
    assert.deepEqual(await balancesOf(sql, name), balances, `the wallet of ${name}`);
  await assertSound(sql);
}
