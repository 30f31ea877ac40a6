import assert from 'node:assert/strict';

import postgres from 'postgres';

import {
  at,
  assertSound,
  balancesOf,
  countTransfers,
  newWorld,
  openingOf,
  openWallet,
  post,
  race,
  runners,
  tally,
  untilWaiting,
} from './ledger-checks.ts';
import { type Balances, type Call, raised } from './ledger-model.ts';

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
