import { sql } from 'drizzle-orm';
import { bigserial, check, index, integer, pgTable, text, unique } from 'drizzle-orm/pg-core';

import { moment } from './columns.ts';
import { accounts } from './people.ts';

/** Balances kept beside the journal; every unit granted is available, held, spent or expired. */
export const wallets = pgTable(
  'wallets',
  {
    accountId: text('account_id')
      .primaryKey()
      .references(() => accounts.id),
    granted: integer('granted').notNull(),
    available: integer('available').notNull(),
    held: integer('held').notNull(),
    spent: integer('spent').notNull(),
    expired: integer('expired').notNull(),
  },
  (table) => [
    check('wallets_available_not_negative', sql`${table.available} >= 0`),
    check('wallets_held_not_negative', sql`${table.held} >= 0`),
    check('wallets_spent_not_negative', sql`${table.spent} >= 0`),
    check('wallets_expired_not_negative', sql`${table.expired} >= 0`),
    check(
      'wallets_balanced',
      sql`${table.granted} = ${table.available} + ${table.held} + ${table.spent} + ${table.expired}`,
    ),
  ],
);

/** The journal: one immutable row per movement; the database refuses UPDATE, DELETE and TRUNCATE. */
export const quotaTransfers = pgTable(
  'quota_transfers',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: moment('at').notNull(),
    accountId: text('account_id')
      .notNull()
      .references(() => wallets.accountId),
    verb: text('verb', {
      enum: ['grant', 'hold', 'capture', 'release', 'refund', 'expire'],
    }).notNull(),
    debit: text('debit').notNull(),
    credit: text('credit').notNull(),
    amount: integer('amount').notNull(),
    /** What the movement is about: a video, a sign-up, a billing period. */
    reference: text('reference').notNull(),
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
  },
  (table) => [
    unique('quota_transfers_key').on(table.key),
    check('quota_transfers_amount_positive', sql`${table.amount} > 0`),
    check('quota_transfers_two_sides', sql`${table.debit} <> ${table.credit}`),
    index('quota_transfers_by_account').on(table.accountId, table.id),
  ],
);

/** A pending transfer: it is settled at most once. */
export const quotaHolds = pgTable(
  'quota_holds',
  {
    reference: text('reference').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => wallets.accountId),
    amount: integer('amount').notNull(),
    status: text('status', { enum: ['held', 'captured', 'released', 'refunded'] }).notNull(),
    createdAt: moment('created_at').notNull(),
    settledAt: moment('settled_at'),
  },
  (table) => [check('quota_holds_amount_positive', sql`${table.amount} > 0`)],
);

/** At most one compensation per root video: a refund, or one free retry. */
export const compensations = pgTable('compensations', {
  rootVideoId: text('root_video_id').primaryKey(),
  accountId: text('account_id')
    .notNull()
    .references(() => accounts.id),
  status: text('status', { enum: ['retry_open', 'retry_used', 'revoked', 'refunded'] }).notNull(),
  createdAt: moment('created_at').notNull(),
  changedAt: moment('changed_at').notNull(),
});
