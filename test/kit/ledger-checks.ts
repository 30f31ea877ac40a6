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
const runners = 8;

export const openLedger = (url: string): postgres.Sql =>
  postgres(url, { max: ledgerConnections, onnotice: () => undefined });

const at = '2026-11-22T08:00:00.000Z';
let worlds = 0;
/** A prefix of its own for each check, so that all of them share one database. */
const newWorld = (): string => `w${(worlds += 1)}`;

async function post(sql: postgres.Sql, call: Call): Promise<Answer> {
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

const openingOf = (account: string, amount: number): Call => ({
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

const countTransfers = async (sql: postgres.Sql): Promise<number> => {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from quota_transfers`;
  return row?.count ?? 0;
};

/**
 * Makes all calls while another transaction has the wallet locked, and lets go when every one of
 * them waits or is answered: whatever is read before the lock is read by all of them.
 */
async function race(sql: postgres.Sql, calls: readonly Call[]): Promise<Answer[]> {
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

const tally = (answers: readonly Answer[]): Record<string, number> => {
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

async function assertSound(sql: postgres.Sql): Promise<void> {
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

/** One promise of the ledger and the experiment that breaks when the promise does. */
export type LedgerCheck = {
  readonly name: string;
  readonly run: (sql: postgres.Sql) => Promise<void>;
};

const repeat = (count: number, callAt: (index: number) => Call): Call[] =>
  Array.from({ length: count }, (_, index) => callAt(index));

/** `count` holds of 1 at once where `available` units are left. */
export async function raceHolds(
  sql: postgres.Sql,
  available: number,
  count: number,
): Promise<{ tally: Record<string, number>; balances: Balances }> {
  const name = newWorld();
  await openWallet(sql, name, available);
  const holds = repeat(count, (index) => ({
    verb: 'hold',
    account: name,
    amount: 1,
    reference: `${name}:${index}`,
    key: `hold:${name}:${index}`,
  }));
  const answers = await race(sql, holds);
  return { tally: tally(answers), balances: await balancesOf(sql, name) };
}

/** The same grant `count` times at once. */
export async function raceDuplicates(
  sql: postgres.Sql,
  count: number,
): Promise<{ tally: Record<string, number>; balances: Balances }> {
  const name = newWorld();
  await openWallet(sql, name, 0);
  const answers = await race(
    sql,
    repeat(count, () => openingOf(name, 7)),
  );
  return { tally: tally(answers), balances: await balancesOf(sql, name) };
}

/** A wallet with 9 units of which 4 are held for `<name>:video`. */
async function openHeld(sql: postgres.Sql): Promise<{ name: string; call: CallMaker }> {
  const name = newWorld();
  await openWallet(sql, name, 9);
  const call: CallMaker = (verb, over = {}) => ({
    verb,
    account: name,
    amount: null,
    reference: `${name}:video`,
    key: `${verb}:${name}`,
    ...over,
  });
  assert.equal((await post(sql, call('hold', { amount: 4 }))).outcome, 'applied');
  return { name, call };
}

type CallMaker = (verb: string, over?: Partial<Call>) => Call;

/** Refused by the database with exactly this code, or let through. */
async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'let through';
  } catch (error) {
    if (error instanceof postgres.PostgresError) return error.code;
    throw error;
  }
}

export const ledgerChecks: readonly LedgerCheck[] = [
  {
    name: 'racing holds never overdraw, and the others are told it is short',
    async run(sql) {
      const { tally: counts, balances } = await raceHolds(sql, 5, runners);
      assert.deepEqual(counts, { applied: 5, short: runners - 5 });
      assert.deepEqual(balances, { granted: 5, available: 0, held: 5, spent: 0, expired: 0 });
      await assertSound(sql);
    },
  },
  {
    name: 'racing duplicates move once, and the others are told it is a replay',
    async run(sql) {
      const { tally: counts, balances } = await raceDuplicates(sql, runners);
      assert.deepEqual(counts, { applied: 1, replay: runners - 1 });
      assert.equal(balances.available, 7);
    },
  },
  {
    name: 'racing captures and releases settle a hold once',
    async run(sql) {
      const { name, call } = await openHeld(sql);
      const answers = await race(
        sql,
        repeat(runners, (index) =>
          call(index % 2 ? 'capture' : 'release', { key: `${name}:${index}` }),
        ),
      );
      assert.deepEqual(tally(answers), { applied: 1, settled: runners - 1 });
      assert.equal((await balancesOf(sql, name)).held, 0);
      await assertSound(sql);
    },
  },
  {
    name: 'one key used on two wallets at once moves in one of them',
    async run(sql) {
      const [mine, other] = [newWorld(), newWorld()];
      for (const name of [mine, other]) await openWallet(sql, name, 0);
      const key = `shared:${mine}`;
      const first = await sql.reserve();
      try {
        await first`begin`;
        await first`select * from quota_post('grant', ${mine}, 3, 'x', ${key}, ${at})`;
        let done = false;
        const second = post(sql, { ...openingOf(other, 3), key }).finally(() => {
          done = true;
        });
        await untilWaiting(first, () => (done ? 0 : 1));
        await first`commit`;
        assert.notEqual((await second).outcome, 'applied');
      } finally {
        first.release();
      }
      assert.equal((await balancesOf(sql, mine)).available, 3);
      assert.equal((await balancesOf(sql, other)).available, 0);
    },
  },
  {
    name: 'a repeated key moves nothing and says so',
    async run(sql) {
      const { name, call } = await openHeld(sql);
      const moved = await countTransfers(sql);
      const again = await post(sql, call('hold', { amount: 4 }));
      assert.deepEqual(again, { outcome: 'replay', available: 5, held: 4, amount: 4 });
      const others = [
        call('hold', { amount: 5 }),
        call('hold', { amount: 4, reference: 'elsewhere' }),
        call('expire', { amount: 4, key: `hold:${name}` }),
        call('capture', { key: `hold:${name}` }),
      ];
      for (const other of others)
        assert.equal((await post(sql, other)).outcome, 'key_reused', JSON.stringify(other));
      assert.equal(await countTransfers(sql), moved);
      assert.equal((await balancesOf(sql, name)).held, 4);
    },
  },
  {
    name: 'a refused movement is not recorded, and its duplicate is judged anew',
    async run(sql) {
      const { name, call } = await openHeld(sql);
      const moved = await countTransfers(sql);
      const dear = call('hold', { amount: 6, reference: `${name}:dear`, key: `dear:${name}` });
      const expire = call('expire', { amount: 6, key: `expire:${name}` });
      for (const refused of [dear, expire, dear, expire]) {
        const answer = await post(sql, refused);
        assert.deepEqual(answer, { outcome: 'short', available: 5, held: 4, amount: 6 });
      }
      assert.equal(await countTransfers(sql), moved);
      await post(sql, call('grant', { amount: 1, key: `more:${name}` }));
      assert.equal((await post(sql, dear)).outcome, 'applied');
      assert.equal((await post(sql, dear)).outcome, 'replay');
      await assertSound(sql);
    },
  },
  {
    name: 'a hold is settled for its own amount, in its own wallet, from its own state',
    async run(sql) {
      const { name, call } = await openHeld(sql);
      const stranger = newWorld();
      await openWallet(sql, stranger, 9);
      const outcome = async (verb: string, over?: Partial<Call>) =>
        (await post(sql, call(verb, over))).outcome;
      const foreign = { account: stranger, key: `foreign:${name}` };
      assert.equal(await outcome('capture', foreign), 'hold_missing');
      assert.equal(await outcome('release', { reference: 'no such video' }), 'hold_missing');
      assert.equal(await outcome('refund'), 'settled');
      assert.equal((await post(sql, call('capture'))).amount, 4);
      assert.equal(await outcome('release'), 'settled');
      assert.equal(await outcome('capture', { key: `again:${name}` }), 'settled');
      assert.equal(await outcome('refund'), 'applied');
      assert.equal(await outcome('refund', { key: `twice:${name}` }), 'settled');
      const expected = { granted: 9, available: 9, held: 0, spent: 0, expired: 0 };
      assert.deepEqual(await balancesOf(sql, name), expected);
      await assertSound(sql);
    },
  },
  {
    name: 'each verb moves between its own two balances',
    async run(sql) {
      const { name, call } = await openHeld(sql);
      const moves = [
        [call('release'), { granted: 9, available: 9, held: 0, spent: 0, expired: 0 }],
        [
          call('hold', { amount: 2, reference: `${name}:2`, key: `${name}:2` }),
          { granted: 9, available: 7, held: 2, spent: 0, expired: 0 },
        ],
        [
          call('capture', { reference: `${name}:2` }),
          { granted: 9, available: 7, held: 0, spent: 2, expired: 0 },
        ],
        [
          call('expire', { amount: 7 }),
          { granted: 9, available: 0, held: 0, spent: 2, expired: 7 },
        ],
        [
          call('grant', { amount: 3 }),
          { granted: 12, available: 3, held: 0, spent: 2, expired: 7 },
        ],
      ] as const;
      for (const [move, expected] of moves) {
        const answer = await post(sql, move);
        assert.equal(answer.outcome, 'applied');
        assert.deepEqual(await balancesOf(sql, name), expected);
        assert.deepEqual([answer.available, answer.held], [expected.available, expected.held]);
      }
      await assertSound(sql);
    },
  },
  {
    name: 'nonsense is refused by name and writes nothing',
    async run(sql) {
      const { name, call } = await openHeld(sql);
      const moved = await countTransfers(sql);
      const nonsense: readonly (readonly [string, Call])[] = [
        ['P0002', call('grant', { account: 'nobody', amount: 1, key: 'x' })],
        ['P0002', call('hold', { account: 'nobody', amount: 1, key: 'x' })],
        ...['grant', 'hold', 'expire'].flatMap((verb) =>
          [null, 0, -1, -100].map(
            (amount) => ['22023', call(verb, { amount, reference: 'x', key: 'x' })] as const,
          ),
        ),
        ...['capture', 'release', 'refund'].flatMap((verb) =>
          [4, 0, -4].map((amount) => ['22023', call(verb, { amount, key: 'x' })] as const),
        ),
        ['22023', call('mint', { amount: 1, key: 'x' })],
        ['23505', call('hold', { amount: 1, key: 'x' })],
      ];
      for (const [code, one] of nonsense)
        assert.deepEqual(await post(sql, one), raised(code), JSON.stringify(one));
      const nulls = ['null, 1, $1, $1', '$1, 1, null, $1', '$1, 1, $1, null'];
      for (const given of nulls) {
        const statement = `select quota_post('grant', ${given}, now()) where $1::text is not null`;
        assert.equal(await refusal(sql.unsafe(statement, [name])), '22004', given);
      }
      assert.equal(await countTransfers(sql), moved);
      assert.equal((await balancesOf(sql, name)).available, 5);
    },
  },
  {
    name: 'the journal cannot be changed',
    async run(sql) {
      const { name } = await openHeld(sql);
      const before = await countTransfers(sql);
      const attempts = [
        `update quota_transfers set amount = 1 where account_id = '${name}'`,
        `delete from quota_transfers where account_id = '${name}'`,
        'truncate quota_transfers',
      ];
      for (const attempt of attempts)
        assert.equal(await refusal(sql.unsafe(attempt)), '42501', attempt);
      assert.equal(await countTransfers(sql), before);
    },
  },
  {
    name: 'the tables refuse what the function would never write',
    async run(sql) {
      const { name } = await openHeld(sql);
      const journal = (amount: number, key: string, credit = 'available') =>
        `insert into quota_transfers
          (at, account_id, verb, debit, credit, amount, reference, key, request_hash)
          values (now(), '${name}', 'grant', 'source', '${credit}', ${amount}, 'x', '${key}', 'x')`;
      const wallet = (change: string) =>
        `update wallets set ${change} where account_id = '${name}'`;
      const attempts = [
        ['23514', journal(0, `zero:${name}`)],
        ['23514', journal(-1, `less:${name}`)],
        ['23514', journal(1, `side:${name}`, 'source')],
        ['23505', journal(1, `open:${name}`)],
        ['23514', wallet('available = available + 1')],
        ...['available', 'held', 'spent', 'expired'].map(
          (side) => ['23514', wallet(`granted = granted - ${side} - 1, ${side} = -1`)] as const,
        ),
        ['23514', `insert into quota_holds values ('x:${name}', '${name}', 0, 'held', now())`],
      ] as const;
      for (const [code, attempt] of attempts)
        assert.equal(await refusal(sql.unsafe(attempt)), code, attempt);
      await assertSound(sql);
    },
  },
];
