import { invalidRequest } from './errors.ts';
import { publish } from './events.ts';
import { hour, type StripeHouse } from './house.ts';
import { newId } from './ids.ts';
import {
  attemptInvoice,
  draftInvoice,
  finalizeInvoice,
  methodFor,
  type NewInvoice,
} from './invoices.ts';
import { periodEndAfter, prorate } from './periods.ts';
import type { InvoiceRecord, LineRecord, PriceRecord, SubscriptionRecord } from './records.ts';
import { cancelSubscription, change } from './subscription-status.ts';
import { wireInvoice } from './wire-invoice.ts';
import { wireSubscription } from './wire-subscription.ts';

type NewSubscription = {
  readonly customer: string;
  readonly items: readonly { readonly price: string; readonly quantity: number }[];
  readonly method: string | null;
  readonly metadata: Readonly<Record<string, string>>;
};

/** Begins a subscription, still unpaid. */
export function newSubscription(house: StripeHouse, wish: NewSubscription): SubscriptionRecord {
  const now = house.now();
  const subscription: SubscriptionRecord = {
    id: newId(house.state, 'sub'),
    customer: wish.customer,
    status: 'incomplete',
    items: wish.items.map(({ price, quantity }) => ({
      id: newId(house.state, 'si', 14),
      price,
      quantity,
      created: now,
    })),
    anchor: now,
    periodStart: now,
    periodEnd: now,
    cancelAtPeriodEnd: false,
    canceledAt: null,
    cancelReason: null,
    endedAt: null,
    pauseCollection: null,
    method: wish.method,
    latestInvoice: null,
    metadata: { ...wish.metadata },
    pendingLines: [],
    created: now,
  };
  subscription.periodEnd = nextEnd(house, subscription, now);
  house.state.subscriptions.set(subscription.id, subscription);
  publish(house, 'customer.subscription.created', wireSubscription(house, subscription));
  return subscription;
}

function nextEnd(house: StripeHouse, subscription: SubscriptionRecord, start: number): number {
  const interval = priceOf(house, subscription.items[0]?.price ?? '').interval ?? 'month';
  return periodEndAfter(subscription.anchor, start, interval);
}

const priceOf = ({ state }: StripeHouse, id: string): PriceRecord => {
  const price = state.prices.get(id);
  if (!price) throw new Error(`the sandbox lost price ${id}`);
  return price;
};

/** An invoice for the period that has begun, with what has been waiting. */
export function billPeriod(
  house: StripeHouse,
  subscription: SubscriptionRecord,
  wish: Pick<NewInvoice, 'reason' | 'finalizesAt' | 'periodStart'>,
): InvoiceRecord {
  const { periodStart, periodEnd } = subscription;
  const lines = subscription.items.map(({ id, price, quantity }): LineRecord => {
    const { amount, name } = priceOf(house, price);
    return {
      id: newId(house.state, 'il'),
      amount: amount * quantity,
      description: `${quantity} × ${name}`,
      price,
      quantity,
      item: id,
      isProration: false,
      periodStart,
      periodEnd,
    };
  });
  const waiting = subscription.pendingLines.splice(0);
  const currency = priceOf(house, subscription.items[0]?.price ?? '').currency;
  return draftInvoice(house, {
    ...wish,
    subscription,
    lines: [...waiting, ...lines],
    currency,
  });
}

/** What happens at the end of a period: it ends, or the next one begins with a draft that is paid an hour later. */
export function renew(house: StripeHouse, subscription: SubscriptionRecord): void {
  if (subscription.cancelAtPeriodEnd) {
    cancelSubscription(house, subscription, 'cancellation_requested');
    return;
  }
  const pausing = subscription.pauseCollection?.behavior;
  change(house, subscription, () => {
    const { periodStart, periodEnd: start } = subscription;
    subscription.periodStart = start;
    subscription.periodEnd = nextEnd(house, subscription, start);
    const finalizesAt = pausing === 'keep_as_draft' ? null : house.now() + hour;
    billPeriod(house, subscription, { reason: 'subscription_cycle', finalizesAt, periodStart });
  });
}

/** Finalizes a draft and takes the money, unless collecting is paused. */
export function collect(house: StripeHouse, invoice: InvoiceRecord): void {
  const pausing = house.state.subscriptions.get(invoice.subscription)?.pauseCollection?.behavior;
  finalizeInvoice(house, invoice);
  if (invoice.status !== 'open') return;
  if (pausing === 'void') {
    invoice.status = 'void';
    invoice.voidedAt = house.now();
    publish(house, 'invoice.voided', wireInvoice(house, invoice));
  } else if (pausing === 'mark_uncollectible') {
    invoice.status = 'uncollectible';
    invoice.uncollectibleAt = house.now();
    publish(house, 'invoice.marked_uncollectible', wireInvoice(house, invoice));
  } else {
    attemptInvoice(house, invoice, { method: methodFor(house, invoice), presence: 'absent' });
  }
}

export type ItemWish = {
  /** Null adds another item, as Stripe does. */
  readonly id: string | null;
  readonly price: string | null;
  readonly quantity: number | null;
};

export type Proration = 'always_invoice' | 'create_prorations' | 'none';

/** Changes what is subscribed to, within the period; answers the invoice that asks for the difference at once. */
export function changeItems(
  house: StripeHouse,
  subscription: SubscriptionRecord,
  wishes: readonly ItemWish[],
  proration: Proration,
): InvoiceRecord | null {
  const lines: LineRecord[] = [];
  change(house, subscription, () => {
    for (const wish of wishes) {
      const changed = changeItem(house, subscription, wish);
      if (proration !== 'none') lines.push(...changed);
    }
  });
  if (lines.length === 0) return null;
  if (proration !== 'always_invoice') {
    subscription.pendingLines.push(...lines);
    return null;
  }
  const currency = priceOf(house, subscription.items[0]?.price ?? '').currency;
  const waiting = subscription.pendingLines.splice(0);
  const invoice = draftInvoice(house, {
    subscription,
    reason: 'subscription_update',
    lines: [...waiting, ...lines],
    currency,
    finalizesAt: null,
  });
  collect(house, invoice);
  return invoice;
}

function changeItem(
  house: StripeHouse,
  subscription: SubscriptionRecord,
  wish: ItemWish,
): LineRecord[] {
  const found = subscription.items.find(({ id }) => id === wish.id);
  if (wish.id !== null && !found) {
    throw invalidRequest(`No such subscription item: '${wish.id}'`, {
      code: 'resource_missing',
      param: 'items[0][id]',
    });
  }
  const price = wish.price ?? found?.price ?? '';
  const quantity = wish.quantity ?? found?.quantity ?? 1;
  const item = found ?? { id: newId(house.state, 'si', 14), price, quantity, created: house.now() };
  const before = priceOf(house, item.price);
  const after = priceOf(house, price);
  const quantityBefore = found ? item.quantity : 0;
  if (!found) subscription.items.push(item);
  if (before === after && quantityBefore === quantity) return [];
  item.price = price;
  item.quantity = quantity;
  const lines = prorate(
    subscription,
    { item: item.id, before, after, quantityBefore, quantity },
    house.now(),
  );
  return lines
    .filter(({ quantity: count }) => count > 0)
    .map((line) => ({ ...line, id: newId(house.state, 'il') }));
}

/** Goes on after a pause: with the rest of the period, or with a new one that is paid first. */
export function resumeSubscription(
  house: StripeHouse,
  subscription: SubscriptionRecord,
  anchor: 'now' | 'unchanged',
): void {
  const isOver = subscription.periodEnd <= house.now();
  if (anchor === 'now' || isOver) {
    subscription.anchor = house.now();
    subscription.periodStart = house.now();
    subscription.periodEnd = nextEnd(house, subscription, house.now());
    const invoice = billPeriod(house, subscription, {
      reason: 'subscription_update',
      finalizesAt: null,
    });
    collect(house, invoice);
    if (invoice.status !== 'paid') return;
  }
  change(house, subscription, () => {
    subscription.status = 'active';
  });
  publish(house, 'customer.subscription.resumed', wireSubscription(house, subscription));
}
