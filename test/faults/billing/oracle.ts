import assert from 'node:assert/strict';

import { eq } from 'drizzle-orm';

import { unitsToTakeBack } from '../../../core/billing/take-back.ts';
import type { Config } from '../../../core/config.ts';
import { productOf, productOfPrice } from '../../../core/plan/catalogue.ts';
import type {
  PaidCheckout,
  PaidInvoice,
  Payment,
  Subscription,
} from '../../../core/ports/payments.ts';
import type { Db } from '../../../drizzle/client.ts';
import { purchases, subscriptions } from '../../../drizzle/schema/billing.ts';
import { quotaTransfers, wallets } from '../../../drizzle/schema/quota.ts';

type Purchase = typeof purchases.$inferSelect;
type Whose = {
  readonly accountId: string;
  readonly seed: string;
  /** Knows which price is which plan. */
  readonly config: Config;
};

/** What the payment service knows of one account, by id. */
export type PaidBooks = {
  readonly sessions: ReadonlyMap<string, PaidCheckout>;
  readonly invoices: ReadonlyMap<string, PaidInvoice>;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  readonly payments: ReadonlyMap<string, Payment>;
};

const unitsOf = (product: string): number => productOf(product)?.units ?? 0;
const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

/** Compares everything that an account has with what the payment service's books say it has paid. */
export async function checkAgainstBooks(db: Db, books: PaidBooks, whose: Whose): Promise<void> {
  const bought = await db.select().from(purchases).where(eq(purchases.accountId, whose.accountId));
  checkWhatWasPaid(books, bought, whose);
  checkPlans(books, bought, whose);
  checkMoneyBack(books, bought, whose);
  await checkJournal(db, bought, whose);
  await checkSubscriptions(db, books, whose);
}

function checkWhatWasPaid(books: PaidBooks, bought: readonly Purchase[], { seed }: Whose): void {
  const invoices = [...books.invoices.values()].filter(({ status }) => status === 'paid');
  const packs = [...books.sessions.values()].filter(
    ({ kind, payment }) => kind === 'pack' && payment === 'paid',
  );
  const paid = [...invoices, ...packs].map(({ id }) => id).toSorted();
  assert.deepEqual(bought.map(({ id }) => id).toSorted(), paid, `${seed}: what was paid for`);
  for (const pack of packs) {
    const row = bought.find(({ id }) => id === pack.id);
    assert.equal(row?.units, unitsOf(pack.metadata['product'] ?? ''), `${seed}: units of a pack`);
  }
}

/** A month of a plan brings what its dearest invoice promises, unless money went back in between. */
function checkPlans(books: PaidBooks, bought: readonly Purchase[], { seed, config }: Whose): void {
  const months = Map.groupBy(
    [...books.invoices.values()].filter(({ status }) => status === 'paid'),
    ({ subscriptionId, periodEnd }) => `${subscriptionId} ${periodEnd.toISOString()}`,
  );
  for (const [month, invoices] of months) {
    const rows = bought.filter(({ id }) => invoices.some((invoice) => invoice.id === id));
    const promised = Math.max(
      ...invoices.map(({ priceId }) => productOfPrice(config, priceId ?? '')?.units ?? 0),
    );
    const kept = sum(rows.map(({ units, takenBack, missing }) => units - takenBack - missing));
    const granted = sum(rows.map(({ units }) => units));
    const untouched = rows.every(({ adjustments }) => adjustments === 0);
    assert(kept <= promised || !untouched, `${seed}: ${month} never brings more`);
    if (untouched) assert.equal(granted, promised, `${seed}: ${month} brings what it promises`);
  }
}

function checkMoneyBack(books: PaidBooks, bought: readonly Purchase[], { seed }: Whose): void {
  for (const row of bought) {
    const payment = row.paymentId === null ? null : books.payments.get(row.paymentId);
    assert(payment !== undefined, `${seed}: ${row.id} knows its payment`);
    // What credit has paid for has no payment that could go back.
    const owed = row.units === 0 || payment === null ? 0 : unitsToTakeBack(row, payment);
    assert.equal(row.takenBack + row.missing, owed, `${seed}: what went back of ${row.id}`);
    assert(row.takenBack >= 0 && row.missing >= 0, `${seed}: nothing goes back below zero`);
  }
}

async function checkJournal(
  db: Db,
  bought: readonly Purchase[],
  { accountId, seed }: Whose,
): Promise<void> {
  const journal = await db
    .select()
    .from(quotaTransfers)
    .where(eq(quotaTransfers.walletId, accountId));
  const [wallet] = await db.select().from(wallets).where(eq(wallets.id, accountId));
  assert(wallet);
  for (const row of bought) {
    const own = journal.filter(({ reference }) => reference === row.id);
    const net = sum(
      own.map(({ verb, amount }) =>
        verb === 'grant' ? amount : verb === 'take_back' ? -amount : 0,
      ),
    );
    assert.equal(net, row.units - row.takenBack, `${seed}: the journal of ${row.id}`);
  }
  const months = journal.filter(({ verb, key }) => verb === 'grant' && key.startsWith('month:'));
  assert(
    months.every(({ amount }) => amount === 100),
    `${seed}: a free month brings 100`,
  );
  assert.equal(new Set(months.map(({ key }) => key)).size, months.length);
  const into = (place: string) =>
    sum(
      journal.map(({ credit, debit, amount }) =>
        credit === place ? amount : debit === place ? -amount : 0,
      ),
    );
  const sides = ['available', 'held', 'spent', 'expired', 'returned'] as const;
  for (const side of sides) assert.equal(wallet[side], into(side), `${seed}: ${side}`);
}

async function checkSubscriptions(
  db: Db,
  books: PaidBooks,
  { accountId, seed }: Whose,
): Promise<void> {
  const rows = await db.select().from(subscriptions).where(eq(subscriptions.accountId, accountId));
  const known = rows.map(({ id, status, priceId, periodEnd }) => ({
    id,
    status,
    priceId,
    periodEnd,
  }));
  const told = [...books.subscriptions.values()].map(({ id, status, priceId, periodEnd }) => ({
    id,
    status,
    priceId,
    periodEnd,
  }));
  const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
  assert.deepEqual(known.toSorted(byId), told.toSorted(byId), `${seed}: subscriptions`);
}
