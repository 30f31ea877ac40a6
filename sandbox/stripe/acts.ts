import { findTestMethod, liveCard, notConfirmed } from './cards.ts';
import { completeCheckout } from './checkouts.ts';
import { find } from './errors.ts';
import { publish } from './events.ts';
import type { StripeHouse } from './house.ts';
import { attemptInvoice, methodFor } from './invoices.ts';
import { attachMethod, confirmIntent, failIntent, newMethod, openIntent } from './money.ts';
import type {
  CheckoutRecord,
  CustomerRecord,
  Failure,
  IntentRecord,
  InvoiceRecord,
  MethodRecord,
  PortalRecord,
  PriceRecord,
  SubscriptionRecord,
} from './records.ts';
import { change } from './subscription-status.ts';
import { changeItems } from './subscriptions.ts';
import { wireCustomer } from './wire-customer.ts';

/** What a person sees after a try to pay. */
export type PayOutcome =
  /** Money has come in; `redirectTo` is where the page leads on. */
  | { readonly kind: 'paid'; readonly redirectTo: string | null }
  /** The bank answers later; a checkout is complete all the same. */
  | { readonly kind: 'processing'; readonly redirectTo: string | null }
  /** The bank's own page asks the person first: see `authenticate`. */
  | { readonly kind: 'authenticate' }
  /** It stays open: another card can be tried. */
  | { readonly kind: 'declined'; readonly failure: Failure }
  /** Nothing to pay any more, or no such thing. */
  | { readonly kind: 'closed'; readonly status: 'complete' | 'expired' | 'missing' };

/** What the portal's page of one customer shows. */
export type PortalView = {
  readonly portal: PortalRecord;
  readonly customer: CustomerRecord;
  /** Newest first, ended ones left out. */
  readonly subscriptions: readonly SubscriptionRecord[];
  /** Newest first, drafts left out. */
  readonly invoices: readonly InvoiceRecord[];
  /** What a plan can be changed to, cheapest first. */
  readonly prices: readonly PriceRecord[];
  /** The test number that renewals are charged to. */
  readonly cardNumber: string | null;
};

/** How long a portal's address can be opened, in seconds; each visit is good for an hour. */
const portalLife = 3600;

/** A person pays an open checkout with a test number of cards.ts, spaces allowed. */
export function payCheckout(
  stripe: StripeHouse,
  sessionId: string,
  card: string,
  email?: string,
): PayOutcome {
  const checkout = stripe.state.checkouts.get(sessionId);
  if (checkout?.status !== 'open') return closed(checkout);
  if (email !== undefined && checkout.customer === null) checkout.customerEmail = email;
  const test = findTestMethod(card);
  if (!test) return { kind: 'declined', failure: liveCard };
  const method = newMethod(stripe, test);
  const intent = checkout.amount === 0 ? null : intentOf(stripe, checkout);
  if (intent) confirmIntent(stripe, intent, method, 'present');
  return concludeCheckout(stripe, checkout, intent);
}

function closed(checkout: CheckoutRecord | undefined): PayOutcome {
  const status = checkout?.status ?? 'missing';
  return { kind: 'closed', status: status === 'open' ? 'missing' : status };
}

function intentOf(stripe: StripeHouse, checkout: CheckoutRecord): IntentRecord {
  const under = stripe.state.intents.get(checkout.intent ?? '');
  if (under) return under;
  const intent = openIntent(stripe, {
    customer: checkout.customer,
    amount: checkout.amount,
    currency: checkout.currency,
    metadata: checkout.mode === 'payment' ? { ...checkout.innerMetadata } : {},
    invoice: null,
    checkout: checkout.id,
  });
  checkout.intent = intent.id;
  return intent;
}

function concludeCheckout(
  stripe: StripeHouse,
  checkout: CheckoutRecord,
  intent: IntentRecord | null,
): PayOutcome {
  const isDone = !intent || intent.status === 'succeeded' || intent.status === 'processing';
  if (isDone) completeCheckout(stripe, checkout, intent);
  stripe.commit();
  if (intent?.status === 'requires_action') return { kind: 'authenticate' };
  if (!isDone) return { kind: 'declined', failure: intent.failure ?? liveCard };
  const target = checkout.successUrl ?? checkout.returnUrl;
  const redirectTo = target?.replaceAll('{CHECKOUT_SESSION_ID}', checkout.id) ?? null;
  return { kind: intent?.status === 'processing' ? 'processing' : 'paid', redirectTo };
}

/** A person answers the question of the bank's page, for a checkout or an open invoice. */
export function authenticate(stripe: StripeHouse, id: string, approve: boolean): PayOutcome {
  const checkout = stripe.state.checkouts.get(id);
  if (checkout) return authenticateCheckout(stripe, checkout, approve);
  const invoice = stripe.state.invoices.get(id);
  if (invoice) return authenticateInvoice(stripe, invoice, approve);
  return closed(undefined);
}

function authenticateCheckout(
  stripe: StripeHouse,
  checkout: CheckoutRecord,
  approve: boolean,
): PayOutcome {
  const question = questionOf(stripe, checkout);
  if (!question) return closed(checkout);
  const { intent, method } = question;
  if (approve) confirmIntent(stripe, intent, method, 'confirmed');
  else failIntent(stripe, intent, method, notConfirmed);
  return concludeCheckout(stripe, checkout, intent);
}

function authenticateInvoice(
  stripe: StripeHouse,
  invoice: InvoiceRecord,
  approve: boolean,
): PayOutcome {
  const question = questionOf(stripe, invoice);
  if (!question) {
    return { kind: 'closed', status: invoice.status === 'paid' ? 'complete' : 'missing' };
  }
  const { intent, method } = question;
  if (approve) attemptInvoice(stripe, invoice, { method, presence: 'confirmed' });
  else failIntent(stripe, intent, method, notConfirmed);
  return concludeInvoice(stripe, invoice);
}

type Question = { readonly intent: IntentRecord; readonly method: MethodRecord };

/** What the bank asks about; null when nothing is asked. */
function questionOf(
  { state }: StripeHouse,
  asked: Pick<CheckoutRecord | InvoiceRecord, 'status' | 'intent'>,
): Question | null {
  const intent = state.intents.get(asked.intent ?? '');
  const method = state.methods.get(intent?.method ?? '');
  if (asked.status !== 'open' || intent?.status !== 'requires_action' || !method) return null;
  return { intent, method };
}

/** What the portal shows; null when its address is unknown or an hour old. */
export function portalSession(stripe: StripeHouse, id: string): PortalView | null {
  const { state } = stripe;
  const portal = state.portals.get(id);
  const customer = state.customers.get(portal?.customer ?? '');
  if (!portal || !customer || stripe.now() - portal.created > portalLife) return null;
  const subscriptions = [...state.subscriptions.values()].filter(
    (one) =>
      one.customer === customer.id && !['canceled', 'incomplete_expired'].includes(one.status),
  );
  const invoices = [...state.invoices.values()].filter(
    (one) => one.customer === customer.id && one.status !== 'draft',
  );
  const method = subscriptions.at(-1)?.method ?? customer.method;
  return {
    portal,
    customer,
    subscriptions: subscriptions.toReversed(),
    invoices: invoices.toReversed(),
    prices: [...state.prices.values()]
      .filter(({ active, interval }) => active && interval !== null)
      .toSorted((a, b) => a.amount - b.amount),
    cardNumber: state.methods.get(method ?? '')?.number ?? null,
  };
}

/** In the portal: it ends with the period that is paid. */
export function cancelAtPeriodEnd(stripe: StripeHouse, subscriptionId: string): SubscriptionRecord {
  return setEnd(stripe, subscriptionId, true);
}

/** In the portal: it goes on after all. */
export function resume(stripe: StripeHouse, subscriptionId: string): SubscriptionRecord {
  return setEnd(stripe, subscriptionId, false);
}

function setEnd(stripe: StripeHouse, id: string, ends: boolean): SubscriptionRecord {
  const subscription = find(stripe.state.subscriptions, 'subscription', id);
  if (subscription.status === 'canceled') return subscription;
  change(stripe, subscription, () => {
    subscription.cancelAtPeriodEnd = ends;
    subscription.canceledAt = ends ? stripe.now() : null;
    subscription.cancelReason = ends ? 'cancellation_requested' : null;
  });
  stripe.commit();
  return subscription;
}

/**
 * In the portal: another plan from now on. The difference for the rest of the period is paid at once,
 * or becomes credit where the new plan is cheaper.
 */
export function changePlan(
  stripe: StripeHouse,
  subscriptionId: string,
  priceId: string,
): PayOutcome {
  const subscription = find(stripe.state.subscriptions, 'subscription', subscriptionId);
  const price = find(stripe.state.prices, 'price', priceId, 'price');
  const [item] = subscription.items;
  if (!item || subscription.status === 'canceled') return { kind: 'closed', status: 'expired' };
  const wish = { id: item.id, price: price.id, quantity: null };
  const invoice = changeItems(stripe, subscription, [wish], 'always_invoice');
  if (invoice) return concludeInvoice(stripe, invoice);
  stripe.commit();
  return { kind: 'closed', status: 'complete' };
}

/** In the portal: another card for everything to come; answers why it was refused, or null. */
export function replaceCard(stripe: StripeHouse, customerId: string, card: string): Failure | null {
  const customer = find(stripe.state.customers, 'customer', customerId);
  const test = findTestMethod(card);
  const failure = test ? test.refusedAtOnce : liveCard;
  if (!test || failure) return failure;
  const method = newMethod(stripe, test);
  method.isSetUp = true;
  const before = customer.method;
  attachMethod(stripe, method, customer.id);
  publish(stripe, 'customer.updated', wireCustomer(customer), {
    invoice_settings: { default_payment_method: before },
  });
  for (const subscription of stripe.state.subscriptions.values()) {
    if (subscription.customer !== customer.id || subscription.status === 'canceled') continue;
    change(stripe, subscription, () => {
      subscription.method = method.id;
    });
  }
  stripe.commit();
  return null;
}

/** On the invoice's page: pays what is open, with another card or with the one that is kept. */
export function payInvoice(stripe: StripeHouse, invoiceId: string, card?: string): PayOutcome {
  const invoice = stripe.state.invoices.get(invoiceId);
  if (!invoice) return { kind: 'closed', status: 'missing' };
  if (invoice.status !== 'open') {
    return { kind: 'closed', status: invoice.status === 'paid' ? 'complete' : 'expired' };
  }
  const test = card === undefined ? null : findTestMethod(card);
  if (card !== undefined && !test) return { kind: 'declined', failure: liveCard };
  const method = test ? newMethod(stripe, test) : methodFor(stripe, invoice);
  attemptInvoice(stripe, invoice, { method, presence: 'present' });
  return concludeInvoice(stripe, invoice);
}

function concludeInvoice(stripe: StripeHouse, invoice: InvoiceRecord): PayOutcome {
  stripe.commit();
  if (invoice.status === 'paid') return { kind: 'paid', redirectTo: null };
  const intent = stripe.state.intents.get(invoice.intent ?? '');
  if (intent?.status === 'processing') return { kind: 'processing', redirectTo: null };
  if (intent?.status === 'requires_action') return { kind: 'authenticate' };
  return { kind: 'declined', failure: intent?.failure ?? liveCard };
}

/** @internal */
export { closeDispute, dispute, pause, refund, resumePaused } from './bank-acts.ts';
