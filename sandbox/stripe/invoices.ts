import { publish } from './events.ts';
import { day, type StripeHouse } from './house.ts';
import { newId } from './ids.ts';
import { attachMethod, confirmIntent, openIntent, type Presence } from './money.ts';
import type {
  IntentRecord,
  InvoiceRecord,
  LineRecord,
  MethodRecord,
  SubscriptionRecord,
} from './records.ts';
import { wireCustomer } from './wire-customer.ts';
import { wireInvoice, wireInvoicePayment } from './wire-invoice.ts';
import { cancelSubscription, change, setStatus } from './subscription-status.ts';

/** Days from each failed try to the next one; after the last the subscription ends. */
const retryDays = [3, 5, 7] as const;

export type NewInvoice = {
  readonly subscription: SubscriptionRecord;
  readonly reason: InvoiceRecord['reason'];
  readonly lines: readonly LineRecord[];
  readonly currency: string;
  /** Null: it stays a draft until somebody finalizes it. */
  readonly finalizesAt: number | null;
  /** A renewal's own period is the one that is over; its lines carry the one that begins. */
  readonly periodStart?: number;
};

/** Writes a draft and makes it the subscription's latest invoice. */
export function draftInvoice(house: StripeHouse, wish: NewInvoice): InvoiceRecord {
  const { subscription, lines } = wish;
  const total = lines.reduce((sum, line) => sum + line.amount, 0);
  const now = house.now();
  const invoice: InvoiceRecord = {
    id: newId(house.state, 'in'),
    number: null,
    customer: subscription.customer,
    subscription: subscription.id,
    subscriptionMetadata: { ...subscription.metadata },
    status: 'draft',
    reason: wish.reason,
    currency: wish.currency,
    lines: [...lines],
    total,
    amountDue: Math.max(0, total),
    amountPaid: 0,
    startingBalance: house.state.customers.get(subscription.customer)?.balance ?? 0,
    endingBalance: null,
    attempts: 0,
    nextAttemptAt: null,
    finalizesAt: wish.finalizesAt,
    finalizedAt: null,
    paidAt: null,
    voidedAt: null,
    uncollectibleAt: null,
    periodStart: wish.periodStart ?? now,
    periodEnd: now,
    intent: null,
    payment: null,
    created: now,
  };
  house.state.invoices.set(invoice.id, invoice);
  subscription.latestInvoice = invoice.id;
  publish(house, 'invoice.created', wireInvoice(house, invoice));
  return invoice;
}

/** Uses up credit and opens the payment, or takes over the one that has been made already. */
export function finalizeInvoice(
  house: StripeHouse,
  invoice: InvoiceRecord,
  intent?: IntentRecord,
): void {
  const customer = house.state.customers.get(invoice.customer);
  // What a checkout has taken already is not paid by credit once more.
  const balance = intent ? 0 : (customer?.balance ?? 0);
  const rest = invoice.total + balance;
  invoice.startingBalance = balance;
  invoice.endingBalance = invoice.total < 0 ? rest : Math.min(0, rest);
  invoice.amountDue = Math.max(0, rest);
  invoice.number = `SBX-${String(house.state.invoices.size).padStart(4, '0')}`;
  invoice.finalizedAt = house.now();
  invoice.finalizesAt = null;
  invoice.status = 'open';
  if (customer && !intent && customer.balance !== invoice.endingBalance) {
    customer.balance = invoice.endingBalance;
    publish(house, 'customer.updated', wireCustomer(customer), { balance });
  }
  if (invoice.amountDue > 0) {
    const { customer: payer, amountDue: amount, currency } = invoice;
    const payment =
      intent ??
      openIntent(house, {
        customer: payer,
        amount,
        currency,
        metadata: {},
        invoice: invoice.id,
        checkout: null,
      });
    payment.invoice = invoice.id;
    invoice.intent = payment.id;
    invoice.payment = newId(house.state, 'inpay');
  }
  publish(house, 'invoice.finalized', wireInvoice(house, invoice));
  if (invoice.amountDue === 0) markPaid(house, invoice);
}

/** Writes down that it is paid, and what follows for the subscription. */
export function markPaid(house: StripeHouse, invoice: InvoiceRecord): void {
  invoice.status = 'paid';
  invoice.amountPaid = invoice.amountDue;
  invoice.paidAt = house.now();
  invoice.nextAttemptAt = null;
  publish(house, 'invoice.paid', wireInvoice(house, invoice));
  publish(house, 'invoice.payment_succeeded', wireInvoice(house, invoice));
  const payment = wireInvoicePayment(invoice);
  if (payment) publish(house, 'invoice_payment.paid', payment);
  const subscription = house.state.subscriptions.get(invoice.subscription);
  if (!subscription) return;
  const isBehind = ['past_due', 'incomplete', 'unpaid'].includes(subscription.status);
  const owes = [...house.state.invoices.values()].some(
    (other) => other.subscription === subscription.id && other.status === 'open',
  );
  if (isBehind && !owes) setStatus(house, subscription, 'active');
}

/** The method that an invoice is paid by; null when the customer has none. */
export function methodFor(house: StripeHouse, invoice: InvoiceRecord): MethodRecord | null {
  const { subscriptions, customers, methods } = house.state;
  const own = subscriptions.get(invoice.subscription)?.method;
  const usual = customers.get(invoice.customer)?.method;
  return methods.get(own ?? '') ?? methods.get(usual ?? '') ?? null;
}

/** Tries to take the money of an open invoice; `automatic` tries follow the schedule. */
export function attemptInvoice(
  house: StripeHouse,
  invoice: InvoiceRecord,
  how: { readonly method: MethodRecord | null; readonly presence: Presence },
): void {
  const intent = house.state.intents.get(invoice.intent ?? '');
  if (!intent || invoice.status !== 'open') return;
  const isCounted = how.presence === 'absent' || invoice.attempts === 0;
  if (isCounted) invoice.attempts += 1;
  if (how.method) confirmIntent(house, intent, how.method, how.presence);
  else intent.failure = noMethod;
  if (intent.status === 'succeeded') {
    if (how.method && how.presence !== 'absent') keepMethod(house, how.method, invoice);
    markPaid(house, invoice);
    return;
  }
  if (intent.status === 'processing') {
    invoice.nextAttemptAt = null;
    return;
  }
  if (how.presence === 'absent') afterFailure(house, invoice, intent);
}

/** What a person has paid an invoice with pays the next ones. */
function keepMethod(house: StripeHouse, method: MethodRecord, invoice: InvoiceRecord): void {
  attachMethod(house, method, invoice.customer);
  const subscription = house.state.subscriptions.get(invoice.subscription);
  if (!subscription) return;
  change(house, subscription, () => {
    subscription.method = method.id;
  });
}

const noMethod = {
  code: 'missing',
  declineCode: null,
  message: 'The customer has no default payment method.',
};

/** What follows when a try in the person's absence has brought nothing. */
export function afterFailure(
  house: StripeHouse,
  invoice: InvoiceRecord,
  intent: IntentRecord,
): void {
  const subscription = house.state.subscriptions.get(invoice.subscription);
  const isOver = !subscription || subscription.status === 'canceled';
  const days = isOver ? undefined : retryDays[invoice.attempts - 1];
  invoice.nextAttemptAt = days === undefined ? null : house.now() + days * day;
  if (intent.status === 'requires_action') {
    publish(house, 'invoice.payment_action_required', wireInvoice(house, invoice));
  }
  publish(house, 'invoice.payment_failed', wireInvoice(house, invoice));
  if (isOver) return;
  if (days === undefined) cancelSubscription(house, subscription, 'payment_failed');
  else if (subscription.status !== 'past_due') setStatus(house, subscription, 'past_due');
}
