import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigserial,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core';

import { moment } from './columns.ts';
import { accounts } from './people.ts';

/**
 * Balances kept beside the journal; every unit that came in is available, held, spent, expired, taken
 * back or given away. A person's wallet has the id of the account.
 */
export const wallets = pgTable(
  'wallets',
  {
    id: text('id').primaryKey(),
    /** Whose it is: a person's or a chat server's. */
    accountId: text('account_id')
      .unique()
      .references(() => accounts.id),
    serverId: text('server_id').unique(),
    granted: integer('granted').notNull(),
    available: integer('available').notNull(),
    /** The part of `available` that does not end with the month: packs. */
    lasting: integer('lasting').notNull().default(0),
    held: integer('held').notNull(),
    spent: integer('spent').notNull(),
    expired: integer('expired').notNull(),
    /** Taken back, as the money for it went back. */
    returned: integer('returned').notNull().default(0),
    /** Given to another wallet. */
    given: integer('given').notNull().default(0),
    /** The month that the rest of `available` belongs to; null for what has no months. */
    periodStart: moment('period_start'),
    periodEnd: moment('period_end'),
    /** The wallet that what was left in this one went into, as its account became part of another. */
    mergedInto: text('merged_into').references((): AnyPgColumn => wallets.id),
  },
  (table) => [
    // One check, and a short one: Postgres reads each anew at every statement.
    check(
      'wallets_not_negative',
      sql`least(${table.lasting}, ${table.available} - ${table.lasting}, ${table.held}, ${table.spent}, ${table.expired}, ${table.returned}, ${table.given}) >= 0`,
    ),
    check(
      'wallets_balanced',
      sql`${table.granted} = ${table.available} + ${table.held} + ${table.spent} + ${table.expired} + ${table.returned} + ${table.given}`,
    ),
    check('wallets_one_owner', sql`num_nonnulls(${table.accountId}, ${table.serverId}) = 1`),
    index('wallets_by_period').on(table.periodEnd),
    index('wallets_by_merged')
      .on(table.mergedInto)
      .where(sql`${table.mergedInto} is not null`),
  ],
);

/**
 * The journal: one immutable row per movement; the database refuses UPDATE, DELETE and TRUNCATE. Only the
 * functions of the ledger write it; they look at what they are given, and the audit at what they wrote,
 * so that no foreign key or check keeps a wallet locked for longer (decision 0021).
 */
export const quotaTransfers = pgTable(
  'quota_transfers',
  {
    /** Rises with each movement of a wallet. */
    id: bigserial('id', { mode: 'number' }).notNull(),
    at: moment('at').notNull(),
    walletId: text('wallet_id').notNull(),
    verb: text('verb', {
      enum: [
        'grant',
        'hold',
        'capture',
        'release',
        'refund',
        'expire',
        'take_back',
        'give',
        'receive',
      ],
    }).notNull(),
    debit: text('debit').notNull(),
    credit: text('credit').notNull(),
    amount: integer('amount').notNull(),
    /** The part of `amount` that does not end with the month. */
    lasting: integer('lasting').notNull().default(0),
    /** What the movement is about: a video, a sign-up, a month, a purchase. */
    reference: text('reference').notNull(),
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.walletId, table.id] }),
    unique('quota_transfers_key').on(table.key),
  ],
);

/** A pending transfer: it is settled at most once. */
export const quotaHolds = pgTable(
  'quota_holds',
  {
    reference: text('reference').primaryKey(),
    /** Who pays. */
    walletId: text('wallet_id').notNull(),
    /** Who has asked for it: the person of the wallet, or a member of the server. */
    accountId: text('account_id').notNull(),
    amount: integer('amount').notNull(),
    lasting: integer('lasting').notNull().default(0),
    status: text('status', { enum: ['held', 'captured', 'released', 'refunded'] }).notNull(),
    createdAt: moment('created_at').notNull(),
    settledAt: moment('settled_at'),
  },
  (table) => [
    check('quota_holds_amount_positive', sql`${table.amount} > 0`),
    index('quota_holds_by_wallet').on(table.walletId, table.createdAt),
    /** What servers have paid for their members. */
    index('quota_holds_by_member')
      .on(table.accountId, table.createdAt)
      .where(sql`${table.walletId} <> ${table.accountId}`),
  ],
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
