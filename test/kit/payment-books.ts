import type {
  PaidCheckout,
  PaidInvoice,
  Payment,
  PaymentFailure,
  PaymentNotice,
  Payments,
  Price,
  Subscription,
} from '../../core/ports/payments.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Session = Mutable<PaidCheckout> & { readonly priceId: string; readonly key: string };
type Sub = Mutable<Subscription>;

/** What things cost in the books, in cents. */
export const bookPrices: readonly Price[] = [
  { id: 'price_starter', amount: 900, currency: 'usd', interval: 'month', isActive: true },
  { id: 'price_pro', amount: 2900, currency: 'usd', interval: 'month', isActive: true },
  { id: 'price_team', amount: 9900, currency: 'usd', interval: 'month', isActive: true },
  { id: 'price_small', amount: 500, currency: 'usd', interval: null, isActive: true },
  { id: 'price_large', amount: 2000, currency: 'usd', interval: null, isActive: true },
];

export const bookSettings = {
  STRIPE_PRICE_STARTER: 'price_starter',
  STRIPE_PRICE_PRO: 'price_pro',
  STRIPE_PRICE_TEAM: 'price_team',
  STRIPE_PRICE_PACK_SMALL: 'price_small',
  STRIPE_PRICE_PACK_LARGE: 'price_large',
};

const dayMs = 24 * 60 * 60 * 1000;
const monthLater = (from: Date): Date => {
  const later = new Date(from);
  later.setUTCMonth(later.getUTCMonth() + 1);
  return later;
};

/**
 * The payment service as a page of arithmetic behind the port: for tests of what we make of it, in
 * histories by the thousand. The wire has an emulator of its own in sandbox/stripe.
 */
export class PaymentBooks implements Payments {
  readonly sessions = new Map<string, Session>();
  readonly subscriptions = new Map<string, Sub>();
  readonly invoices = new Map<string, Mutable<PaidInvoice>>();
  readonly payments = new Map<string, Mutable<Payment>>();
  /** Everything it has to tell, in the order in which it happened. */
  readonly notices: PaymentNotice[] = [];
  /** Throws to cut a call off before it has happened. */
  beforeCall: (name: string) => void = () => undefined;
  /** Throws to lose the answer of what has happened. */
  afterCall: (name: string) => void = () => undefined;
  private readonly now: () => Date;
  private readonly prefix: string;
  private readonly customers = new Map<string, string>();
  private last = 0;

  constructor(now: () => Date, prefix = '') {
    this.now = now;
    this.prefix = prefix;
  }

  private next(kind: string): string {
    this.last += 1;
    return `${kind}_${this.prefix}${this.last}`;
  }

  private tell(type: string, kind: NonNullable<PaymentNotice['subject']>['kind'], id: string) {
    const subject = { kind, id };
    this.notices.push({ id: this.next('evt'), type, subject, createdAt: this.now() });
  }

  async readPrice(priceId: string): Promise<Price | null> {
    this.beforeCall('readPrice');
    return bookPrices.find(({ id }) => id === priceId) ?? null;
  }

  async createCustomer({ key }: { readonly key: string }): Promise<string> {
    this.beforeCall('createCustomer');
    const id = this.customers.get(key) ?? this.next('cus');
    this.customers.set(key, id);
    this.afterCall('createCustomer');
    return id;
  }

  async openCheckout(wish: Parameters<Payments['openCheckout']>[0]): Promise<PaidCheckout> {
    this.beforeCall('openCheckout');
    const known = [...this.sessions.values()].find(({ key }) => key === wish.key);
    if (known) return { ...known };
    const id = this.next('cs');
    const price = bookPrices.find((one) => one.id === wish.priceId);
    const session: Session = {
      id,
      status: 'open',
      payment: 'unpaid',
      kind: wish.kind,
      url: `https://checkout.test/${id}`,
      customerId: wish.customerId,
      subscriptionId: null,
      paymentId: null,
      amount: price?.amount ?? 0,
      currency: price?.currency ?? 'usd',
      metadata: { ...wish.metadata },
      expiresAt: new Date(this.now().getTime() + dayMs),
      priceId: wish.priceId,
      key: wish.key,
    };
    this.sessions.set(id, session);
    this.afterCall('openCheckout');
    return { ...session };
  }

  async readCheckout(id: string): Promise<PaidCheckout | null> {
    this.beforeCall('readCheckout');
    const session = this.sessions.get(id);
    return session ? { ...session } : null;
  }

  async expireCheckout(id: string): Promise<PaidCheckout> {
    this.beforeCall('expireCheckout');
    const session = this.session(id);
    if (session.status === 'open') this.expire(id);
    return { ...session };
  }

  async listSubscriptions(customerId: string): Promise<readonly Subscription[]> {
    this.beforeCall('listSubscriptions');
    return [...this.subscriptions.values()]
      .filter((one) => one.customerId === customerId)
      .map((one) => ({ ...one }))
      .toReversed();
  }

  async readSubscription(id: string): Promise<Subscription | null> {
    this.beforeCall('readSubscription');
    const found = this.subscriptions.get(id);
    return found ? { ...found } : null;
  }

  async setRenewal(id: string, renews: boolean): Promise<Subscription> {
    this.beforeCall('setRenewal');
    const found = this.subscription(id);
    found.endsAt = renews ? null : found.periodEnd;
    this.tell('customer.subscription.updated', 'subscription', id);
    return { ...found };
  }

  async openPortal({ customerId }: { readonly customerId: string }): Promise<string> {
    this.beforeCall('openPortal');
    return `https://portal.test/${customerId}`;
  }

  async readInvoice(id: string): Promise<PaidInvoice | null> {
    this.beforeCall('readInvoice');
    const found = this.invoices.get(id);
    return found ? { ...found } : null;
  }

  async readPayment(id: string): Promise<Payment | null> {
    this.beforeCall('readPayment');
    const found = this.payments.get(id);
    return found ? { ...found } : null;
  }

  readNotice(): never {
    throw new Error('the books sign nothing');
  }

  async *listNotices(since: Date): AsyncIterable<PaymentNotice> {
    for (const notice of this.notices) if (notice.createdAt >= since) yield notice;
  }

  // What people and banks do.

  /** The session is paid; a plan begins with it. */
  pay(sessionId: string): void {
    const session = this.session(sessionId);
    if (session.status !== 'open') throw new Error(`${sessionId} is ${session.status}`);
    session.status = 'complete';
    session.payment = 'paid';
    session.url = null;
    if (session.kind === 'pack') session.paymentId = this.charge(session, session.amount, null);
    else session.subscriptionId = this.begin(session);
    this.tell('checkout.session.completed', 'checkout', sessionId);
  }

  /** The person has done their part, and the bank has not said yet. */
  payLater(sessionId: string): void {
    const session = this.session(sessionId);
    Object.assign(session, { status: 'complete', payment: 'processing', url: null });
    this.tell('checkout.session.completed', 'checkout', sessionId);
  }

  bankSays(sessionId: string, pays: boolean): void {
    const session = this.session(sessionId);
    session.payment = pays ? 'paid' : 'unpaid';
    if (pays) session.paymentId = this.charge(session, session.amount, null);
    const type = `checkout.session.async_payment_${pays ? 'succeeded' : 'failed'}`;
    this.tell(type, 'checkout', sessionId);
  }

  expire(sessionId: string): void {
    Object.assign(this.session(sessionId), { status: 'expired', url: null });
    this.tell('checkout.session.expired', 'checkout', sessionId);
  }

  /** The next month begins, and its invoice is paid or not. Answers the invoice's id. */
  renew(subscriptionId: string, failure: PaymentFailure | null = null): string {
    const sub = this.subscription(subscriptionId);
    sub.periodStart = sub.periodEnd;
    sub.periodEnd = monthLater(sub.periodStart);
    sub.status = failure ? 'past_due' : 'active';
    const invoice = this.invoice(sub, 'cycle', { from: sub.periodStart, failure });
    this.tell('customer.subscription.updated', 'subscription', subscriptionId);
    return invoice;
  }

  /** A failed invoice is paid after all. */
  recover(invoiceId: string): void {
    const invoice = this.invoices.get(invoiceId);
    if (!invoice?.subscriptionId) throw new Error(`${invoiceId} is no invoice of a plan`);
    const sub = this.subscription(invoice.subscriptionId);
    sub.status = 'active';
    this.settle(invoice);
    this.tell('customer.subscription.updated', 'subscription', sub.id);
  }

  /** Another plan within the month: dearer ones are paid at once. Answers the invoice's id. */
  change(subscriptionId: string, priceId: string): string | null {
    const sub = this.subscription(subscriptionId);
    const rank = (id: string) => bookPrices.findIndex((price) => price.id === id);
    const isDearer = rank(priceId) > rank(sub.priceId);
    sub.priceId = priceId;
    this.tell('customer.subscription.updated', 'subscription', subscriptionId);
    return isDearer ? this.invoice(sub, 'update', { from: this.now(), failure: null }) : null;
  }

  end(subscriptionId: string, status: 'canceled' | 'paused' | 'unpaid' = 'canceled'): void {
    this.subscription(subscriptionId).status = status;
    const type = status === 'canceled' ? 'deleted' : 'updated';
    this.tell(`customer.subscription.${type}`, 'subscription', subscriptionId);
  }

  refund(paymentId: string, amount: number): void {
    const payment = this.payment(paymentId);
    payment.refunded = Math.min(payment.amount, payment.refunded + amount);
    this.tell('charge.refunded', 'payment', paymentId);
  }

  dispute(paymentId: string, state: NonNullable<Payment['dispute']>): void {
    this.payment(paymentId).dispute = state;
    const type = state === 'open' ? 'charge.dispute.created' : 'charge.dispute.closed';
    this.tell(type, 'payment', paymentId);
  }

  private begin(session: Session): string {
    const id = this.next('sub');
    const periodStart = this.now();
    const sub: Sub = {
      id,
      customerId: session.customerId ?? '',
      status: 'active',
      priceId: session.priceId,
      periodStart,
      periodEnd: monthLater(periodStart),
      endsAt: null,
      metadata: session.metadata,
      createdAt: periodStart,
    };
    this.subscriptions.set(id, sub);
    this.tell('customer.subscription.created', 'subscription', id);
    this.invoice(sub, 'create', { from: periodStart, failure: null });
    return id;
  }

  private invoice(
    sub: Sub,
    reason: PaidInvoice['reason'],
    { from, failure }: { readonly from: Date; readonly failure: PaymentFailure | null },
  ): string {
    const id = this.next('in');
    const invoice: Mutable<PaidInvoice> = {
      id,
      customerId: sub.customerId,
      subscriptionId: sub.id,
      status: 'open',
      reason,
      priceId: sub.priceId,
      periodStart: from,
      periodEnd: sub.periodEnd,
      amount: bookPrices.find((price) => price.id === sub.priceId)?.amount ?? 0,
      currency: 'usd',
      paymentId: null,
      payUrl: `https://invoice.test/${id}`,
      failure,
    };
    this.invoices.set(id, invoice);
    if (failure) this.tell('invoice.payment_failed', 'invoice', id);
    else this.settle(invoice);
    return id;
  }

  private settle(invoice: Mutable<PaidInvoice>): void {
    Object.assign(invoice, { status: 'paid', payUrl: null, failure: null });
    invoice.paymentId = this.charge(invoice, invoice.amount, invoice.id);
    this.tell('invoice.paid', 'invoice', invoice.id);
  }

  private charge(
    { customerId }: { readonly customerId: string | null },
    amount: number,
    invoiceId: string | null,
  ): string {
    const id = this.next('pi');
    this.payments.set(id, { id, customerId, amount, refunded: 0, dispute: null, invoiceId });
    return id;
  }

  private session(id: string): Session {
    return present(this.sessions.get(id), id);
  }
  private subscription(id: string): Sub {
    return present(this.subscriptions.get(id), id);
  }
  private payment(id: string): Mutable<Payment> {
    return present(this.payments.get(id), id);
  }
}

function present<T>(value: T | undefined, id: string): T {
  if (value === undefined) throw new Error(`there is no ${id}`);
  return value;
}
