import { publish } from './events.ts';
import type { StripeHouse } from './house.ts';
import type { SubscriptionRecord } from './records.ts';
import type { WireObject } from './shape.ts';
import { wireSubscription } from './wire-subscription.ts';

/** Changes a subscription and tells what was different before. */
export function change(
  house: StripeHouse,
  subscription: SubscriptionRecord,
  edit: () => void,
  type = 'customer.subscription.updated',
): void {
  const before = wireSubscription(house, subscription);
  edit();
  const after = wireSubscription(house, subscription);
  const previous = differences(before, after);
  if (type === 'customer.subscription.updated' && Object.keys(previous).length === 0) return;
  publish(house, type, after, previous);
}

function differences(before: WireObject, after: WireObject): WireObject {
  const changed = Object.entries(before).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(after[key]),
  );
  return Object.fromEntries(changed);
}

/** Moves it to another status. */
export function setStatus(
  house: StripeHouse,
  subscription: SubscriptionRecord,
  status: SubscriptionRecord['status'],
): void {
  change(house, subscription, () => {
    subscription.status = status;
  });
}

/** Ends it now: nothing of it is collected any more. */
export function cancelSubscription(
  house: StripeHouse,
  subscription: SubscriptionRecord,
  reason: NonNullable<SubscriptionRecord['cancelReason']>,
): void {
  for (const invoice of house.state.invoices.values()) {
    if (invoice.subscription !== subscription.id) continue;
    invoice.nextAttemptAt = null;
    invoice.finalizesAt = null;
  }
  const edit = () => {
    subscription.status = 'canceled';
    subscription.canceledAt ??= house.now();
    subscription.endedAt = house.now();
    subscription.cancelReason ??= reason;
    subscription.pendingLines = [];
  };
  edit();
  publish(house, 'customer.subscription.deleted', wireSubscription(house, subscription));
}
