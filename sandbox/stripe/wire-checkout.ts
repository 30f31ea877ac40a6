import type Stripe from 'stripe';

import { checkoutUrl, portalUrl, type StripeHouse } from './house.ts';
import type { CheckoutRecord, PortalRecord } from './records.ts';
import { wireList, type Shape, type WireObject } from './shape.ts';
import { wirePrice } from './wire-customer.ts';

/** A checkout session in the form of the API; `line_items` only where they are expanded. */
export function wireCheckout(house: StripeHouse, checkout: CheckoutRecord): WireObject {
  const isOver = checkout.status === 'complete';
  const isHosted = checkout.uiMode === 'hosted_page';
  return {
    id: checkout.id,
    object: 'checkout.session',
    adaptive_pricing: null,
    after_expiration: null,
    allow_promotion_codes: checkout.allowPromotionCodes,
    allowed_payment_method_types: null,
    amount_subtotal: checkout.amount,
    amount_total: checkout.amount,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: checkout.cancelUrl,
    client_reference_id: checkout.clientReferenceId,
    client_secret: isHosted ? null : `${checkout.id}_secret_sandbox`,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: checkout.created,
    currency: checkout.currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null },
    customer: checkout.customer,
    customer_account: null,
    customer_creation: checkout.mode === 'payment' ? 'if_required' : 'always',
    customer_details: customerDetails(house, checkout),
    customer_email: checkout.customerEmail,
    discounts: [],
    expires_at: checkout.expiresAt,
    integration_identifier: null,
    invoice: checkout.invoice,
    invoice_creation: null,
    livemode: false,
    locale: checkout.locale,
    managed_payments: null,
    metadata: checkout.metadata,
    mode: checkout.mode,
    origin_context: null,
    payment_intent: isOver && checkout.mode === 'payment' ? checkout.intent : null,
    payment_link: null,
    payment_method_collection: checkout.mode === 'payment' ? 'if_required' : 'always',
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: 'automatic' } },
    payment_method_types: ['card', 'us_bank_account'],
    payment_status: checkout.paymentStatus,
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: checkout.status,
    submit_type: null,
    subscription: checkout.subscription,
    success_url: checkout.successUrl,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: checkout.uiMode,
    url: isHosted && checkout.status === 'open' ? checkoutUrl(house, checkout.id) : null,
    wallet_options: null,
    ...(checkout.returnUrl === null ? {} : { return_url: checkout.returnUrl }),
  } satisfies Shape<Stripe.Checkout.Session>;
}

function customerDetails({ state }: StripeHouse, checkout: CheckoutRecord): WireObject | null {
  const customer = state.customers.get(checkout.customer ?? '');
  const email = customer?.email ?? checkout.customerEmail;
  if (!customer && email === null) return null;
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name: customer?.name ?? null,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  };
}

/** What a checkout sells. */
export function wireCheckoutLines({ state }: StripeHouse, checkout: CheckoutRecord): WireObject {
  const lines = checkout.lines.map(({ id, price, quantity }) => {
    const record = state.prices.get(price);
    const amount = (record?.amount ?? 0) * quantity;
    return {
      id,
      object: 'item',
      adjustable_quantity: null,
      amount_discount: 0,
      amount_subtotal: amount,
      amount_tax: 0,
      amount_total: amount,
      currency: checkout.currency,
      description: record?.name ?? null,
      metadata: {},
      price: record ? wirePrice(record) : null,
      quantity,
    } satisfies Shape<Stripe.LineItem>;
  });
  return wireList(`/v1/checkout/sessions/${checkout.id}/line_items`, lines);
}

/** A session of the customer portal in the form of the API. */
export function wirePortal(house: StripeHouse, portal: PortalRecord): WireObject {
  return {
    id: portal.id,
    object: 'billing_portal.session',
    configuration: 'bpc_sandbox',
    created: portal.created,
    customer: portal.customer,
    customer_account: null,
    flow: portal.flow && wireFlow(portal.flow),
    livemode: false,
    locale: portal.locale,
    on_behalf_of: null,
    return_url: portal.returnUrl,
    url: portalUrl(house, portal.id),
  } satisfies Shape<Stripe.BillingPortal.Session>;
}

function wireFlow({ type, subscription }: NonNullable<PortalRecord['flow']>): WireObject {
  return {
    after_completion: {
      hosted_confirmation: null,
      redirect: null,
      type: 'portal_homepage',
    },
    customer_update: null,
    subscription_cancel: type === 'subscription_cancel' ? { retention: null, subscription } : null,
    subscription_pause: null,
    subscription_update: type === 'subscription_update' ? { subscription } : null,
    subscription_update_confirm:
      type === 'subscription_update_confirm' ? { discounts: null, items: [], subscription } : null,
    type,
  };
}
