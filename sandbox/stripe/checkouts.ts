import { publish } from './events.ts';
import { day, type StripeHouse } from './house.ts';
import { newId } from './ids.ts';
import { finalizeInvoice, markPaid } from './invoices.ts';
import { attachMethod } from './money.ts';
import type { CheckoutRecord, CustomerRecord, IntentRecord } from './records.ts';
import { setStatus } from './subscription-status.ts';
import { billPeriod, newSubscription } from './subscriptions.ts';
import { wireCheckout } from './wire-checkout.ts';
import { wireCustomer } from './wire-customer.ts';

/** How long a checkout can be paid. */
export const checkoutLife = day;

/** Ends an open checkout without a payment. */
export function expireCheckout(house: StripeHouse, checkout: CheckoutRecord): void {
  checkout.status = 'expired';
  publish(house, 'checkout.session.expired', wireCheckout(house, checkout));
}

/** Writes down a new customer. */
export function newCustomer(
  house: StripeHouse,
  wish: Partial<Pick<CustomerRecord, 'name' | 'email' | 'description' | 'metadata' | 'locales'>>,
): CustomerRecord {
  const customer: CustomerRecord = {
    id: newId(house.state, 'cus', 14),
    name: wish.name ?? null,
    email: wish.email ?? null,
    description: wish.description ?? null,
    metadata: wish.metadata ?? {},
    locales: wish.locales ?? [],
    balance: 0,
    method: null,
    created: house.now(),
  };
  house.state.customers.set(customer.id, customer);
  publish(house, 'customer.created', wireCustomer(customer));
  return customer;
}

/** What follows when the payment has come in or is on its way: customer, subscription, invoice, and the checkout's end. */
export function completeCheckout(
  house: StripeHouse,
  checkout: CheckoutRecord,
  intent: IntentRecord | null,
): void {
  if (checkout.mode === 'subscription') {
    checkout.customer ??= newCustomer(house, { email: checkout.customerEmail }).id;
  }
  const { customer } = checkout;
  if (intent) givePayment(house, intent, customer);
  if (checkout.mode === 'subscription' && customer !== null) {
    beginSubscription(house, checkout, { customer, intent });
  }
  checkout.status = 'complete';
  checkout.paymentStatus = paymentStatusOf(checkout, intent);
  publish(house, 'checkout.session.completed', wireCheckout(house, checkout));
}

const isPaid = (intent: IntentRecord | null): boolean =>
  intent === null || intent.status === 'succeeded';

function paymentStatusOf(
  { amount }: CheckoutRecord,
  intent: IntentRecord | null,
): CheckoutRecord['paymentStatus'] {
  if (amount === 0) return 'no_payment_required';
  return isPaid(intent) ? 'paid' : 'unpaid';
}

/** A payment belongs to the customer whom the checkout has made. */
function givePayment({ state }: StripeHouse, intent: IntentRecord, customer: string | null): void {
  intent.customer = customer;
  const charge = state.charges.get(intent.charge ?? '');
  if (charge) charge.customer = customer;
}

type Payer = { readonly customer: string; readonly intent: IntentRecord | null };

/** The subscription that was bought, and the invoice of its first period. */
function beginSubscription(
  house: StripeHouse,
  checkout: CheckoutRecord,
  { customer, intent }: Payer,
): void {
  const method = house.state.methods.get(intent?.method ?? '');
  if (method) attachMethod(house, method, customer);
  const subscription = newSubscription(house, {
    customer,
    items: checkout.lines,
    method: method?.id ?? null,
    metadata: checkout.innerMetadata,
  });
  const invoice = billPeriod(house, subscription, {
    reason: 'subscription_create',
    finalizesAt: null,
  });
  finalizeInvoice(house, invoice, intent ?? undefined);
  invoice.attempts = 1;
  checkout.subscription = subscription.id;
  checkout.invoice = invoice.id;
  if (invoice.status === 'open' && isPaid(intent)) markPaid(house, invoice);
  if (subscription.status === 'incomplete') setStatus(house, subscription, 'active');
}

/** What follows when the bank has answered a debit. */
export function settleCheckout(
  house: StripeHouse,
  checkout: CheckoutRecord,
  intent: IntentRecord,
): void {
  if (isPaid(intent)) checkout.paymentStatus = 'paid';
  const type = isPaid(intent) ? 'async_payment_succeeded' : 'async_payment_failed';
  publish(house, `checkout.session.${type}`, wireCheckout(house, checkout));
}
