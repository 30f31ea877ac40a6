import { Stripe } from 'stripe';

import { createManualClock } from '../../sandbox/clock.ts';
import { payCheckout } from '../../sandbox/stripe/acts.ts';
import { priceIds } from '../../sandbox/stripe/catalogue.ts';
import { startStripe } from '../../sandbox/stripe/stripe.ts';

export const cards = {
  success: '4242424242424242',
  declined: '4000000000000002',
  noFunds: '4000000000009995',
  lost: '4000000000009987',
  stolen: '4000000000009979',
  expired: '4000000000000069',
  confirm: '4000002500003155',
  confirmEach: '4000002760003184',
  confirmNoFunds: '4000008260003178',
  failsLater: '4000000000000341',
} as const;

/** What a request to a page brought: where it leads, or what it shows without the markup. */
export type Shown = {
  readonly status: number;
  readonly location: string | null;
  readonly markup: string;
  readonly text: string;
  readonly header: (name: string) => string | null;
};

const visibleText = (markup: string): string =>
  markup
    .replace(/<style>.*<\/style>/su, '')
    .replace(/<[^>]+>/gu, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/gu, ' ')
    .trim();

type Visit = { readonly fields?: Record<string, string>; readonly language?: string };

/** Opens a page, or sends its form when fields are given; follows nothing. */
export async function visit(address: string, { fields, language }: Visit = {}): Promise<Shown> {
  const answer = await fetch(address, {
    redirect: 'manual',
    headers: { 'accept-language': language ?? 'en' },
    ...(fields ? { method: 'POST', body: new URLSearchParams(fields) } : {}),
  });
  const markup = await answer.text();
  return {
    status: answer.status,
    location: answer.headers.get('location'),
    markup,
    text: visibleText(markup),
    header: (name) => answer.headers.get(name),
  };
}

/** The fields of a card that is typed in whole. */
export const typed = (number: string, other: Record<string, string> = {}) => ({
  email: 'ada@example.com',
  method: 'card',
  number,
  expiry: '12/34',
  cvc: '123',
  ...other,
});

/** A sandbox Stripe on a clock of its own, and a seller who asks it through the SDK. */
export async function openShop() {
  const clock = createManualClock(new Date('2026-11-23T12:00:00Z'));
  const secretKey = 'sk_test_sandbox';
  const stripe = await startStripe({ clock, secretKey, webhookSecret: 'whsec_sandbox', seed: 1 });
  const api = new Stripe(secretKey, {
    host: '127.0.0.1',
    port: Number(new URL(stripe.url).port),
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
  const openCheckout = (wish: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
    api.checkout.sessions.create({
      mode: 'subscription',
      line_items: [{ price: priceIds.STRIPE_PRICE_PRO, quantity: 1 }],
      success_url: 'http://127.0.0.1:8080/done?session={CHECKOUT_SESSION_ID}',
      cancel_url: 'http://127.0.0.1:8080/cancelled',
      ...wish,
    });
  return {
    stripe,
    api,
    clock,
    openCheckout,
    /** Somebody with a subscription that was paid with this card. */
    async subscribe(card: string = cards.success) {
      const customer = await api.customers.create({ email: 'grace@example.com' });
      const { id } = await openCheckout({ customer: customer.id });
      payCheckout(stripe, id, card);
      const subscriptions = await api.subscriptions.list({ customer: customer.id });
      return { customer: customer.id, subscription: subscriptions.data[0]?.id ?? '' };
    },
    async openPortal(
      customer: string,
      wish: Partial<Stripe.BillingPortal.SessionCreateParams> = {},
    ) {
      const return_url = 'http://127.0.0.1:8080/account';
      return api.billingPortal.sessions.create({ customer, return_url, ...wish });
    },
    close: () => stripe.close(),
  };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;
