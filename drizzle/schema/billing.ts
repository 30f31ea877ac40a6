import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';

import { json, moment } from './columns.ts';
import { accounts } from './people.ts';
import { wallets } from './quota.ts';

/** Whom the payment service knows an account as; one each, for ever. */
export const customers = pgTable('customers', {
  accountId: text('account_id')
    .primaryKey()
    .references(() => accounts.id),
  /** null until the service has answered. */
  customerId: text('customer_id').unique(),
  createdAt: moment('created_at').notNull(),
});

/** A page of the payment service on which somebody may pay; the row is the intent, written before the call. */
export const checkouts = pgTable(
  'checkouts',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    kind: text('kind', { enum: ['plan', 'pack'] }).notNull(),
    /** The plan or pack. */
    product: text('product').notNull(),
    /** Set once the service has answered. */
    sessionId: text('session_id').unique(),
    url: text('url'),
    status: text('status', {
      enum: ['intended', 'open', 'complete', 'expired', 'failed'],
    }).notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    uniqueIndex('checkouts_one_open')
      .on(table.accountId)
      .where(sql`${table.status} in ('intended', 'open')`),
  ],
);

/** A subscription as it was when the service was last asked. */
export const subscriptions = pgTable(
  'subscriptions',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    /** null for a price that is none of ours. */
    plan: text('plan'),
    priceId: text('price_id').notNull(),
    status: text('status', {
      enum: [
        'active',
        'canceled',
        'incomplete',
        'incomplete_expired',
        'past_due',
        'paused',
        'trialing',
        'unpaid',
      ],
    }).notNull(),
    periodStart: moment('period_start').notNull(),
    periodEnd: moment('period_end').notNull(),
    /** When it ends by itself; null while it renews. */
    endsAt: moment('ends_at'),
    createdAt: moment('created_at').notNull(),
    readAt: moment('read_at').notNull(),
  },
  (table) => [index('subscriptions_by_account').on(table.accountId, table.createdAt)],
);

/** What was paid for, by the id of its invoice or checkout: each is granted once. */
export const purchases = pgTable(
  'purchases',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    walletId: text('wallet_id')
      .notNull()
      .references(() => wallets.id),
    kind: text('kind', { enum: ['plan', 'pack'] }).notNull(),
    product: text('product').notNull(),
    subscriptionId: text('subscription_id'),
    /** The payment behind it; null for what cost nothing. */
    paymentId: text('payment_id'),
    /** Granted for it: a change of plan grants the difference. */
    units: integer('units').notNull(),
    /** Taken back as money went back, and what was not there any more to be taken. */
    takenBack: integer('taken_back').notNull().default(0),
    missing: integer('missing').notNull().default(0),
    /** How often units went back and forth. */
    adjustments: integer('adjustments').notNull().default(0),
    /** In the smallest unit of the currency. */
    amount: bigint('amount', { mode: 'number' }).notNull(),
    currency: text('currency').notNull(),
    periodStart: moment('period_start'),
    periodEnd: moment('period_end'),
    paidAt: moment('paid_at').notNull(),
  },
  (table) => [
    index('purchases_by_account').on(table.accountId, table.paidAt),
    index('purchases_by_payment').on(table.paymentId),
    index('purchases_by_period').on(table.subscriptionId, table.periodEnd),
  ],
);

/** Messages of the payment service; each is taken in once and has its effect once. */
export const paymentNotices = pgTable(
  'payment_notices',
  {
    id: text('id').primaryKey(),
    type: text('type').notNull(),
    subjectKind: text('subject_kind', { enum: ['checkout', 'subscription', 'invoice', 'payment'] }),
    subjectId: text('subject_id'),
    createdAt: moment('created_at').notNull(),
    receivedAt: moment('received_at').notNull(),
    /** `webhook`, or `reconcile` when it was lost and asked for. */
    source: text('source', { enum: ['webhook', 'reconcile'] }).notNull(),
    /** Set in the transaction of its effect. */
    handledAt: moment('handled_at'),
  },
  (table) => [index('payment_notices_open').on(table.handledAt, table.receivedAt)],
);

/** What somebody wanted and could not pay for; it goes on at one press when quota has come. */
export const waitingActions = pgTable('waiting_actions', {
  accountId: text('account_id')
    .primaryKey()
    .references(() => accounts.id),
  id: text('id').notNull().unique(),
  operation: text('operation').notNull(),
  input: json<Record<string, unknown>>('input').notNull(),
  /** Where it was asked for. */
  surface: text('surface').notNull(),
  serverId: text('server_id'),
  needed: integer('needed').notNull(),
  /** The question that was put to the person when quota had come. */
  approvalId: text('approval_id'),
  createdAt: moment('created_at').notNull(),
});
