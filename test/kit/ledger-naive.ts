import type postgres from 'postgres';

import { answered, at, type Ledger, monthStart } from './ledger-calls.ts';
import { type Call, LedgerModel, type Movement, requestOf } from './ledger-model.ts';
import { brokenInvariants } from './ledger-rules.ts';

/** The tables of the ledger without what protects them, in the schema `naive`. */
export const naiveSchema = `
  create schema naive;
  create table naive.wallets (like public.wallets including defaults);
  create table naive.quota_transfers (like public.quota_transfers including defaults);
  create table naive.quota_holds (like public.quota_holds including defaults)`;

/**
 * A ledger that knows every rule and has no lock: it reads, checks what it has read, and writes what
 * it has worked out.
 */
export const naive: Ledger = {
  call: (sql, call) =>
    answered(async () => {
      const model = await readWhatMatters(sql, call);
      const { answer, rows } = model.decide(call);
      if (answer.outcome !== 'applied') return answer;
      const told = model.post(call);
      await writeWallets(sql, model);
      for (const row of rows) await writeMovement(sql, row, call);
      await writeHolds(sql, model, call);
      return told;
    }),
  breaches: brokenInvariants,
};

type WalletRow = { readonly id: string; readonly server_id: string | null } & {
  readonly [column in 'granted' | 'available' | 'lasting' | 'held' | 'spent']: number;
} & { readonly [column in 'expired' | 'returned' | 'given']: number } & {
  readonly period_start: Date | null;
};

async function readWhatMatters(sql: postgres.Sql, call: Call): Promise<LedgerModel> {
  const model = new LedgerModel();
  const wallets = await sql<WalletRow[]>`
    select * from wallets where id = any(${[call.wallet, call.to ?? call.wallet]})`;
  for (const row of wallets) {
    const { granted, available, lasting, held, spent, expired, returned, given } = row;
    const month = row.period_start
      ? row.period_start.getUTCFullYear() * 12 + row.period_start.getUTCMonth() - 2026 * 12
      : null;
    const balances = { granted, available, lasting, held, spent, expired, returned, given };
    model.wallets.set(row.id, { ...balances, isServer: row.server_id !== null, month });
  }
  const [earlier] = await sql<{ request: string; amount: number }[]>`
    select request_hash as request, amount from quota_transfers where key = ${call.key}`;
  if (earlier) model.posted.set(call.key, earlier);
  const [hold] = await sql<{ wallet: string; amount: number; lasting: number; status: string }[]>`
    select wallet_id as wallet, amount, lasting, status from quota_holds
    where reference = ${call.reference}`;
  if (hold) model.holds.set(call.reference, hold);
  return model;
}

async function writeWallets(sql: postgres.Sql, model: LedgerModel): Promise<void> {
  for (const [id, { isServer: _, month, ...balances }] of model.wallets)
    await sql`update wallets set ${sql({
      ...balances,
      period_start: month === null ? null : monthStart(month),
    })} where id = ${id}`;
}

const sides: Readonly<Record<string, readonly [debit: string, credit: string]>> = {
  grant: ['source', 'available'],
  hold: ['available', 'held'],
  capture: ['held', 'spent'],
  release: ['held', 'available'],
  refund: ['spent', 'available'],
  expire: ['available', 'expired'],
  take_back: ['available', 'returned'],
  give: ['available', 'transit'],
  receive: ['transit', 'available'],
};

async function writeMovement(sql: postgres.Sql, row: Movement, call: Call): Promise<void> {
  const { wallet, verb, amount, lasting, reference, key } = row;
  const [debit, credit] = sides[verb] ?? ['', ''];
  const written = { at, wallet_id: wallet, verb, debit, credit, amount, lasting, reference, key };
  await sql`insert into quota_transfers ${sql({ ...written, request_hash: requestOf(call) })}`;
}

async function writeHolds(sql: postgres.Sql, model: LedgerModel, call: Call): Promise<void> {
  const hold = model.holds.get(call.reference);
  if (!hold) return;
  const { wallet, amount, lasting, status } = hold;
  if (call.verb === 'hold') {
    const opened = { reference: call.reference, wallet_id: wallet, amount, lasting, status };
    const account_id = call.asker ?? wallet;
    await sql`insert into quota_holds ${sql({ ...opened, account_id, created_at: at })}`;
  } else {
    await sql`update quota_holds set status = ${status},
      settled_at = ${status === 'held' ? null : at} where reference = ${call.reference}`;
  }
}
