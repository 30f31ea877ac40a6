import type Stripe from 'stripe';

import { findTestMethod } from './cards.ts';
import type { CustomerRecord, MethodRecord, PriceRecord } from './records.ts';
import type { Shape, WireObject } from './shape.ts';

/** A customer in the form of the API. */
export function wireCustomer(customer: CustomerRecord): WireObject {
  return {
    id: customer.id,
    object: 'customer',
    address: null,
    balance: customer.balance,
    created: customer.created,
    currency: null,
    default_source: null,
    delinquent: false,
    description: customer.description,
    discount: null,
    email: customer.email,
    invoice_prefix: customer.id.slice(-8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: customer.method,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: customer.metadata,
    name: customer.name,
    phone: null,
    preferred_locales: customer.locales,
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  } satisfies Shape<Stripe.Customer>;
}

/** A price in the form of the API. */
export function wirePrice(price: PriceRecord): WireObject {
  return {
    id: price.id,
    object: 'price',
    active: price.active,
    billing_scheme: 'per_unit',
    created: price.created,
    currency: price.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: price.name,
    product: price.product,
    recurring: recurringOf(price),
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: price.interval === null ? 'one_time' : 'recurring',
    unit_amount: price.amount,
    unit_amount_decimal: String(price.amount),
  } satisfies Shape<Stripe.Price>;
}

const recurringOf = ({ interval }: PriceRecord) =>
  interval && {
    interval,
    interval_count: 1,
    meter: null,
    trial_period_days: null,
    usage_type: 'licensed',
  };

/** The older form of a recurring price, which subscription items still carry. */
export function wirePlan(price: PriceRecord): WireObject {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.amount,
    amount_decimal: String(price.amount),
    billing_scheme: 'per_unit',
    created: price.created,
    currency: price.currency,
    interval: price.interval,
    interval_count: 1,
    livemode: false,
    metadata: {},
    meter: null,
    nickname: price.name,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  };
}

/** A payment method in the form of the API. */
export function wireMethod(method: MethodRecord): WireObject {
  const { kind, details } = methodDetails(method);
  return {
    id: method.id,
    object: 'payment_method',
    allow_redisplay: 'limited',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    created: method.created,
    customer: method.customer,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: kind,
    [kind]: details,
  };
}

/** What is shown of a card or bank account; never its whole number. */
export function methodDetails(method: MethodRecord): { kind: string; details: WireObject } {
  const kind = findTestMethod(method.number)?.kind ?? 'card';
  const last4 = method.number.slice(-4);
  if (kind === 'us_bank_account') {
    return { kind, details: { bank_name: 'STRIPE TEST BANK', last4, account_type: 'checking' } };
  }
  const brand = findTestMethod(method.number)?.brand ?? 'visa';
  const details = { brand, country: 'US', exp_month: 12, exp_year: 2034, funding: 'credit', last4 };
  return { kind, details };
}
