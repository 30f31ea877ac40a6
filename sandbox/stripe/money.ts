import { findTestMethod, liveCard, type TestMethod } from './cards.ts';
import { day, type StripeHouse } from './house.ts';
import { newId } from './ids.ts';
import { publish } from './events.ts';
import type { ChargeRecord, Failure, IntentRecord, MethodRecord } from './records.ts';
import { wireMethod } from './wire-customer.ts';
import { wireCharge, wireIntent } from './wire-payment.ts';

type NewIntent = Pick<
  IntentRecord,
  'customer' | 'amount' | 'currency' | 'metadata' | 'invoice' | 'checkout'
>;

/** Whether the person is there to confirm, and whether they just have. */
export type Presence = 'absent' | 'present' | 'confirmed';

/** Begins a payment that nothing has been tried for yet. */
export function openIntent(house: StripeHouse, wish: NewIntent): IntentRecord {
  const intent: IntentRecord = {
    ...wish,
    id: newId(house.state, 'pi'),
    status: 'requires_payment_method',
    method: null,
    failure: null,
    failedMethod: null,
    charge: null,
    settlesAt: null,
    canceledAt: null,
    created: house.now(),
  };
  house.state.intents.set(intent.id, intent);
  publish(house, 'payment_intent.created', wireIntent(house, intent));
  return intent;
}

/** Remembers a card or bank account; it is kept for a customer by `attachMethod`. */
export function newMethod(house: StripeHouse, test: TestMethod): MethodRecord {
  const method: MethodRecord = {
    id: newId(house.state, 'pm'),
    customer: null,
    number: test.number,
    isSetUp: false,
    created: house.now(),
  };
  house.state.methods.set(method.id, method);
  return method;
}

/** Makes it the one that the customer's invoices are paid by. */
export function attachMethod(house: StripeHouse, method: MethodRecord, customerId: string): void {
  const customer = house.state.customers.get(customerId);
  if (customer) customer.method = method.id;
  if (method.customer === customerId) return;
  method.customer = customerId;
  publish(house, 'payment_method.attached', wireMethod(method));
}

/** Tries to take the money; how it went stands in the intent's status. */
export function confirmIntent(
  house: StripeHouse,
  intent: IntentRecord,
  method: MethodRecord,
  presence: Presence,
): void {
  const test = findTestMethod(method.number);
  if (test && needsConfirming(test, method, presence)) {
    intent.method = method.id;
    intent.status = 'requires_action';
    publish(house, 'payment_intent.requires_action', wireIntent(house, intent));
    return;
  }
  if (test?.kind === 'us_bank_account') {
    intent.method = method.id;
    intent.status = 'processing';
    intent.failure = null;
    intent.settlesAt = house.now() + day;
    const charge = newCharge(house, intent, method, { status: 'pending', failure: null });
    publish(house, 'charge.pending', wireCharge(house, charge));
    publish(house, 'payment_intent.processing', wireIntent(house, intent));
    return;
  }
  const failure = test ? test.failure : liveCard;
  if (failure) {
    failIntent(house, intent, method, failure);
    return;
  }
  if (presence === 'confirmed') method.isSetUp = true;
  const charge = newCharge(house, intent, method, { status: 'succeeded', failure: null });
  if (test?.isDisputed) charge.disputedAt = house.now() + day;
  succeed(house, intent, charge);
}

function needsConfirming(test: TestMethod, method: MethodRecord, presence: Presence): boolean {
  if (presence === 'confirmed' || test.confirms === 'never') return false;
  return presence === 'present' || test.confirms === 'always' || !method.isSetUp;
}

/** A try that the bank, or the person on the bank's page, has refused. */
export function failIntent(
  house: StripeHouse,
  intent: IntentRecord,
  method: MethodRecord,
  failure: Failure,
): void {
  const charge = newCharge(house, intent, method, { status: 'failed', failure });
  markFailed(house, intent, charge, failure);
}

/** The bank's answer to a debit, a day after it was asked. */
export function settleIntent(house: StripeHouse, intent: IntentRecord): void {
  const charge = house.state.charges.get(intent.charge ?? '');
  const method = house.state.methods.get(intent.method ?? '');
  intent.settlesAt = null;
  if (!charge || !method) return;
  const failure = findTestMethod(method.number)?.failure ?? null;
  if (failure) {
    charge.status = 'failed';
    charge.failure = failure;
    markFailed(house, intent, charge, failure);
    return;
  }
  charge.status = 'succeeded';
  succeed(house, intent, charge);
}

function succeed(house: StripeHouse, intent: IntentRecord, charge: ChargeRecord): void {
  intent.method = charge.method;
  intent.status = 'succeeded';
  intent.failure = null;
  intent.failedMethod = null;
  publish(house, 'charge.succeeded', wireCharge(house, charge));
  publish(house, 'payment_intent.succeeded', wireIntent(house, intent));
}

function markFailed(
  house: StripeHouse,
  intent: IntentRecord,
  charge: ChargeRecord,
  failure: Failure,
): void {
  intent.method = null;
  intent.failedMethod = charge.method;
  intent.status = 'requires_payment_method';
  intent.failure = failure;
  publish(house, 'charge.failed', wireCharge(house, charge));
  publish(house, 'payment_intent.payment_failed', wireIntent(house, intent));
}

function newCharge(
  house: StripeHouse,
  intent: IntentRecord,
  method: MethodRecord,
  outcome: Pick<ChargeRecord, 'status' | 'failure'>,
): ChargeRecord {
  const charge: ChargeRecord = {
    ...outcome,
    id: newId(house.state, 'ch'),
    intent: intent.id,
    customer: intent.customer,
    method: method.id,
    amount: intent.amount,
    refunded: 0,
    currency: intent.currency,
    dispute: null,
    disputedAt: null,
    metadata: { ...intent.metadata },
    created: house.now(),
  };
  house.state.charges.set(charge.id, charge);
  intent.charge = charge.id;
  return charge;
}
