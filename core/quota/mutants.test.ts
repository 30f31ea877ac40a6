import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type postgres from 'postgres';
import { afterAll, describe, expect, it } from 'vitest';

import { copyDatabase } from '../../test/kit/database.ts';
import { checkHistories, openLedger } from '../../test/kit/ledger-checks.ts';
import { ledgerChecks, type LedgerCheck } from '../../test/kit/ledger-promises.ts';

/** The migration that makes the ledger, so written that it can be run once more. */
const migration = readFileSync(
  join(import.meta.dirname, '../../drizzle/migrations/0001_ledger.sql'),
  'utf8',
)
  .replaceAll('create function', 'create or replace function')
  .replaceAll('create trigger', 'create or replace trigger');

type Mutant = {
  readonly name: string;
  /** Texts of the migration and what stands there instead. */
  readonly swaps: readonly (readonly [from: string, to: string])[];
  /** A protection of the tables that is taken away as well. */
  readonly also?: string;
};

const lock = 'select * into wallet from wallets w where w.account_id = p_account for update;';
const peek = 'select * into wallet from wallets w where w.account_id = p_account;';
const lookUpKey = 'select * into earlier from quota_transfers t where t.key = p_key;';
const noWallet = `raise exception 'quota_post: account % has no wallet', p_account using errcode = 'P0002';`;
const tellShort = `return query select 'short', wallet.available, wallet.held, p_amount;`;
const checkShort = `elsif p_verb in ('hold', 'expire') and wallet.available < p_amount then`;
const writeJournal = `insert into quota_transfers (at, account_id, verb, debit, credit, amount, reference, key, request_hash)
    values (p_at, p_account, p_verb, v_debit, v_credit, v_amount, p_reference, p_key, v_hash);`;
const tellEarlier = `case when earlier.request_hash = v_hash then 'replay' else 'key_reused' end`;

const mutants: readonly Mutant[] = [
  { name: 'the wallet is not locked', swaps: [[lock, peek]] },
  {
    name: 'the balance is read before the lock',
    swaps: [
      [lock, `${peek}\n perform 1 from wallets w where w.account_id = p_account for update;`],
    ],
  },
  {
    name: 'the key is looked up before the lock',
    swaps: [
      [`${lookUpKey}\n  if found then`, 'if earlier.id is not null then'],
      [lock, `${lookUpKey}\n  ${lock}`],
    ],
  },
  {
    name: 'the key is not looked up',
    swaps: [[`${lookUpKey}\n  if found then`, 'if false then']],
  },
  { name: 'a replay is told as applied', swaps: [["then 'replay' else", "then 'applied' else"]] },
  { name: 'a reused key is told as a replay', swaps: [[tellEarlier, `'replay'`]] },
  {
    name: 'the request hash leaves the amount out',
    swaps: [["coalesce(p_amount::text, '-'), ", '']],
  },
  {
    name: 'the request hash leaves the reference out',
    swaps: [["'-'), p_reference)", "'-'))"]],
  },
  { name: 'the request hash leaves the verb out', swaps: [["E'\\n', p_verb, ", "E'\\n', "]] },
  {
    name: 'the last unit cannot be held',
    swaps: [['wallet.available < p_amount', 'wallet.available <= p_amount']],
  },
  {
    name: 'a shortage is not looked for, and the tables allow debts',
    swaps: [[checkShort, 'elsif false then']],
    also: `alter table wallets drop constraint wallets_available_not_negative`,
  },
  {
    name: 'a shortage is left to the tables',
    swaps: [[checkShort, 'elsif false then']],
  },
  {
    name: 'more can expire than there is',
    swaps: [[checkShort, checkShort.replace(", 'expire'", '')]],
  },
  {
    name: 'a refused movement is written down',
    swaps: [
      [
        tellShort,
        `insert into quota_transfers (at, account_id, verb, debit, credit, amount, reference, key, request_hash)
          values (p_at, p_account, p_verb, 'available', 'held', p_amount, p_reference, p_key, v_hash);
        ${tellShort}`,
      ],
    ],
  },
  {
    name: 'zero and negative amounts are let in',
    swaps: [['p_amount is null or p_amount <= 0', 'p_amount is null']],
  },
  {
    name: 'zero and negative amounts are let in, and the tables allow them',
    swaps: [['p_amount is null or p_amount <= 0', 'p_amount is null']],
    also: `alter table quota_transfers drop constraint quota_transfers_amount_positive;
      alter table quota_holds drop constraint quota_holds_amount_positive`,
  },
  {
    name: 'a missing amount is let in',
    swaps: [['p_amount is null or p_amount <= 0', 'p_amount <= 0']],
  },
  {
    name: 'a settlement may bring its own amount',
    swaps: [
      ["p_verb in ('capture', 'release', 'refund') and p_amount is not null", 'false'],
      ['v_amount := hold.amount', 'v_amount := coalesce(p_amount, hold.amount)'],
    ],
  },
  { name: 'a settlement moves one unit', swaps: [['v_amount := hold.amount', 'v_amount := 1']] },
  {
    name: 'a settled hold is settled again',
    swaps: [['if hold.status <> (', 'if false and hold.status <> (']],
  },
  {
    name: 'a refund needs no capture',
    swaps: [[`when p_verb = 'refund' then 'captured'`, `when p_verb = 'refund' then hold.status`]],
  },
  {
    name: 'the hold is not marked as settled',
    swaps: [['where reference = p_reference;', 'where false;']],
  },
  {
    name: 'somebody else can settle a hold',
    swaps: [[' and h.account_id = p_account', '']],
  },
  {
    name: 'a release is spent',
    swaps: [[`('release', 'held', 'available')`, `('release', 'held', 'spent')`]],
  },
  {
    name: 'an expiry is spent',
    swaps: [[`('expire', 'available', 'expired')`, `('expire', 'available', 'spent')`]],
  },
  {
    name: 'a grant is not counted',
    swaps: [[`case when v_debit = 'source' then v_amount else 0 end`, '0']],
  },
  {
    name: 'the wallet is not updated',
    swaps: [
      ['return query update wallets w set', 'perform 1; update wallets w set'],
      [
        `where w.account_id = p_account\n    returning 'applied', w.available, w.held, v_amount;`,
        `where false;\n  return query select 'applied', wallet.available, wallet.held, v_amount;`,
      ],
    ],
  },
  { name: 'the journal is not written', swaps: [[writeJournal, '']] },
  { name: 'a stranger is told that it worked', swaps: [[noWallet, tellStranger()]] },
  {
    name: 'a key is not unique',
    swaps: [],
    also: 'alter table quota_transfers drop constraint quota_transfers_key',
  },
  {
    name: 'the journal can be rewritten',
    swaps: [['before update or delete on quota_transfers', 'before delete on quota_transfers']],
  },
  {
    name: 'the journal can be emptied',
    swaps: [],
    also: 'drop trigger quota_transfers_no_truncate on quota_transfers',
  },
  {
    name: 'a wallet need not balance',
    swaps: [],
    also: 'alter table wallets drop constraint wallets_balanced',
  },
];

function tellStranger(): string {
  return `return query select 'applied', 0, 0, p_amount; return;`;
}

type Suite = { readonly stopAtFirst: boolean };

/** The names of the promises that do not hold where `mutant` is installed. */
async function brokenPromises(
  mutant: Pick<Mutant, 'swaps' | 'also'>,
  { stopAtFirst }: Suite,
): Promise<string[]> {
  let text = migration;
  for (const [from, to] of mutant.swaps) {
    expect(text.split(from), `a text that stands there once: ${from}`).toHaveLength(2);
    text = text.split(from).join(to);
  }
  expect(mutant.also !== undefined || text !== migration || !stopAtFirst).toBe(true);
  const { url, drop } = await copyDatabase();
  const sql = openLedger(url);
  try {
    await sql.unsafe(text);
    if (mutant.also) await sql.unsafe(mutant.also);
    return await runChecks(sql, stopAtFirst);
  } finally {
    await sql.end({ timeout: 1 });
    await drop();
  }
}

const everyHistory: LedgerCheck = {
  name: 'every history is answered and stored as the model says',
  run: async (sql) => {
    await checkHistories(sql, { numRuns: 25, seed: 20_261_122, endOnFailure: true });
  },
};

async function runChecks(sql: postgres.Sql, stopAtFirst: boolean): Promise<string[]> {
  const broken: string[] = [];
  for (const { name, run } of [...ledgerChecks, everyHistory]) {
    try {
      await run(sql);
    } catch (error) {
      // A database that is gone breaks every promise and proves nothing.
      expect(await sql`select 1 as here`).toHaveLength(1);
      if (!(error instanceof Error)) throw error;
      broken.push(name);
      if (stopAtFirst) break;
    }
  }
  return broken;
}

const caught: { readonly mutant: string; readonly by: string }[] = [];

describe('a ledger with one thing wrong', () => {
  it('is not the real one, which breaks no promise', async () => {
    expect(await brokenPromises({ swaps: [] }, { stopAtFirst: false })).toEqual([]);
  });

  it.each(mutants)('is found out: $name', async (mutant) => {
    const [by = 'nothing'] = await brokenPromises(mutant, { stopAtFirst: true });
    caught.push({ mutant: mutant.name, by });
    expect(by).not.toBe('nothing');
  });

  afterAll(() => {
    const width = Math.max(...caught.map(({ mutant }) => mutant.length));
    const lines = caught.map(({ mutant, by }) => `  ${mutant.padEnd(width)}  ${by}`);
    process.stdout.write(`Planted mutants and what caught them\n${lines.join('\n')}\n`);
  });
});
