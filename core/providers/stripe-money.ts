import { z } from 'zod';

import type { PaidInvoice, Payment, PaymentFailure } from '../ports/payments.ts';
import { idOrNull, idSchema, listOf, momentSchema } from './stripe-parts.ts';

const periodSchema = z.looseObject({ start: momentSchema, end: momentSchema });

const lineSchema = z.looseObject({
  amount: z.int(),
  period: periodSchema,
  pricing: z
    .looseObject({ price_details: z.looseObject({ price: idOrNull }).nullish() })
    .nullish()
    .transform((pricing) => pricing?.price_details?.price ?? null),
});
type Line = z.output<typeof lineSchema>;

const paymentSchema = z.looseObject({
  status: z.string(),
  payment: z.looseObject({ payment_intent: idOrNull }),
});

const invoiceSchema = z.looseObject({
  id: z.string(),
  customer: idSchema,
  status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']),
  billing_reason: z.string().nullish(),
  parent: z
    .looseObject({
      subscription_details: z.looseObject({ subscription: idOrNull }).nullish(),
    })
    .nullish(),
  lines: listOf(lineSchema),
  payments: listOf(paymentSchema).nullish(),
  period_start: momentSchema,
  period_end: momentSchema,
  amount_paid: z.int(),
  amount_due: z.int(),
  currency: z.string(),
  hosted_invoice_url: z.string().nullish(),
});

const reasons: ReadonlyMap<string | null | undefined, PaidInvoice['reason']> = new Map([
  ['subscription_create', 'create'],
  ['subscription_cycle', 'cycle'],
  ['subscription_update', 'update'],
]);

/** An invoice, and the payment that has been tried for it in vain. */
export type ReadInvoice = {
  readonly invoice: Omit<PaidInvoice, 'failure'>;
  readonly triedPaymentId: string | null;
};

/** @throws ZodError */
export function readInvoice(answer: unknown): ReadInvoice {
  const read = invoiceSchema.parse(answer);
  const payments = read.payments?.data ?? [];
  const isOpen = read.status === 'open' || read.status === 'uncollectible';
  const invoice = {
    id: read.id,
    customerId: read.customer,
    subscriptionId: read.parent?.subscription_details?.subscription ?? null,
    status: read.status,
    reason: reasons.get(read.billing_reason) ?? 'other',
    ...boughtWith(read),
    amount: read.status === 'paid' ? read.amount_paid : read.amount_due,
    currency: read.currency,
    paymentId: intentOf(payments, 'paid'),
    payUrl: read.status === 'open' ? (read.hosted_invoice_url ?? null) : null,
  };
  return { invoice, triedPaymentId: isOpen ? intentOf(payments, 'open') : null };
}

const intentOf = (
  payments: readonly z.output<typeof paymentSchema>[],
  wanted: string,
): string | null =>
  payments.flatMap(({ status, payment: { payment_intent: intent } }) =>
    status === wanted && intent !== null ? [intent] : [],
  )[0] ?? null;

/** The invoice's own period is the one that is over; its line has the one that is paid for. */
function boughtWith(read: z.output<typeof invoiceSchema>) {
  const line = mainLine(read.lines.data);
  return {
    priceId: line?.pricing ?? null,
    periodStart: line?.period.start ?? read.period_start,
    periodEnd: line?.period.end ?? read.period_end,
  };
}

/** What gives back part of an older price has a negative amount. */
function mainLine(lines: readonly Line[]): Line | undefined {
  return lines.filter(({ amount, pricing }) => amount >= 0 && pricing !== null).toSorted(newest)[0];
}

const newest = (one: Line, other: Line): number =>
  other.period.end.getTime() - one.period.end.getTime() ||
  other.period.start.getTime() - one.period.start.getTime() ||
  other.amount - one.amount;

const intentSchema = z.looseObject({
  id: z.string(),
  customer: idOrNull,
  amount: z.int(),
  amount_received: z.int().nullish(),
  status: z.string(),
  last_payment_error: z
    .looseObject({
      type: z.string().nullish(),
      code: z.string().nullish(),
      decline_code: z.string().nullish(),
    })
    .nullish(),
  latest_charge: z
    .union([z.string().transform(() => null), z.looseObject({ amount_refunded: z.int() })])
    .nullish(),
});

/** What a payment is without what somebody disputes and without what it was for. */
export function readIntent(answer: unknown): Omit<Payment, 'dispute' | 'invoiceId'> {
  const intent = intentSchema.parse(answer);
  return {
    id: intent.id,
    customerId: intent.customer,
    amount: intent.amount_received || intent.amount,
    refunded: intent.latest_charge?.amount_refunded ?? 0,
  };
}

/** Why a payment has not worked; null while it may still work by itself, or has. */
export function readFailure(answer: unknown): PaymentFailure | null {
  const { status, last_payment_error: error } = intentSchema.parse(answer);
  if (status === 'requires_action') return 'needs_confirmation';
  if (status !== 'requires_payment_method' && status !== 'canceled') return null;
  if (!error) return status === 'canceled' ? 'declined' : null;
  if (error.type === 'api_connection_error' || error.type === 'api_error') return 'network';
  const codes = [error.decline_code, error.code];
  return codes.map((code) => failures.get(code)).find((failure) => failure) ?? 'declined';
}

/** What is not here is `declined`; a stolen or lost card is not repeated to anybody. */
const failures: ReadonlyMap<string | null | undefined, PaymentFailure> = new Map([
  ['insufficient_funds', 'no_funds'],
  ['authentication_required', 'needs_confirmation'],
  ['invoice_payment_intent_requires_action', 'needs_confirmation'],
  ['payment_intent_authentication_failure', 'needs_confirmation'],
  ['processing_error', 'network'],
  ['issuer_not_available', 'network'],
  ['try_again_later', 'network'],
]);

const disputeSchema = z.looseObject({ status: z.string() });

/** What is over for the bank, or only asked; every other status means that the money has been taken. */
const settled: ReadonlyMap<string, 'won' | 'lost' | null> = new Map([
  ['won', 'won'],
  ['lost', 'lost'],
  ['prevented', null],
  ['warning_needs_response', null],
  ['warning_under_review', null],
  ['warning_closed', null],
]);

/** How the disputes of one payment stand together: what is lost counts before what is open. */
export function readDisputes(answers: readonly unknown[]): Payment['dispute'] {
  const found = answers.map((answer) => {
    const { status } = disputeSchema.parse(answer);
    return settled.has(status) ? settled.get(status) : 'open';
  });
  return (['lost', 'open', 'won'] as const).find((one) => found.includes(one)) ?? null;
}

const invoicePaymentSchema = z.looseObject({ status: z.string(), invoice: idSchema });

/** The invoice that a payment is for; the one that it has paid goes first. */
export function readPaidInvoice(answers: readonly unknown[]): string | null {
  const found = answers.map((answer) => invoicePaymentSchema.parse(answer));
  const paid = found.find(({ status }) => status === 'paid') ?? found[0];
  return paid?.invoice ?? null;
}
