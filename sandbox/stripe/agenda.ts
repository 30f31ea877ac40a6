import { settleCheckout, expireCheckout } from './checkouts.ts';
import { day, type StripeHouse } from './house.ts';
import { afterFailure, attemptInvoice, markPaid, methodFor } from './invoices.ts';
import { settleIntent } from './money.ts';
import type { IntentRecord } from './records.ts';
import { newDispute } from './refunds.ts';
import { collect, renew } from './subscriptions.ts';

/** Something that happens by itself; `at` in seconds. */
type Due = { readonly at: number; readonly run: () => void };

/** No timer is longer than this: real ones overflow after 24 days. */
const longestWaitMs = day * 1000;

/** What happens by itself as the clock goes on. */
export type Agenda = {
  /** Looks again at what comes next; call it after every change. */
  plan(): void;
  close(): void;
};

/** @param deliveryAt when a delivery is due again, in milliseconds since 1970. */
export function createAgenda(house: StripeHouse, deliveryAt: () => number | null): Agenda {
  let cancel: (() => void) | null = null;
  let isClosed = false;
  const wake = () => {
    cancel = null;
    for (let due = next(house); due && due.at <= house.now(); due = next(house)) due.run();
    house.commit();
  };
  return {
    plan() {
      cancel?.();
      cancel = null;
      if (isClosed) return;
      const at = Math.min((next(house)?.at ?? Infinity) * 1000, deliveryAt() ?? Infinity);
      if (at === Infinity) return;
      const wait = at - house.clock.now().getTime();
      cancel = house.clock.schedule(Math.min(Math.max(0, wait), longestWaitMs), wake);
    },
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}

function next(house: StripeHouse): Due | null {
  let first: Due | null = null;
  for (const due of allDue(house)) if (!first || due.at < first.at) first = due;
  return first;
}

function* allDue(house: StripeHouse): Generator<Due> {
  const { state } = house;
  for (const checkout of state.checkouts.values()) {
    if (checkout.status !== 'open') continue;
    yield { at: checkout.expiresAt, run: () => expireCheckout(house, checkout) };
  }
  for (const subscription of state.subscriptions.values()) {
    if (subscription.status !== 'active' && subscription.status !== 'past_due') continue;
    yield { at: subscription.periodEnd, run: () => renew(house, subscription) };
  }
  for (const invoice of state.invoices.values()) {
    if (invoice.status === 'draft' && invoice.finalizesAt !== null) {
      yield { at: invoice.finalizesAt, run: () => collect(house, invoice) };
    }
    if (invoice.status === 'open' && invoice.nextAttemptAt !== null) {
      const run = () =>
        attemptInvoice(house, invoice, { method: methodFor(house, invoice), presence: 'absent' });
      yield { at: invoice.nextAttemptAt, run };
    }
  }
  for (const intent of state.intents.values()) {
    if (intent.settlesAt !== null) yield { at: intent.settlesAt, run: () => settle(house, intent) };
  }
  for (const charge of state.charges.values()) {
    if (charge.disputedAt === null) continue;
    yield { at: charge.disputedAt, run: () => void newDispute(house, charge, 'fraudulent') };
  }
}

function settle(house: StripeHouse, intent: IntentRecord): void {
  settleIntent(house, intent);
  const invoice = house.state.invoices.get(intent.invoice ?? '');
  if (invoice?.status === 'open') {
    if (intent.status === 'succeeded') markPaid(house, invoice);
    else afterFailure(house, invoice, intent);
  }
  const checkout = house.state.checkouts.get(intent.checkout ?? '');
  if (checkout) settleCheckout(house, checkout, intent);
}
