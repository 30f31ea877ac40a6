import type { Stripe } from 'stripe';

import type {
  CheckoutWish,
  PaidCheckout,
  PaidInvoice,
  Payment,
  PaymentFailure,
  PaymentNotice,
  Payments,
  Subscription,
} from '../ports/payments.ts';
import { stripeEvents } from '../stripe-messages.ts';
import {
  readDisputes,
  readFailure,
  readIntent,
  readInvoice,
  readPaidInvoice,
} from './stripe-money.ts';
import { readEvent, readSigned } from './stripe-notices.ts';
import {
  readCheckout,
  readPrice,
  readSubscription,
  type ReadCheckout,
  type ReadSubscription,
} from './stripe-sales.ts';
import { connectStripe, type StripeAccess, type StripeCalls } from './stripe-wire.ts';

export type StripeSettings = StripeAccess & {
  /** What Stripe signs its messages with; two while it is changed. */
  readonly webhookSecrets: readonly string[];
};

const pageSize = 100;

/**
 * Payments by Stripe; live and sandbox differ only in the settings.
 * Source: stripe 23.1.0 and docs.stripe.com, API version `stripeVersion`.
 */
export function createStripePayments(settings: StripeSettings): Payments {
  const calls = connectStripe(settings);
  const { ask, find } = calls;
  return {
    readPrice: (id) => find(async (stripe) => readPrice(await stripe.prices.retrieve(id))),
    createCustomer: ({ accountId, name, key }) =>
      ask(async ({ customers }) => {
        const wish = { name, metadata: { account: accountId } };
        return (await customers.create(wish, { idempotencyKey: key })).id;
      }),
    openCheckout: (wish) => ask((stripe) => openCheckout(stripe, wish)),
    readCheckout: (id) => find((stripe) => findCheckout(stripe, id)),
    expireCheckout: (id) => expireCheckout(calls, id),
    listSubscriptions: (customerId) => ask((stripe) => listSubscriptions(stripe, customerId)),
    readSubscription: (id) =>
      find(async (stripe) => (await findSubscription(stripe, id)).subscription),
    setRenewal: (id, renews) => ask((stripe) => setRenewal(stripe, id, renews)),
    openPortal: (wish) => ask((stripe) => openPortal(stripe, wish)),
    readInvoice: (id) => find((stripe) => findInvoice(stripe, id)),
    readPayment: (id) => find((stripe) => findPayment(stripe, id)),
    async readNotice(message) {
      const { Stripe: Client } = await import('stripe');
      return readSigned(Client.webhooks, settings.webhookSecrets, message);
    },
    listNotices: (since) => listNotices(calls, since),
  };
}

async function openCheckout(stripe: Stripe, wish: CheckoutWish): Promise<PaidCheckout> {
  const { metadata } = wish;
  const session = await stripe.checkout.sessions.create(
    {
      mode: wish.kind === 'plan' ? 'subscription' : 'payment',
      line_items: [{ price: wish.priceId, quantity: 1 }],
      customer: wish.customerId,
      client_reference_id: wish.accountId,
      metadata,
      // Stripe copies nothing from the session to what comes of it.
      ...(wish.kind === 'plan'
        ? { subscription_data: { metadata } }
        : { payment_intent_data: { metadata } }),
      success_url: wish.successUrl,
      cancel_url: wish.cancelUrl,
      locale: wish.locale,
    },
    { idempotencyKey: wish.key },
  );
  return readCheckout(session).checkout;
}

async function findCheckout(stripe: Stripe, id: string): Promise<PaidCheckout> {
  const read = readCheckout(await stripe.checkout.sessions.retrieve(id));
  if (read.checkout.payment !== 'processing') return read.checkout;
  return (await isRefused(stripe, read)) ? { ...read.checkout, payment: 'unpaid' } : read.checkout;
}

/** Whether the bank has said no to a completed checkout; the session alone says only `unpaid`. */
async function isRefused(stripe: Stripe, { undecided }: ReadCheckout): Promise<boolean> {
  const { paymentId, invoiceId } = undecided;
  const failure = await failureOf(stripe, paymentId);
  const refused = failure ?? (invoiceId && (await findInvoice(stripe, invoiceId)).failure);
  // Whoever pays by a voucher or a transfer has still to do so.
  return refused !== null && refused !== 'needs_confirmation';
}

async function expireCheckout({ ask }: StripeCalls, id: string): Promise<PaidCheckout> {
  const before = await ask((stripe) => findCheckout(stripe, id));
  if (before.status !== 'open') return before;
  try {
    return await ask(async (stripe) => {
      const session = await stripe.checkout.sessions.expire(id);
      return readCheckout(session).checkout;
    });
  } catch (error) {
    // Paid, or over by itself, between the two calls.
    const after = await ask((stripe) => findCheckout(stripe, id));
    if (after.status !== 'open') return after;
    throw error;
  }
}

async function listSubscriptions(
  stripe: Stripe,
  customerId: string,
): Promise<readonly Subscription[]> {
  const found: Subscription[] = [];
  const every = { customer: customerId, status: 'all' as const, limit: pageSize };
  for await (const answer of stripe.subscriptions.list(every))
    found.push(readSubscription(answer).subscription);
  return found.toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime());
}

async function findSubscription(stripe: Stripe, id: string): Promise<ReadSubscription> {
  return readSubscription(await stripe.subscriptions.retrieve(id));
}

async function setRenewal(stripe: Stripe, id: string, renews: boolean): Promise<Subscription> {
  const { subscription, endsBy } = await findSubscription(stripe, id);
  const isOver = ['canceled', 'incomplete_expired'].includes(subscription.status);
  if (isOver || renews === (endsBy === null)) return subscription;
  // The portal may write a date where we write that it ends with the period.
  const change = endsBy === 'date' ? { cancel_at: '' as const } : { cancel_at_period_end: !renews };
  return readSubscription(await stripe.subscriptions.update(id, change)).subscription;
}

async function openPortal(
  stripe: Stripe,
  wish: Parameters<Payments['openPortal']>[0],
): Promise<string> {
  const { customerId: customer, returnUrl, locale, changeOf } = wish;
  const session = await stripe.billingPortal.sessions.create({
    customer,
    return_url: returnUrl,
    locale,
    ...(changeOf === undefined
      ? {}
      : {
          flow_data: {
            type: 'subscription_update',
            subscription_update: { subscription: changeOf },
          },
        }),
  });
  return session.url;
}

async function findInvoice(stripe: Stripe, id: string): Promise<PaidInvoice> {
  const answer = await stripe.invoices.retrieve(id, { expand: ['payments'] });
  const { invoice, triedPaymentId } = readInvoice(answer);
  return { ...invoice, failure: await failureOf(stripe, triedPaymentId) };
}

/** Why this payment has not worked; null where there is none. */
async function failureOf(stripe: Stripe, id: string | null): Promise<PaymentFailure | null> {
  return id === null ? null : readFailure(await stripe.paymentIntents.retrieve(id));
}

async function findPayment(stripe: Stripe, id: string): Promise<Payment> {
  const intent = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
  const disputes = await stripe.disputes.list({ payment_intent: id, limit: pageSize });
  const payment = { type: 'payment_intent', payment_intent: id } as const;
  const invoices = await stripe.invoicePayments.list({ payment, limit: pageSize });
  return {
    ...readIntent(intent),
    dispute: readDisputes(disputes.data),
    invoiceId: readPaidInvoice(invoices.data),
  };
}

/** Stripe tells the newest first, so all are read before the first is told. */
async function* listNotices({ ask }: StripeCalls, since: Date): AsyncGenerator<PaymentNotice> {
  const gte = Math.floor(since.getTime() / 1000);
  const wish = { types: [...stripeEvents], created: { gte }, limit: pageSize };
  const found = await ask(async (stripe) => {
    const newestFirst: PaymentNotice[] = [];
    for await (const answer of stripe.events.list(wish)) newestFirst.push(readEvent(answer));
    return newestFirst;
  });
  yield* found.toReversed();
}
