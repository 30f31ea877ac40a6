import type { SqlMutant } from './ledger-mutants.ts';

const enough = 'w.id = p_wallet and w.available >= p_amount';
const atFirst = `${enough}\n        and not exists`;
const underLock = `${enough}\n          and greatest`;
const isShort = 'if available < p_amount then';
const ofPacks = 'greatest(0, p_amount - (w.available - w.lasting))';
const guess = `${ofPacks}, 'held'`;
const guessHolds = `\n          and ${ofPacks} = v_lasting`;
const writeHold = `insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
          values (p_at, p_wallet, 'hold', 'available', 'held', p_amount, v_lasting, p_reference, p_key, v_hash);`;
const lookUpHoldKey = 'from quota_transfers t where t.key = p_key;';
const heldEarlier = `case when earlier.request_hash = v_hash then 'replay' else 'key_reused' end`;
const refuseNegative = 'p_amount is null or p_amount <= 0';
const noChecks = 'alter table wallets drop constraint wallets_not_negative';

const holdMutant = (
  name: string,
  by: string,
  swaps: NonNullable<SqlMutant['swaps']>,
  unprotected?: string,
): SqlMutant => ({
  name,
  by,
  in: 'quota_hold',
  swaps,
  ...(unprotected === undefined ? {} : { unprotected }),
});

/** Holds with one thing wrong. */
export const holdMutants: readonly SqlMutant[] = [
  holdMutant('a hold does not look for its key', 'J01', [
    ['where t.key = p_key)\n', 'where t.key = p_key and false)\n'],
  ]),
  holdMutant('a hold does not find what has been', 'K04', [
    [lookUpHoldKey, lookUpHoldKey.replace(';', ' and false;')],
  ]),
  holdMutant('a hold at once with its duplicate fails', 'K05', [
    ['\n      on conflict (reference) do nothing', ''],
  ]),
  holdMutant('a replay of a hold is told as applied', 'K04', [
    ["then 'replay' else", "then 'applied' else"],
  ]),
  holdMutant('a reused key of a hold is told as a replay', 'J01', [[heldEarlier, `'replay'`]]),
  holdMutant('the request of a hold leaves the amount out', 'J01', [
    ['\n    p_amount, p_reference, coalesce', '\n    p_reference, coalesce'],
  ]),
  holdMutant('the request of a hold leaves the reference out', 'J01', [
    ['p_amount, p_reference, coalesce', 'p_amount, coalesce'],
  ]),
  holdMutant('the request of a hold leaves the wallet out', 'J01', [
    ["'hold', p_wallet,\n", "'hold',\n"],
  ]),
  holdMutant('the request of a hold leaves the asker out', 'J01', [
    [", coalesce(p_account, '-'))", ')'],
  ]),
  holdMutant('the last unit cannot be held', 'V07', [
    [atFirst, atFirst.replace('>=', '>')],
    [isShort, isShort.replace('<', '<=')],
  ]),
  holdMutant('a hold looks at the balance before the lock alone', 'K09', [
    [underLock, underLock.replace(' and w.available >= p_amount', '')],
    [guessHolds, ''],
  ]),
  holdMutant(
    'a hold looks at the balance before the lock alone, and the tables allow debts',
    'K09',
    [
      [underLock, underLock.replace(' and w.available >= p_amount', '')],
      [guessHolds, ''],
    ],
    noChecks,
  ),
  holdMutant(
    'a shortage is not looked for, and the tables allow debts',
    'K15',
    [
      [atFirst, atFirst.replace(' and w.available >= p_amount', '')],
      [underLock, underLock.replace(' and w.available >= p_amount', '')],
      [isShort, 'if false then'],
    ],
    noChecks,
  ),
  holdMutant('a shortage is left to the tables', 'K15', [
    [atFirst, atFirst.replace(' and w.available >= p_amount', '')],
    [underLock, underLock.replace(' and w.available >= p_amount', '')],
    [isShort, 'if false then'],
  ]),
  holdMutant('a refused hold is written down', 'K15', [
    [isShort, `${isShort}\n ${writeHold.replace('v_lasting', '0')}`],
  ]),
  holdMutant('a hold that came too late stays', 'J22', [
    ['delete from quota_holds h where h.reference = p_reference;', ''],
  ]),
  holdMutant('what is of packs is settled before the lock', 'J22', [[guessHolds, '']]),
  holdMutant('packs go first', 'J10', [
    [guess, `least(p_amount, w.lasting), 'held'`],
    [guessHolds, guessHolds.replace(ofPacks, 'least(p_amount, w.lasting)')],
  ]),
  holdMutant('a hold names who pays instead of who asked', 'J09', [
    ['coalesce(p_account, w.account_id)', 'coalesce(w.account_id, (select min(id) from accounts))'],
  ]),
  holdMutant('zero and negative amounts are held', 'J03', [[refuseNegative, 'p_amount is null']]),
  holdMutant(
    'zero and negative amounts are held, and the tables allow them',
    'J03',
    [[refuseNegative, 'p_amount is null']],
    'alter table quota_holds drop constraint quota_holds_amount_positive',
  ),
  holdMutant('the journal of a hold is not written', 'K13', [[writeHold, '']]),
  holdMutant(
    'a hold does not take the units out of what is available',
    'K08',
    [['available = w.available - p_amount,', '']],
    `${noChecks}; alter table wallets drop constraint wallets_balanced`,
  ),
  holdMutant('a stranger is told that it was held', 'J04', [
    [
      `raise exception 'quota_hold: there is no wallet %', p_wallet using errcode = 'P0002';`,
      `outcome := 'applied'; available := 0; held := 0; amount := p_amount; return;`,
    ],
  ]),
];
