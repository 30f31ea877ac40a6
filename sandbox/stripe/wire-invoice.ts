import type Stripe from 'stripe';

import { invoiceUrl, type StripeHouse } from './house.ts';
import type { InvoiceRecord, LineRecord } from './records.ts';
import { wireList, type Shape, type WireObject } from './shape.ts';

/** What no invoice of this stand-in has, or every one has alike. */
const always = {
  account_country: 'US',
  account_name: 'Sandbox',
  account_tax_ids: null,
  amount_overpaid: 0,
  amount_shipping: 0,
  application: null,
  automatic_tax: {
    disabled_reason: null,
    enabled: false,
    liability: null,
    provider: null,
    status: null,
  },
  collection_method: 'charge_automatically',
  custom_fields: null,
  customer_account: null,
  customer_address: null,
  customer_phone: null,
  customer_shipping: null,
  customer_tax_exempt: 'none',
  customer_tax_ids: [],
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  due_date: null,
  footer: null,
  from_invoice: null,
  issuer: { type: 'self' },
  last_finalization_error: null,
  latest_revision: null,
  livemode: false,
  metadata: {},
  on_behalf_of: null,
  payment_settings: {
    default_mandate: null,
    payment_method_options: null,
    payment_method_types: null,
  },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  statement_descriptor: null,
  test_clock: null,
  total_discount_amounts: [],
  total_pretax_credit_amounts: [],
  total_taxes: [],
} satisfies Partial<Shape<Stripe.Invoice>>;

/** An invoice in the form of the API; `payments` only where they are expanded. */
export function wireInvoice(house: StripeHouse, invoice: InvoiceRecord): WireObject {
  const customer = house.state.customers.get(invoice.customer);
  const isDraft = invoice.status === 'draft';
  const lines = invoice.lines.map((line) => wireLine(house, invoice, line));
  return {
    ...always,
    id: invoice.id,
    object: 'invoice',
    amount_due: invoice.amountDue,
    amount_paid: invoice.amountPaid,
    amount_remaining: invoice.amountDue - invoice.amountPaid,
    attempt_count: invoice.attempts,
    attempted: invoice.attempts > 0,
    auto_advance: isDraft || (invoice.status === 'open' && invoice.nextAttemptAt !== null),
    automatically_finalizes_at: isDraft ? invoice.finalizesAt : null,
    billing_reason: invoice.reason,
    created: invoice.created,
    currency: invoice.currency,
    customer: invoice.customer,
    customer_email: customer?.email ?? null,
    customer_name: customer?.name ?? null,
    effective_at: invoice.finalizedAt,
    ending_balance: invoice.endingBalance,
    hosted_invoice_url: isDraft ? null : invoiceUrl(house, invoice.id),
    invoice_pdf: isDraft ? null : `${invoiceUrl(house, invoice.id)}/pdf`,
    lines: wireList(`/v1/invoices/${invoice.id}/lines`, lines),
    next_payment_attempt: invoice.status === 'open' ? invoice.nextAttemptAt : null,
    number: invoice.number,
    parent: wireParent(invoice),
    period_end: invoice.periodEnd,
    period_start: invoice.periodStart,
    starting_balance: invoice.startingBalance,
    status: invoice.status,
    status_transitions: {
      finalized_at: invoice.finalizedAt,
      marked_uncollectible_at: invoice.uncollectibleAt,
      paid_at: invoice.paidAt,
      voided_at: invoice.voidedAt,
    },
    subtotal: invoice.total,
    subtotal_excluding_tax: invoice.total,
    total: invoice.total,
    total_excluding_tax: invoice.total,
    webhooks_delivered_at: invoice.created,
  } satisfies Shape<Stripe.Invoice>;
}

const wireParent = ({ subscription, subscriptionMetadata }: InvoiceRecord): WireObject => ({
  quote_details: null,
  subscription_details: { metadata: subscriptionMetadata, subscription },
  type: 'subscription_details',
});

function wireLine({ state }: StripeHouse, invoice: InvoiceRecord, line: LineRecord): WireObject {
  const price = state.prices.get(line.price);
  return {
    id: line.id,
    object: 'line_item',
    amount: line.amount,
    currency: invoice.currency,
    description: line.description,
    discount_amounts: [],
    discountable: !line.isProration,
    discounts: [],
    invoice: invoice.id,
    livemode: false,
    metadata: invoice.subscriptionMetadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: line.isProration,
        proration_details: { credited_items: null },
        subscription: invoice.subscription,
        subscription_item: line.item,
      },
      type: 'subscription_item_details',
    },
    period: { start: line.periodStart, end: line.periodEnd },
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: line.price, product: price?.product ?? '' },
      type: 'price_details',
      unit_amount_decimal: String(price?.amount ?? 0),
    },
    quantity: line.quantity,
    quantity_decimal: String(line.quantity),
    subscription: invoice.subscription,
    subtotal: line.amount,
    taxes: [],
  } satisfies Shape<Stripe.InvoiceLineItem>;
}

/** The tie between an invoice and its payment; null while nothing is to be paid. */
export function wireInvoicePayment(invoice: InvoiceRecord): WireObject | null {
  if (invoice.payment === null || invoice.intent === null) return null;
  const isPaid = invoice.status === 'paid';
  const isOver = invoice.status === 'void' || invoice.status === 'uncollectible';
  return {
    id: invoice.payment,
    object: 'invoice_payment',
    amount_paid: isPaid ? invoice.amountPaid : null,
    amount_requested: invoice.amountDue,
    created: invoice.finalizedAt ?? invoice.created,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: invoice.intent, type: 'payment_intent' },
    status: isPaid ? 'paid' : isOver ? 'canceled' : 'open',
    status_transitions: { canceled_at: invoice.voidedAt, paid_at: invoice.paidAt },
  } satisfies Shape<Stripe.InvoicePayment>;
}

/** What `expand[]=payments` brings. */
export function wireInvoicePayments(invoice: InvoiceRecord): WireObject {
  const payment = wireInvoicePayment(invoice);
  return wireList('/v1/invoice_payments', payment ? [payment] : []);
}
