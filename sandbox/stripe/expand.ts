import { z } from 'zod';

import { invalidRequest } from './errors.ts';
import type { StripeHouse } from './house.ts';
import type { WireObject } from './shape.ts';
import { wireCheckoutLines } from './wire-checkout.ts';
import { wireCustomer, wireMethod, wirePrice } from './wire-customer.ts';
import { wireInvoice, wireInvoicePayments } from './wire-invoice.ts';
import { wireCharge, wireDispute, wireIntent, wireRefund, wireRefunds } from './wire-payment.ts';
import { wireSubscription } from './wire-subscription.ts';

const wireSchema = z.record(z.string(), z.unknown());
const listSchema = z.looseObject({ object: z.literal('list'), data: z.array(wireSchema) });

/** Replaces ids by what they stand for, along paths such as `latest_invoice.payments`. @throws ApiError */
export function expandAll(
  house: StripeHouse,
  answer: WireObject,
  paths: readonly string[],
): WireObject {
  return paths.reduce((object, path) => expand(house, object, path.split('.'), path), answer);
}

function expand(
  house: StripeHouse,
  object: WireObject,
  [field, ...rest]: readonly string[],
  path: string,
): WireObject {
  if (field === undefined) return object;
  const list = listSchema.safeParse(object);
  if (field === 'data' && list.success) {
    return { ...object, data: list.data.data.map((one) => expand(house, one, rest, path)) };
  }
  const value = object[field] ?? included(house, object, field);
  if (value === null) return object;
  const whole = typeof value === 'string' ? wireById(house, value) : value;
  const read = wireSchema.safeParse(whole);
  if (!read.success) {
    throw invalidRequest(
      `This property cannot be expanded (${path}). You may want to try expanding a parent resource.`,
      { param: 'expand[0]' },
    );
  }
  return { ...object, [field]: expand(house, read.data, rest, path) };
}

/** What is left out unless it is asked for; null for a field that is empty, undefined for one that is not there. */
function included(house: StripeHouse, object: WireObject, field: string): unknown {
  const id = String(object['id']);
  const { state } = house;
  const kind = `${String(object['object'])} ${field}`;
  const checkout = state.checkouts.get(id);
  const invoice = state.invoices.get(id);
  const charge = state.charges.get(id);
  if (kind === 'checkout.session line_items' && checkout) return wireCheckoutLines(house, checkout);
  if (kind === 'invoice payments' && invoice) return wireInvoicePayments(invoice);
  if (kind === 'charge refunds' && charge) return wireRefunds(house, charge);
  return object[field];
}

function wireById(house: StripeHouse, id: string): WireObject | null {
  const { state } = house;
  const customer = state.customers.get(id);
  if (customer) return wireCustomer(customer);
  const subscription = state.subscriptions.get(id);
  if (subscription) return wireSubscription(house, subscription);
  const invoice = state.invoices.get(id);
  if (invoice) return wireInvoice(house, invoice);
  const intent = state.intents.get(id);
  if (intent) return wireIntent(house, intent);
  const charge = state.charges.get(id);
  if (charge) return wireCharge(house, charge);
  const refund = state.refunds.get(id);
  if (refund) return wireRefund(house, refund);
  const dispute = state.disputes.get(id);
  if (dispute) return wireDispute(house, dispute);
  const method = state.methods.get(id);
  if (method) return wireMethod(method);
  const price = state.prices.get(id);
  if (price) return wirePrice(price);
  return product(house, id);
}

function product({ state }: StripeHouse, id: string): WireObject | null {
  const price = Array.from(state.prices.values()).find((one) => one.product === id);
  if (!price) return null;
  const { name, active, created } = price;
  return { id, object: 'product', active, created, livemode: false, metadata: {}, name };
}
