import type Stripe from 'stripe';

import type { StripeHouse } from './house.ts';
import type { SubscriptionRecord } from './records.ts';
import { wireList, type Shape, type WireObject } from './shape.ts';
import { wirePlan, wirePrice } from './wire-customer.ts';

/** A subscription in the form of the API: since 2025-03 the period stands on its items. */
export function wireSubscription(house: StripeHouse, record: SubscriptionRecord): WireObject {
  const items = record.items.map((item) => wireItem(house, record, item));
  return {
    id: record.id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: record.anchor,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: record.cancelAtPeriodEnd ? record.periodEnd : null,
    cancel_at_period_end: record.cancelAtPeriodEnd,
    canceled_at: record.canceledAt,
    cancellation_details: { comment: null, feedback: null, reason: record.cancelReason },
    collection_method: 'charge_automatically',
    created: record.created,
    currency: currencyOf(house, record),
    customer: record.customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: record.method,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    ended_at: record.endedAt,
    invoice_settings: { account_tax_ids: null, issuer: { type: 'self' } },
    items: wireList(`/v1/subscription_items?subscription=${record.id}`, items),
    latest_invoice: record.latestInvoice,
    livemode: false,
    managed_payments: null,
    metadata: record.metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: record.pauseCollection && {
      behavior: record.pauseCollection.behavior,
      resumes_at: record.pauseCollection.resumesAt,
    },
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: record.created,
    status: record.status,
    test_clock: null,
    transfer_data: null,
    trial_end: null,
    trial_settings: { end_behavior: { missing_payment_method: 'create_invoice' } },
    trial_start: null,
  } satisfies Shape<Stripe.Subscription>;
}

function wireItem(
  { state }: StripeHouse,
  record: SubscriptionRecord,
  item: SubscriptionRecord['items'][number],
): WireObject {
  const price = state.prices.get(item.price);
  return {
    id: item.id,
    object: 'subscription_item',
    billing_thresholds: null,
    created: item.created,
    current_period_end: record.periodEnd,
    current_period_start: record.periodStart,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: price ? wirePlan(price) : null,
    price: price ? wirePrice(price) : null,
    quantity: item.quantity,
    subscription: record.id,
    tax_rates: [],
  } satisfies Shape<Stripe.SubscriptionItem>;
}

function currencyOf({ state }: StripeHouse, record: SubscriptionRecord): string {
  return state.prices.get(record.items[0]?.price ?? '')?.currency ?? 'usd';
}
