/** A price as the payment service has it. */
export type Price = {
  readonly id: string;
  /** In the smallest unit of the currency: cents, or yen. */
  readonly amount: number;
  /** ISO 4217, small letters. */
  readonly currency: string;
  /** How often it is paid; null: once. */
  readonly interval: 'day' | 'week' | 'month' | 'year' | null;
  readonly isActive: boolean;
};

export type PaidCheckout = {
  readonly id: string;
  readonly status: 'open' | 'complete' | 'expired';
  /** `processing`: completed, and the bank has not said yet whether it pays. */
  readonly payment: 'unpaid' | 'processing' | 'paid';
  readonly kind: 'plan' | 'pack';
  /** Where it is paid; null when it is not open any more. */
  readonly url: string | null;
  readonly customerId: string | null;
  readonly subscriptionId: string | null;
  /** The payment of a pack; null for plans and until it is paid. */
  readonly paymentId: string | null;
  readonly amount: number;
  readonly currency: string;
  /** What we wrote on it when we opened it. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
};

export type SubscriptionStatus =
  | 'active'
  | 'canceled'
  | 'incomplete'
  | 'incomplete_expired'
  | 'past_due'
  | 'paused'
  | 'trialing'
  | 'unpaid';

export type Subscription = {
  readonly id: string;
  readonly customerId: string;
  readonly status: SubscriptionStatus;
  readonly priceId: string;
  readonly periodStart: Date;
  readonly periodEnd: Date;
  /** When it ends by itself; null while it renews. */
  readonly endsAt: Date | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: Date;
};

export type PaidInvoice = {
  readonly id: string;
  readonly customerId: string;
  /** null for an invoice that is about no subscription. */
  readonly subscriptionId: string | null;
  readonly status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';
  readonly reason: 'create' | 'cycle' | 'update' | 'other';
  /** The price that it is for: of its line that adds up, the newest; null for none. */
  readonly priceId: string | null;
  readonly periodStart: Date;
  readonly periodEnd: Date;
  readonly amount: number;
  readonly currency: string;
  /** The payment behind it; null while nobody has paid, and for what costs nothing. */
  readonly paymentId: string | null;
  /** Where the person can pay or confirm it; null when there is nothing to do. */
  readonly payUrl: string | null;
  readonly failure: PaymentFailure | null;
};

/** Why a payment did not work, in classes that lead to different next steps. Reasons such as a stolen card are `declined`. */
export type PaymentFailure = 'no_funds' | 'declined' | 'network' | 'needs_confirmation';

/** What became of money that had been paid. */
export type Payment = {
  readonly id: string;
  readonly customerId: string | null;
  readonly amount: number;
  /** How much of it has gone back. */
  readonly refunded: number;
  /** null while nobody disputes it. */
  readonly dispute: 'open' | 'won' | 'lost' | null;
  /** The invoice that it has paid; null for a pack. */
  readonly invoiceId: string | null;
};

/** A message of the payment service: only where to look, never what to believe. */
export type PaymentNotice = {
  readonly id: string;
  /** As the service names it, such as `invoice.paid`. */
  readonly type: string;
  readonly subject: {
    readonly kind: 'checkout' | 'subscription' | 'invoice' | 'payment';
    readonly id: string;
  } | null;
  readonly createdAt: Date;
};

export type CheckoutWish = {
  readonly kind: 'plan' | 'pack';
  readonly priceId: string;
  readonly customerId: string;
  readonly accountId: string;
  /** Goes onto the checkout and onto what comes of it. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly locale: 'en' | 'zh';
  /** The same key with the same wish opens it once, for a day. */
  readonly key: string;
};

/**
 * The service that takes people's money. Every call may throw Fault `provider_busy`,
 * `provider_failed` or `provider_locked`; reading what is not there answers null.
 */
export interface Payments {
  readPrice(priceId: string): Promise<Price | null>;
  /** @param customer.key the same key makes one customer, for a day. */
  createCustomer(customer: {
    readonly accountId: string;
    readonly name: string;
    readonly key: string;
  }): Promise<string>;
  openCheckout(wish: CheckoutWish): Promise<PaidCheckout>;
  readCheckout(id: string): Promise<PaidCheckout | null>;
  /** Ends an open checkout; one that is over already stays as it is. Answers how it stands then. */
  expireCheckout(id: string): Promise<PaidCheckout>;
  /** Every subscription of a customer, ended ones as well, newest first. */
  listSubscriptions(customerId: string): Promise<readonly Subscription[]>;
  readSubscription(id: string): Promise<Subscription | null>;
  /** Lets a subscription end with its period, or go on after all. */
  setRenewal(id: string, renews: boolean): Promise<Subscription>;
  /** A page on which the person changes the plan, the card or ends it; good for a short time. */
  openPortal(wish: {
    readonly customerId: string;
    readonly returnUrl: string;
    readonly locale: 'en' | 'zh';
    /** Leads straight to the change of this subscription's plan. */
    readonly changeOf?: string;
  }): Promise<string>;
  readInvoice(id: string): Promise<PaidInvoice | null>;
  readPayment(id: string): Promise<Payment | null>;
  /**
   * Checks that a message came from the service and is at most five minutes old or early, and reads it.
   * @throws Fault `link_not_valid` for everything else.
   */
  readNotice(message: {
    readonly body: Buffer;
    readonly signature: string | undefined;
    readonly now: Date;
  }): Promise<PaymentNotice>;
  /** What the service has tried to tell since then, oldest first, of the kinds that matter to us. */
  listNotices(since: Date): AsyncIterable<PaymentNotice>;
}
