import { and, count, eq, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { purchases } from '../../drizzle/schema/billing.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import type { Services } from '../context.ts';
import { recordNotice } from '../notice/record.ts';
import { productOf, productOfPrice } from '../plan/catalogue.ts';
import type { PaidCheckout, PaidInvoice, Subscription } from '../ports/payments.ts';
import { postTransfer, renewMonth } from '../quota/ledger.ts';
import { askForWaiting } from './waiting.ts';

/**
 * Grants what a paid invoice of a plan is worth, once. A change of plan within a month grants the
 * difference, in whatever order its invoices become known; a month that is over already still brings
 * what was paid for. False when there was nothing to grant for it.
 */
export async function grantInvoice(
  tx: Tx,
  services: Services,
  accountId: string,
  paid: { readonly invoice: PaidInvoice; readonly subscription: Subscription },
): Promise<boolean> {
  const { invoice, subscription } = paid;
  const product = productOfPrice(services.config, invoice.priceId ?? subscription.priceId);
  if (invoice.status !== 'paid' || product?.kind !== 'plan') return false;
  const before = await boughtInPeriod(tx, subscription.id, invoice.periodEnd);
  const units = Math.max(0, product.units - before.units);
  const at = services.clock.now();
  const isNew = await recordPurchase(tx, {
    id: invoice.id,
    accountId,
    walletId: accountId,
    kind: 'plan',
    product: product.id,
    subscriptionId: subscription.id,
    paymentId: invoice.paymentId,
    units,
    amount: invoice.amount,
    currency: invoice.currency,
    periodStart: invoice.periodStart,
    periodEnd: invoice.periodEnd,
    paidAt: at,
  });
  if (!isNew || units === 0) return false;
  const posting = {
    walletId: accountId,
    reference: invoice.id,
    key: `invoice:${invoice.id}`,
    amount: units,
    at,
  };
  const month = before.purchases === 0 ? await nextMonth(tx, accountId, paid) : null;
  const posted = month
    ? await renewMonth(tx, { ...posting, ...month })
    : await postTransfer(tx, { ...posting, verb: 'grant' });
  if (posted.outcome !== 'applied') throw new Error(`grant of ${invoice.id}: ${posted.outcome}`);
  await tellPaid(tx, services, accountId, invoice.id);
  return true;
}

/** Grants the units of a pack that has been paid, once. */
export async function grantPack(
  tx: Tx,
  services: Services,
  accountId: string,
  session: PaidCheckout,
): Promise<boolean> {
  const product = productOf(session.metadata['product'] ?? '');
  if (session.payment !== 'paid' || session.kind !== 'pack' || product?.kind !== 'pack')
    return false;
  const at = services.clock.now();
  const isNew = await recordPurchase(tx, {
    id: session.id,
    accountId,
    walletId: accountId,
    kind: 'pack',
    product: product.id,
    paymentId: session.paymentId,
    units: product.units,
    amount: session.amount,
    currency: session.currency,
    paidAt: at,
  });
  if (!isNew) return false;
  const posted = await postTransfer(tx, {
    verb: 'grant',
    walletId: accountId,
    amount: product.units,
    lasting: true,
    reference: session.id,
    key: `pack:${session.id}`,
    at,
  });
  if (posted.outcome !== 'applied') throw new Error(`grant of ${session.id}: ${posted.outcome}`);
  await tellPaid(tx, services, accountId, session.id);
  return true;
}

async function recordPurchase(tx: Tx, row: typeof purchases.$inferInsert): Promise<boolean> {
  const added = await tx
    .insert(purchases)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: purchases.id });
  return added.length > 0;
}

async function tellPaid(
  tx: Tx,
  services: Services,
  accountId: string,
  purchaseId: string,
): Promise<void> {
  const at = services.clock.now();
  await recordNotice(tx, { accountId, kind: 'payment_received', subjectId: purchaseId, at });
  await askForWaiting(tx, services, accountId);
}

/** What the paid invoices of this month of the subscription have brought, less what went back. */
async function boughtInPeriod(tx: Tx, subscriptionId: string, periodEnd: Date) {
  const [row] = await tx
    .select({
      purchases: count(),
      units:
        sql`coalesce(sum(${purchases.units} - ${purchases.takenBack} - ${purchases.missing}), 0)`.mapWith(
          Number,
        ),
    })
    .from(purchases)
    .where(and(eq(purchases.subscriptionId, subscriptionId), eq(purchases.periodEnd, periodEnd)));
  return row ?? { purchases: 0, units: 0 };
}

/** The month that the invoice begins; null when it is over. */
async function nextMonth(
  tx: Tx,
  accountId: string,
  { invoice, subscription }: { readonly invoice: PaidInvoice; readonly subscription: Subscription },
): Promise<{ readonly periodStart: Date; readonly periodEnd: Date } | null> {
  const { periodStart, periodEnd } = subscription;
  if (invoice.periodEnd.getTime() !== periodEnd.getTime()) return null;
  const [wallet] = await tx
    .select({ start: wallets.periodStart })
    .from(wallets)
    .where(eq(wallets.id, accountId));
  // The clocks of two services differ: a month never begins before the one it follows.
  const earliest = wallet?.start ? wallet.start.getTime() + 1 : 0;
  const start = new Date(Math.max(periodStart.getTime(), earliest));
  return start < periodEnd ? { periodStart: start, periodEnd } : null;
}
