import { and, eq, inArray } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { checkouts } from '../../drizzle/schema/billing.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import type { JobContext } from '../context.ts';
import { recordEvent } from '../events.ts';
import { recordNotice } from '../notice/record.ts';
import type { PaidCheckout, PaidInvoice, PaymentFailure, Payments } from '../ports/payments.ts';
import { accountOfCustomer, lockCustomer } from './customer.ts';
import { grantInvoice, grantPack } from './grant.ts';
import { saveSubscription } from './subscription.ts';
import { followMoney } from './take-back.ts';

/** What a message of the payment service is about. */
export type Subject = {
  readonly kind: 'checkout' | 'subscription' | 'invoice' | 'payment';
  readonly id: string;
  /** Of the message, such as `invoice.payment_failed`. */
  readonly type: string;
};

type Follow = {
  readonly context: JobContext;
  readonly payments: Payments;
  readonly subject: Subject;
  /** Marks the message as done in the transaction; false when another run was first. */
  readonly claim: (tx: Tx) => Promise<boolean>;
};

/**
 * Brings an account in line with what the payment service says of one thing now. Everything that is
 * believed is read after the account's lock was taken. False when it is nobody's of ours.
 */
export async function followSubject(
  context: JobContext,
  payments: Payments,
  subject: Subject,
  claim: (tx: Tx) => Promise<boolean>,
): Promise<boolean> {
  const owner = await ownerOf(context, payments, subject);
  if (owner === null) {
    context.log.warn({ subject: subject.id, type: subject.type }, 'no account pays for this');
    return false;
  }
  const work = { context, payments, subject, claim };
  await context.database.db.transaction(async (tx) => {
    await lockCustomer(tx, owner, context.clock.now());
    if (await claim(tx)) await effects[subject.kind](tx, work, owner);
  });
  return true;
}

const effects: Record<Subject['kind'], (tx: Tx, work: Follow, accountId: string) => Promise<void>> =
  {
    checkout: followCheckout,
    subscription: followSubscription,
    invoice: followInvoice,
    payment: followPayment,
  };

/** The account of a thing, by its customer or by what we wrote on it. */
async function ownerOf(
  context: JobContext,
  payments: Payments,
  { kind, id }: Subject,
): Promise<string | null> {
  const { db } = context.database;
  const read = {
    checkout: () => payments.readCheckout(id),
    subscription: () => payments.readSubscription(id),
    invoice: () => payments.readInvoice(id),
    payment: () => payments.readPayment(id),
  };
  const found = await read[kind]();
  if (!found) return null;
  const owner = found.customerId ? await accountOfCustomer(db, found.customerId) : null;
  if (owner !== null || !('metadata' in found)) return owner;
  const [account] = await db
    .select({ id: accounts.id, mergedInto: accounts.mergedInto })
    .from(accounts)
    .where(eq(accounts.id, found.metadata['account'] ?? ''));
  return account ? (account.mergedInto ?? account.id) : null;
}

async function followCheckout(tx: Tx, work: Follow, accountId: string): Promise<void> {
  const { context, payments, subject } = work;
  const session = await payments.readCheckout(subject.id);
  if (!session || session.status === 'open') return;
  await tx
    .update(checkouts)
    .set({ status: session.status })
    .where(
      and(eq(checkouts.sessionId, session.id), inArray(checkouts.status, ['intended', 'open'])),
    );
  if (session.subscriptionId)
    await readSubscriptionInto(tx, work, accountId, session.subscriptionId);
  if (await grantPack(tx, context, accountId, session)) await lookAtMoney(tx, work, session);
  const hasFailed = session.payment === 'unpaid' && subject.type.endsWith('async_payment_failed');
  if (hasFailed)
    await tellFailure(tx, work, accountId, { id: session.id, failure: 'declined', payUrl: null });
}

async function followSubscription(tx: Tx, work: Follow, accountId: string): Promise<void> {
  await readSubscriptionInto(tx, work, accountId, work.subject.id);
}

async function readSubscriptionInto(tx: Tx, work: Follow, accountId: string, id: string) {
  const subscription = await work.payments.readSubscription(id);
  if (subscription) await saveSubscription(tx, work.context, accountId, subscription);
  return subscription;
}

async function followInvoice(tx: Tx, work: Follow, accountId: string): Promise<void> {
  const { context, payments, subject } = work;
  const invoice = await payments.readInvoice(subject.id);
  if (!invoice?.subscriptionId) return;
  const subscription = await readSubscriptionInto(tx, work, accountId, invoice.subscriptionId);
  if (!subscription) return;
  if (await grantInvoice(tx, context, accountId, { invoice, subscription }))
    await lookAtMoney(tx, work, invoice);
  // A message that comes late, after the invoice was paid, is no bad news any more.
  if (invoice.status !== 'open') return;
  const failure = failureOf(subject.type, invoice);
  if (failure)
    await tellFailure(tx, work, accountId, { id: invoice.id, failure, payUrl: invoice.payUrl });
}

function failureOf(type: string, { failure }: PaidInvoice): PaymentFailure | null {
  if (type === 'invoice.payment_action_required') return 'needs_confirmation';
  return type === 'invoice.payment_failed' ? (failure ?? 'declined') : null;
}

async function followPayment(tx: Tx, { context, payments, subject }: Follow): Promise<void> {
  const payment = await payments.readPayment(subject.id);
  if (payment) await followMoney(tx, context, payment);
}

/** Money that had gone back before its purchase became known. */
async function lookAtMoney(
  tx: Tx,
  { context, payments }: Follow,
  { paymentId }: Pick<PaidInvoice | PaidCheckout, 'paymentId'>,
): Promise<void> {
  const payment = paymentId === null ? null : await payments.readPayment(paymentId);
  if (payment) await followMoney(tx, context, payment);
}

type Failed = {
  readonly id: string;
  readonly failure: PaymentFailure;
  /** Where it can be paid or confirmed. */
  readonly payUrl: string | null;
};

async function tellFailure(
  tx: Tx,
  { context }: Follow,
  accountId: string,
  { id, failure, payUrl }: Failed,
): Promise<void> {
  const at = context.clock.now();
  await recordEvent(tx, { at, subjectId: id, kind: 'payment_failed', data: { failure, payUrl } });
  await recordNotice(tx, { accountId, kind: 'payment_failed', subjectId: id, at });
}
