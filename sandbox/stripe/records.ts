import { z } from 'zod';

/** All times are seconds since 1970 on the emulator's clock, all amounts in the smallest unit of the currency. */
const seconds = z.int();
const metadata = z.record(z.string(), z.string());

const intervals = ['day', 'week', 'month', 'year'] as const;

export const priceSchema = z.object({
  id: z.string(),
  product: z.string(),
  name: z.string(),
  amount: z.int(),
  currency: z.string(),
  /** Null: paid once. */
  interval: z.enum(intervals).nullable(),
  active: z.boolean(),
  created: seconds,
});
export type PriceRecord = z.infer<typeof priceSchema>;

export const customerSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  description: z.string().nullable(),
  metadata,
  locales: z.array(z.string()),
  /** Below zero: credit that the next invoices use up. */
  balance: z.int(),
  /** The payment method that invoices are paid by where the subscription names none. */
  method: z.string().nullable(),
  created: seconds,
});
export type CustomerRecord = z.infer<typeof customerSchema>;

/** A card or bank account; `number` is one of the test numbers of cards.ts. */
export const methodSchema = z.object({
  id: z.string(),
  customer: z.string().nullable(),
  number: z.string(),
  /** Whether the person has confirmed it for payments in their absence. */
  isSetUp: z.boolean(),
  created: seconds,
});
export type MethodRecord = z.infer<typeof methodSchema>;

export const checkoutSchema = z.object({
  id: z.string(),
  mode: z.enum(['payment', 'subscription']),
  status: z.enum(['open', 'complete', 'expired']),
  paymentStatus: z.enum(['unpaid', 'paid', 'no_payment_required']),
  customer: z.string().nullable(),
  customerEmail: z.string().nullable(),
  clientReferenceId: z.string().nullable(),
  lines: z.array(z.object({ id: z.string(), price: z.string(), quantity: z.int() })),
  amount: z.int(),
  currency: z.string(),
  metadata,
  /** What is written on the subscription, or on the payment. */
  innerMetadata: metadata,
  uiMode: z.enum(['hosted_page', 'embedded_page', 'elements', 'form']),
  successUrl: z.string().nullable(),
  cancelUrl: z.string().nullable(),
  returnUrl: z.string().nullable(),
  locale: z.string().nullable(),
  allowPromotionCodes: z.boolean().nullable(),
  subscription: z.string().nullable(),
  invoice: z.string().nullable(),
  /** The payment under way, also while it is declined; shown in the answers once complete. */
  intent: z.string().nullable(),
  created: seconds,
  expiresAt: seconds,
});
export type CheckoutRecord = z.infer<typeof checkoutSchema>;

const itemSchema = z.object({
  id: z.string(),
  price: z.string(),
  quantity: z.int(),
  created: seconds,
});

export const lineSchema = z.object({
  id: z.string(),
  amount: z.int(),
  description: z.string(),
  price: z.string(),
  quantity: z.int(),
  item: z.string(),
  isProration: z.boolean(),
  periodStart: seconds,
  periodEnd: seconds,
});
export type LineRecord = z.infer<typeof lineSchema>;

export const subscriptionStatuses = [
  'active',
  'canceled',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
] as const;

export const subscriptionSchema = z.object({
  id: z.string(),
  customer: z.string(),
  status: z.enum(subscriptionStatuses),
  items: z.array(itemSchema),
  /** Counted from here, so that the 31st stays the 31st where there is one. */
  anchor: seconds,
  periodStart: seconds,
  periodEnd: seconds,
  cancelAtPeriodEnd: z.boolean(),
  canceledAt: seconds.nullable(),
  cancelReason: z.enum(['cancellation_requested', 'payment_failed', 'payment_disputed']).nullable(),
  endedAt: seconds.nullable(),
  /** Renewal invoices are left as drafts, made void or uncollectible while this is set. */
  pauseCollection: z
    .object({
      behavior: z.enum(['keep_as_draft', 'mark_uncollectible', 'void']),
      resumesAt: seconds.nullable(),
    })
    .nullable(),
  method: z.string().nullable(),
  latestInvoice: z.string().nullable(),
  metadata,
  /** Prorations that the next invoice takes along. */
  pendingLines: z.array(lineSchema),
  created: seconds,
});
export type SubscriptionRecord = z.infer<typeof subscriptionSchema>;

const billingReasons = [
  'subscription_create',
  'subscription_cycle',
  'subscription_update',
] as const;

export const invoiceSchema = z.object({
  id: z.string(),
  number: z.string().nullable(),
  customer: z.string(),
  subscription: z.string(),
  subscriptionMetadata: metadata,
  status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']),
  reason: z.enum(billingReasons),
  currency: z.string(),
  lines: z.array(lineSchema),
  /** Of the lines; below zero it becomes credit. */
  total: z.int(),
  /** After credit. */
  amountDue: z.int(),
  amountPaid: z.int(),
  startingBalance: z.int(),
  endingBalance: z.int().nullable(),
  attempts: z.int(),
  /** Null: it is not tried again by itself. */
  nextAttemptAt: seconds.nullable(),
  /** When a draft is finalized by itself. */
  finalizesAt: seconds.nullable(),
  finalizedAt: seconds.nullable(),
  paidAt: seconds.nullable(),
  voidedAt: seconds.nullable(),
  uncollectibleAt: seconds.nullable(),
  periodStart: seconds,
  periodEnd: seconds,
  /** The payment that pays it; null for drafts and for what costs nothing. */
  intent: z.string().nullable(),
  /** Id of the invoice payment that ties the two together. */
  payment: z.string().nullable(),
  created: seconds,
});
export type InvoiceRecord = z.infer<typeof invoiceSchema>;

/** Why the bank said no. */
export const failureSchema = z.object({
  code: z.string(),
  declineCode: z.string().nullable(),
  message: z.string(),
});
export type Failure = z.infer<typeof failureSchema>;

export const intentSchema = z.object({
  id: z.string(),
  customer: z.string().nullable(),
  amount: z.int(),
  currency: z.string(),
  status: z.enum([
    'requires_payment_method',
    'requires_confirmation',
    'requires_action',
    'processing',
    'succeeded',
    'canceled',
  ]),
  method: z.string().nullable(),
  /** What was tried last and did not work. */
  failure: failureSchema.nullable(),
  failedMethod: z.string().nullable(),
  charge: z.string().nullable(),
  invoice: z.string().nullable(),
  checkout: z.string().nullable(),
  /** When the bank answers a debit; null while nothing is under way. */
  settlesAt: seconds.nullable(),
  canceledAt: seconds.nullable(),
  metadata,
  created: seconds,
});
export type IntentRecord = z.infer<typeof intentSchema>;

export const chargeSchema = z.object({
  id: z.string(),
  intent: z.string(),
  customer: z.string().nullable(),
  method: z.string(),
  amount: z.int(),
  refunded: z.int(),
  currency: z.string(),
  status: z.enum(['succeeded', 'pending', 'failed']),
  failure: failureSchema.nullable(),
  dispute: z.string().nullable(),
  /** When the cardholder disputes it by itself. */
  disputedAt: seconds.nullable(),
  metadata,
  created: seconds,
});
export type ChargeRecord = z.infer<typeof chargeSchema>;

export const refundReasons = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

export const refundSchema = z.object({
  id: z.string(),
  charge: z.string(),
  amount: z.int(),
  reason: z.enum(refundReasons).nullable(),
  metadata,
  created: seconds,
});
export type RefundRecord = z.infer<typeof refundSchema>;

export const disputeSchema = z.object({
  id: z.string(),
  charge: z.string(),
  amount: z.int(),
  reason: z.string(),
  status: z.enum(['needs_response', 'under_review', 'won', 'lost']),
  created: seconds,
});
export type DisputeRecord = z.infer<typeof disputeSchema>;

export const portalFlows = [
  'payment_method_update',
  'subscription_cancel',
  'subscription_update',
  'subscription_update_confirm',
] as const;

export const portalSchema = z.object({
  id: z.string(),
  customer: z.string(),
  returnUrl: z.string().nullable(),
  locale: z.string().nullable(),
  /** Where it leads straight to; null: the start page. */
  flow: z
    .object({
      type: z.enum(portalFlows),
      subscription: z.string().nullable(),
      /** The price that `subscription_update_confirm` asks about. */
      price: z.string().nullable(),
    })
    .nullable(),
  created: seconds,
});
export type PortalRecord = z.infer<typeof portalSchema>;
