import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type postgres from 'postgres';

import { holdMutants } from './ledger-mutants-hold.ts';

const functions = ['quota_hold', 'quota_post', 'quota_renew', 'quota_give'] as const;
type FunctionName = (typeof functions)[number];

/** A ledger with one thing wrong, and the promise that it must be seen to break. */
export type Mutant = {
  readonly name: string;
  /** The promise that goes red. */
  readonly by: string;
};

export type SqlMutant = Mutant & {
  readonly in?: FunctionName;
  /** Texts of the function and what stands there instead. */
  readonly swaps?: readonly (readonly [from: string, to: string])[];
  /** A protection of the tables that is taken away as well. */
  readonly unprotected?: string;
};

/** The functions of the ledger as the migration makes them. */
const sources = ((): Map<FunctionName, string> => {
  const file = join(import.meta.dirname, '../../drizzle/migrations/0010_ledger_months.sql');
  const statements = readFileSync(file, 'utf8').split('--> statement-breakpoint');
  return new Map(
    functions.map((name) => {
      const found = statements.findLast((text) => text.includes(`create function ${name}(`));
      if (!found) throw new Error(`the migration does not make ${name}`);
      return [name, found.replace('create function', 'create or replace function')];
    }),
  );
})();

/** The function with the one thing wrong. @throws Error when a text does not stand there once. */
export function mutate({ name, swaps = [], in: which = 'quota_post' }: SqlMutant): string {
  return swaps.reduce(
    (text, [from, to]) => {
      const times = text.split(from).length - 1;
      if (times !== 1) throw new Error(`${name}: stands there ${times} times: ${from}`);
      return text.replace(from, () => to);
    },
    sources.get(which) ?? '',
  );
}

/** Installs a mutant in a database of its own. */
export async function installMutant(sql: postgres.Sql, mutant: SqlMutant): Promise<void> {
  await sql.unsafe(mutate(mutant));
  if (mutant.unprotected) await sql.unsafe(mutant.unprotected);
}

const lock = 'w.id = p_wallet for update;';
const peek = 'w.id = p_wallet;';
const late = `${peek}\n perform 1 from wallets w where ${lock}`;
const lookUpKey = 't.key = p_key;';
const tellEarlier = `case when earlier.request_hash = v_hash then 'replay' else 'key_reused' end`;
const expireShort = 'if wallet.available - wallet.lasting < p_amount then';
const positive =
  "p_verb in ('grant', 'expire', 'take_back') and (p_amount is null or p_amount <= 0)";
const writeJournal = `insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
    values (p_at, p_wallet, p_verb, v_debit, v_credit, v_amount, v_lasting, p_reference, p_key, v_hash);`;
const noWallet = `raise exception 'quota_post: there is no wallet %', p_wallet using errcode = 'P0002';`;
const tellApplied = "returning 'applied', w.available, w.held, v_amount";
const tellFromRead = `returning 'applied', wallet.available + (case 'available' when v_credit then v_amount when v_debit then -v_amount else 0 end),
      wallet.held + (case 'held' when v_credit then v_amount when v_debit then -v_amount else 0 end), v_amount`;
const dropBalance = 'alter table wallets drop constraint wallets_balanced';

const keyMutants: readonly SqlMutant[] = [
  {
    name: 'the key is looked up before the lock',
    by: 'K05',
    swaps: [
      ['v_hash text;', 'v_hash text; v_seen boolean;'],
      [
        `'UTF8')), 'hex');`,
        `'UTF8')), 'hex'); v_seen := exists (select 1 from quota_transfers t where t.key = p_key);`,
      ],
      [`where ${lookUpKey}\n  if found`, `where t.key = p_key and v_seen;\n  if found`],
    ],
  },
  {
    name: 'the key is not looked up',
    by: 'K04',
    swaps: [[lookUpKey, 't.key = p_key and false;']],
  },
  {
    name: 'a replay is told as applied',
    by: 'K04',
    swaps: [["then 'replay' else", "then 'applied' else"]],
  },
  { name: 'a reused key is told as a replay', by: 'J01', swaps: [[tellEarlier, `'replay'`]] },
  {
    name: 'a reused key does not tell what it has moved',
    by: 'H01',
    swaps: [
      [
        'wallet.available, wallet.held, earlier.amount',
        `wallet.available, wallet.held, case when earlier.request_hash = v_hash then earlier.amount else 0 end`,
      ],
    ],
  },
  {
    name: 'the request leaves the amount out',
    by: 'J01',
    swaps: [["coalesce(p_amount::text, '-'), ", '']],
  },
  {
    name: 'the request leaves the reference out',
    by: 'J01',
    swaps: [["'-'), p_reference, p_lasting)", "'-'), p_lasting)"]],
  },
  { name: 'the request leaves the verb out', by: 'J01', swaps: [["E'\\n', p_verb, ", "E'\\n', "]] },
  {
    name: 'the request leaves the wallet out',
    by: 'J01',
    swaps: [['p_verb, p_wallet,\n', 'p_verb,\n']],
  },
  {
    name: 'the request leaves the kind out',
    by: 'J01',
    swaps: [["'-'), p_reference, p_lasting)", "'-'), p_reference)"]],
  },
  {
    name: 'the request leaves the month out',
    by: 'J01',
    in: 'quota_renew',
    swaps: [
      ['p_reference,\n    extract(epoch from p_start), extract(epoch from p_end)', 'p_reference'],
    ],
  },
  {
    name: 'the request leaves the receiver out',
    by: 'J01',
    in: 'quota_give',
    swaps: [["'give', p_from, p_to,", "'give', p_from,"]],
  },
  {
    name: 'a key is not unique',
    by: 'J02',
    unprotected: 'alter table quota_transfers drop constraint quota_transfers_key',
  },
];

const balanceMutants: readonly SqlMutant[] = [
  { name: 'the wallet is not locked', by: 'K05', swaps: [[lock, peek]] },
  { name: 'the balance is read before the lock', by: 'J18', swaps: [[lock, late]] },
  {
    name: 'the balance that was read before the lock is told',
    by: 'K14',
    swaps: [
      [lock, late],
      [tellApplied, tellFromRead],
    ],
  },
  {
    name: 'what was read is written back',
    by: 'K06',
    unprotected: dropBalance,
    swaps: [
      [lock, peek],
      ['available = w.available + case', 'available = wallet.available + case'],
    ],
  },
  {
    name: 'more can expire than the month has',
    by: 'J17',
    swaps: [[expireShort, 'if wallet.available < p_amount then']],
  },
  {
    name: 'zero and negative amounts are let in',
    by: 'J03',
    swaps: [[positive, positive.replace(' or p_amount <= 0', '')]],
  },
  {
    name: 'a missing amount is let in',
    by: 'J03',
    swaps: [[positive, positive.replace('p_amount is null or ', '')]],
  },
  {
    name: 'nothing is a gift',
    by: 'J03',
    in: 'quota_give',
    swaps: [['p_amount is null or p_amount <= 0', 'p_amount is null']],
  },
  {
    name: 'a grant is not counted',
    by: 'K01',
    swaps: [[`case when v_debit = 'source' then v_amount else 0 end`, '0']],
    unprotected: dropBalance,
  },
  {
    name: 'the wallet is not updated',
    by: 'K08',
    swaps: [
      ['return query update wallets w set', 'perform 1; update wallets w set'],
      [
        `where w.id = p_wallet\n    returning 'applied', w.available, w.held, v_amount;`,
        `where false;\n  return query select 'applied', wallet.available, wallet.held, v_amount;`,
      ],
    ],
  },
  { name: 'the journal is not written', by: 'K13', swaps: [[writeJournal, '']] },
  {
    name: 'a stranger is told that it worked',
    by: 'J04',
    swaps: [[noWallet, `return query select 'applied', 0, 0, p_amount; return;`]],
  },
  {
    name: 'the journal can be rewritten',
    by: 'K02',
    unprotected: `create or replace trigger quota_transfers_append_only before delete on quota_transfers
      for each row execute function refuse_change()`,
  },
  {
    name: 'the journal can be emptied',
    by: 'K02',
    unprotected: 'drop trigger quota_transfers_no_truncate on quota_transfers',
  },
  {
    name: 'a refund deletes what it makes good',
    by: 'K12',
    unprotected: 'drop trigger quota_transfers_append_only on quota_transfers',
    swaps: [
      [
        writeJournal,
        `if p_verb = 'refund' then
      delete from quota_transfers t where t.reference = p_reference and t.verb = 'capture';
      end if;\n ${writeJournal}`,
      ],
    ],
  },
  { name: 'a wallet need not balance', by: 'J21', unprotected: dropBalance },
  {
    name: 'a balance may be below zero',
    by: 'J21',
    unprotected: 'alter table wallets drop constraint wallets_not_negative',
  },
  {
    name: 'a wallet may be of two',
    by: 'J21',
    unprotected: 'alter table wallets drop constraint wallets_one_owner',
  },
];

const settlementMutants: readonly SqlMutant[] = [
  {
    name: 'a settlement may bring its own amount',
    by: 'J03',
    swaps: [
      ["p_verb in ('capture', 'release', 'refund') and p_amount is not null", 'false'],
      ['v_amount := hold.amount', 'v_amount := coalesce(p_amount, hold.amount)'],
    ],
  },
  {
    name: 'a settlement moves one unit',
    by: 'J07',
    swaps: [['v_amount := hold.amount', 'v_amount := 1; hold.lasting := least(1, hold.lasting)']],
  },
  {
    name: 'a settled hold is settled again',
    by: 'J05',
    swaps: [['if hold.status <> (', 'if false and hold.status <> (']],
  },
  {
    name: 'a release is noted as a refund',
    by: 'K13',
    swaps: [["when 'release' then 'released'", "when 'release' then 'refunded'"]],
  },
  {
    name: 'a refund needs no capture',
    by: 'J07',
    swaps: [[`when p_verb = 'refund' then 'captured'`, `when p_verb = 'refund' then hold.status`]],
  },
  {
    name: 'the hold is not marked as settled',
    by: 'J05',
    swaps: [['where reference = p_reference;', 'where false;']],
  },
  {
    name: 'somebody else can settle a hold',
    by: 'J06',
    swaps: [[' and h.wallet_id = p_wallet', '']],
  },
  {
    name: 'a release is spent',
    by: 'J08',
    swaps: [
      ["when 'capture' then 'spent'", "when 'capture' then 'spent' when 'release' then 'spent'"],
    ],
  },
  {
    name: 'an expiry is spent',
    by: 'J08',
    swaps: [["when 'expire' then 'expired'", "when 'expire' then 'spent'"]],
  },
  {
    name: 'what is released has ended with the month',
    by: 'J15',
    swaps: [['v_lasting := hold.lasting;', 'v_lasting := 0;']],
  },
  {
    name: 'what is released lasts',
    by: 'J15',
    swaps: [['v_lasting := hold.lasting;', 'v_lasting := hold.amount;']],
  },
  {
    name: 'what is refunded has ended with the month',
    by: 'J16',
    swaps: [
      [
        'v_lasting := hold.lasting;',
        `v_lasting := case p_verb when 'refund' then 0 else hold.lasting end;`,
      ],
    ],
  },
];

const kindMutants: readonly SqlMutant[] = [
  {
    name: 'what is refunded lasts',
    by: 'K11',
    swaps: [
      [
        'v_lasting := hold.lasting;',
        `v_lasting := case p_verb when 'refund' then hold.amount else hold.lasting end;`,
      ],
    ],
  },
  {
    name: 'a pack ends with the month',
    by: 'K11',
    swaps: [['v_lasting := case when p_lasting then p_amount else 0 end', 'v_lasting := 0']],
  },
  {
    name: 'the amount taken back has no limit',
    by: 'J18',
    swaps: [['v_amount := least(p_amount,', 'v_amount := greatest(p_amount,']],
  },
  {
    name: 'units of the month are taken back for packs',
    by: 'J18',
    swaps: [
      [
        'case when p_lasting then wallet.lasting else wallet.available - wallet.lasting end',
        'wallet.available',
      ],
      [
        'v_lasting := case when p_lasting then v_amount else 0 end;',
        'v_lasting := case when p_lasting then least(v_amount, wallet.lasting) else greatest(0, v_amount - (wallet.available - wallet.lasting)) end;',
      ],
    ],
  },
  {
    name: 'what could not be taken back is told as taken',
    by: 'J18',
    swaps: [
      [
        "returning 'applied', w.available, w.held, v_amount",
        "returning 'applied', w.available, w.held, coalesce(p_amount, v_amount)",
      ],
    ],
  },
  {
    name: 'a month begins again',
    by: 'J13',
    in: 'quota_renew',
    swaps: [['p_start <= wallet.period_start', 'p_start < wallet.period_start']],
  },
  {
    name: 'an older month begins',
    by: 'J13',
    in: 'quota_renew',
    swaps: [['p_start <= wallet.period_start', 'p_start = wallet.period_start']],
  },
  {
    name: 'which month runs is read before the lock',
    by: 'J12',
    in: 'quota_renew',
    swaps: [[lock, late]],
  },
  {
    name: 'the month is not remembered',
    by: 'J12',
    in: 'quota_renew',
    swaps: [['period_start = p_start,', '']],
  },
  {
    name: 'a new month ends packs',
    by: 'J11',
    in: 'quota_renew',
    swaps: [
      ['v_rest := wallet.available - wallet.lasting', 'v_rest := wallet.available'],
      ['available = w.lasting + p_amount', 'lasting = 0, available = p_amount'],
    ],
  },
  {
    name: 'the rest of the month stays',
    by: 'J11',
    in: 'quota_renew',
    swaps: [
      ['v_rest := wallet.available - wallet.lasting', 'v_rest := 0'],
      ['available = w.lasting + p_amount', 'available = w.available + p_amount'],
    ],
  },
  {
    name: 'a new month lets holds go',
    by: 'J14',
    in: 'quota_renew',
    swaps: [
      ['available = w.lasting + p_amount', 'held = 0, available = w.lasting + w.held + p_amount'],
    ],
  },
  {
    name: 'the end of a month is not written down',
    by: 'K08',
    in: 'quota_renew',
    swaps: [['if v_rest > 0 then', 'if false then']],
  },
  {
    name: 'half of a gift is written down',
    by: 'K01',
    in: 'quota_give',
    swaps: [
      [
        `p_reference, p_key, v_hash),\n           (p_at, p_to, 'receive', 'transit', 'available', p_amount, p_amount, p_reference, p_key || ':in', v_hash);`,
        'p_reference, p_key, v_hash);',
      ],
    ],
  },
  {
    name: 'the giver keeps the gift',
    by: 'K07',
    in: 'quota_give',
    swaps: [
      [
        'given = w.given + p_amount, available = w.available - p_amount,\n    lasting = w.lasting - p_amount',
        'given = w.given',
      ],
    ],
  },
  {
    name: 'the wallets of a gift are not locked',
    by: 'K07',
    in: 'quota_give',
    swaps: [[' order by w.id for update', '']],
  },
  {
    name: 'the giver is locked first',
    by: 'J20',
    in: 'quota_give',
    swaps: [['order by w.id for update', 'order by w.id = p_to for update']],
  },
  {
    name: 'units of the month are given',
    by: 'J19',
    in: 'quota_give',
    swaps: [['if giver.lasting < p_amount', 'if giver.available < p_amount']],
  },
  {
    name: 'a gift ends with the month',
    by: 'J19',
    in: 'quota_give',
    swaps: [
      [
        'available = w.available + p_amount,\n    lasting = w.lasting + p_amount',
        'available = w.available + p_amount',
      ],
    ],
  },
];

/** Each with one thing wrong in the functions or the tables of the database. */
export const sqlMutants: readonly SqlMutant[] = [
  ...keyMutants,
  ...balanceMutants,
  ...holdMutants,
  ...settlementMutants,
  ...kindMutants,
];
