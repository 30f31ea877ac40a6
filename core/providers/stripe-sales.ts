import { z } from 'zod';

import type { PaidCheckout, Price, Subscription } from '../ports/payments.ts';
import { idOrNull, idSchema, metadataSchema, momentOrNull, momentSchema } from './stripe-parts.ts';

const priceSchema = z.looseObject({
  id: z.string(),
  unit_amount: z.int(),
  currency: z.string(),
  recurring: z.looseObject({ interval: z.enum(['day', 'week', 'month', 'year']) }).nullish(),
  active: z.boolean(),
});

/** @throws ZodError for what is no price of one fixed amount. */
export function readPrice(answer: unknown): Price {
  const price = priceSchema.parse(answer);
  return {
    id: price.id,
    amount: price.unit_amount,
    currency: price.currency,
    interval: price.recurring?.interval ?? null,
    isActive: price.active,
  };
}

const kinds = { subscription: 'plan', payment: 'pack' } as const;

const checkoutSchema = z.looseObject({
  id: z.string(),
  status: z.enum(['open', 'complete', 'expired']),
  mode: z.enum(['subscription', 'payment']),
  payment_status: z.enum(['paid', 'unpaid', 'no_payment_required']),
  url: z.string().nullish(),
  customer: idOrNull,
  subscription: idOrNull,
  payment_intent: idOrNull,
  invoice: idOrNull,
  amount_total: z.int(),
  currency: z.string(),
  metadata: metadataSchema,
  expires_at: momentSchema,
});

/** A checkout, and where to ask when it is completed and not paid: the bank may have said no by now. */
export type ReadCheckout = {
  readonly checkout: PaidCheckout;
  readonly undecided: { readonly paymentId: string | null; readonly invoiceId: string | null };
};

/** @throws ZodError */
export function readCheckout(answer: unknown): ReadCheckout {
  const session = checkoutSchema.parse(answer);
  const payment = paymentOf(session);
  const checkout = {
    id: session.id,
    status: session.status,
    payment,
    kind: kinds[session.mode],
    url: session.status === 'open' ? (session.url ?? null) : null,
    customerId: session.customer,
    subscriptionId: session.subscription,
    paymentId: payment === 'paid' ? session.payment_intent : null,
    amount: session.amount_total,
    currency: session.currency,
    metadata: session.metadata,
    expiresAt: session.expires_at,
  };
  const undecided = { paymentId: session.payment_intent, invoiceId: session.invoice };
  return { checkout, undecided };
}

function paymentOf(session: z.output<typeof checkoutSchema>): PaidCheckout['payment'] {
  if (session.status !== 'complete') return 'unpaid';
  return session.payment_status === 'unpaid' ? 'processing' : 'paid';
}

// The period stands on the items since version 2025-03-31.
const itemSchema = z.looseObject({
  price: z.looseObject({ id: z.string() }),
  current_period_start: momentSchema,
  current_period_end: momentSchema,
});

const subscriptionSchema = z.looseObject({
  id: z.string(),
  customer: idSchema,
  status: z.enum([
    'active',
    'canceled',
    'incomplete',
    'incomplete_expired',
    'past_due',
    'paused',
    'trialing',
    'unpaid',
  ]),
  items: z.looseObject({ data: z.tuple([itemSchema], itemSchema) }),
  cancel_at: momentOrNull,
  cancel_at_period_end: z.boolean(),
  ended_at: momentOrNull,
  metadata: metadataSchema,
  created: momentSchema,
});

/** A subscription, and what says that it ends. */
export type ReadSubscription = {
  readonly subscription: Subscription;
  readonly endsBy: 'period' | 'date' | null;
};

/** @throws ZodError for one without an item as well. */
export function readSubscription(answer: unknown): ReadSubscription {
  const read = subscriptionSchema.parse(answer);
  const [item] = read.items.data;
  const periodEnd = item.current_period_end;
  const endsBy = read.cancel_at_period_end ? 'period' : read.cancel_at === null ? null : 'date';
  return {
    subscription: {
      id: read.id,
      customerId: read.customer,
      status: read.status,
      priceId: item.price.id,
      periodStart: item.current_period_start,
      periodEnd,
      endsAt: read.ended_at ?? read.cancel_at ?? (endsBy === 'period' ? periodEnd : null),
      metadata: read.metadata,
      createdAt: read.created,
    },
    endsBy,
  };
}
