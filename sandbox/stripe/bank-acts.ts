import { find, invalidRequest } from './errors.ts';
import { publish } from './events.ts';
import type { StripeHouse } from './house.ts';
import type { ChargeRecord, DisputeRecord, RefundRecord, SubscriptionRecord } from './records.ts';
import { endDispute, newDispute, newRefund } from './refunds.ts';
import { setStatus } from './subscription-status.ts';
import { resumeSubscription } from './subscriptions.ts';
import { wireSubscription } from './wire-subscription.ts';

/** The operator gives money back; `payment` is a payment intent or a charge, without an amount all that is left. @internal */
export function refund(stripe: StripeHouse, payment: string, amount?: number): RefundRecord {
  const made = newRefund(stripe, chargeOf(stripe, payment), {
    amount: amount ?? null,
    reason: 'requested_by_customer',
    metadata: {},
  });
  stripe.commit();
  return made;
}

/** The cardholder disputes a payment at the bank. @internal */
export function dispute(
  stripe: StripeHouse,
  payment: string,
  reason = 'fraudulent',
): DisputeRecord {
  const charge = chargeOf(stripe, payment);
  if (charge.dispute !== null) throw invalidRequest(`Charge ${charge.id} is disputed already.`);
  const made = newDispute(stripe, charge, reason);
  stripe.commit();
  return made;
}

/** The bank decides a dispute. @internal */
export function closeDispute(
  stripe: StripeHouse,
  disputeId: string,
  how: 'won' | 'lost',
): DisputeRecord {
  const record = find(stripe.state.disputes, 'dispute', disputeId);
  if (record.status !== 'won' && record.status !== 'lost') endDispute(stripe, record, how);
  stripe.commit();
  return record;
}

/** The operator pauses a subscription: no renewals until it is resumed. @internal */
export function pause(stripe: StripeHouse, subscriptionId: string): SubscriptionRecord {
  const subscription = find(stripe.state.subscriptions, 'subscription', subscriptionId);
  if (subscription.status === 'active') {
    setStatus(stripe, subscription, 'paused');
    publish(stripe, 'customer.subscription.paused', wireSubscription(stripe, subscription));
  }
  stripe.commit();
  return subscription;
}

/** The operator lets it go on: with the rest of the period, or with a new one that is paid first. @internal */
export function resumePaused(stripe: StripeHouse, subscriptionId: string): SubscriptionRecord {
  const subscription = find(stripe.state.subscriptions, 'subscription', subscriptionId);
  if (subscription.status === 'paused') resumeSubscription(stripe, subscription, 'unchanged');
  stripe.commit();
  return subscription;
}

function chargeOf({ state }: StripeHouse, payment: string): ChargeRecord {
  const charge = state.intents.get(payment)?.charge ?? payment;
  return find(state.charges, 'charge', charge);
}
