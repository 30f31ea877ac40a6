import { createServer } from 'node:http';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createManualClock } from '../../sandbox/clock.ts';
import * as acts from '../../sandbox/stripe/acts.ts';
import { priceIds } from '../../sandbox/stripe/catalogue.ts';
import { startStripe, type StripeEmulator } from '../../sandbox/stripe/stripe.ts';
import { isFault } from '../fault.ts';
import type { PaidCheckout, PaymentNotice, Payments } from '../ports/payments.ts';
import { stripeEvents } from '../stripe-messages.ts';
import { createStripePayments } from './stripe.ts';

const day = 24 * 3600 * 1000;
const keys = { secretKey: 'sk_test_provider', webhookSecret: 'whsec_provider' };
const good = '4242424242424242';

const clock = createManualClock(new Date('2026-11-22T08:00:00.000Z'));
let stripe: StripeEmulator;
let payments: Payments;
let customerId: string;
let count = 0;

beforeAll(async () => {
  stripe = await startStripe({ clock, ...keys, seed: 1 });
  payments = paymentsAs(keys.secretKey);
  customerId = await newCustomer();
});
afterAll(() => stripe.close());

const paymentsAs = (secretKey: string) =>
  createStripePayments({ url: stripe.url, secretKey, webhookSecrets: [keys.webhookSecret] });

const newCustomer = () => {
  count += 1;
  return payments.createCustomer({ accountId: `acc_${count}`, name: 'Ada', key: `cus:${count}` });
};

const wishOf = (kind: 'plan' | 'pack', customer: string, extra: object = {}) => {
  count += 1;
  return {
    kind,
    priceId: kind === 'plan' ? priceIds.STRIPE_PRICE_STARTER : priceIds.STRIPE_PRICE_PACK_SMALL,
    customerId: customer,
    accountId: 'acc_1',
    metadata: { account: 'acc_1', product: 'x', checkout: `chk_${count}` },
    successUrl: 'http://127.0.0.1:9/billing/done?checkout=chk_1&sig=a%2Bb',
    cancelUrl: 'http://127.0.0.1:9/billing/cancelled',
    locale: 'en' as const,
    key: `checkout:${count}`,
    ...extra,
  };
};

const must = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error('nothing came');
  return value;
};

/** Opens a checkout of a new customer, pays it, and reads it again. */
async function buy(kind: 'plan' | 'pack', card = good): Promise<PaidCheckout> {
  const { id } = await payments.openCheckout(wishOf(kind, await newCustomer()));
  acts.payCheckout(stripe, id, card);
  return must(await payments.readCheckout(id));
}

const newestInvoice = (subscription: string | null): string =>
  must([...stripe.state.invoices.values()].findLast((one) => one.subscription === subscription)).id;

test('prices are as the shop has them', async () => {
  expect(await payments.readPrice(priceIds.STRIPE_PRICE_PRO)).toEqual({
    id: 'price_sandbox_pro',
    amount: 2900,
    currency: 'usd',
    interval: 'month',
    isActive: true,
  });
  expect(await payments.readPrice(priceIds.STRIPE_PRICE_PACK_LARGE)).toMatchObject({
    interval: null,
  });
  expect(await payments.readPrice('price_none')).toBeNull();
});

describe('what is asked twice', () => {
  test('with one key is done once', async () => {
    const wish = wishOf('pack', customerId);
    const [one, other] = await Promise.all([
      payments.openCheckout(wish),
      payments.openCheckout(wish),
    ]);
    expect(one).toEqual(other);
    const customer = { accountId: 'acc_k', name: 'K', key: 'cus:k' };
    const ids = [await payments.createCustomer(customer), await payments.createCustomer(customer)];
    expect(new Set(ids).size).toBe(1);
  });

  test('with one key and another wish is refused', async () => {
    const wish = wishOf('pack', customerId);
    await payments.openCheckout(wish);
    const answer = payments
      .openCheckout({ ...wish, locale: 'zh' })
      .catch((error: unknown) => error);
    expect(isFault(await answer, 'provider_failed')).toBe(true);
  });

  test('because the answer was lost is done once', async () => {
    stripe.misbehave({ on: 'api', times: 1, request: /POST .*sessions$/u, how: 'reset_after' });
    const before = stripe.state.checkouts.size;
    await payments.openCheckout(wishOf('pack', customerId));
    expect(stripe.state.checkouts.size).toBe(before + 1);
  });
});

describe('a pack', () => {
  test('is paid, refunded in part and disputed', async () => {
    const bought = await buy('pack');
    expect(bought).toMatchObject({
      kind: 'pack',
      status: 'complete',
      payment: 'paid',
      amount: 500,
      currency: 'usd',
      url: null,
      subscriptionId: null,
    });
    const id = must(bought.paymentId);
    const paid = {
      id,
      customerId: bought.customerId,
      amount: 500,
      refunded: 0,
      dispute: null,
      invoiceId: null,
    };
    expect(await payments.readPayment(id)).toEqual(paid);
    acts.refund(stripe, id, 120);
    expect(await payments.readPayment(id)).toEqual({ ...paid, refunded: 120 });
    acts.refund(stripe, id, 80);
    const dispute = acts.dispute(stripe, id);
    expect(await payments.readPayment(id)).toEqual({ ...paid, refunded: 200, dispute: 'open' });
    acts.closeDispute(stripe, dispute.id, 'won');
    expect(await payments.readPayment(id)).toEqual({ ...paid, refunded: 200, dispute: 'won' });
  });

  test('a lost dispute counts as lost', async () => {
    const id = must((await buy('pack')).paymentId);
    acts.closeDispute(stripe, acts.dispute(stripe, id).id, 'lost');
    expect(await payments.readPayment(id)).toMatchObject({ dispute: 'lost' });
  });

  test.each(['4000000000000002', '4000000000009995', '4000000000009979'])(
    'stays open when %s is declined, and is paid by the next card',
    async (card) => {
      const declined = await buy('pack', card);
      expect(declined).toMatchObject({ status: 'open', payment: 'unpaid', paymentId: null });
      expect(acts.payCheckout(stripe, declined.id, good).kind).toBe('paid');
      expect(await payments.readCheckout(declined.id)).toMatchObject({ payment: 'paid' });
    },
  );

  test('asks the bank first, where the card says so', async () => {
    const asked = await buy('pack', '4000002500003155');
    expect(asked).toMatchObject({ status: 'open', payment: 'unpaid' });
    acts.authenticate(stripe, asked.id, true);
    expect(await payments.readCheckout(asked.id)).toMatchObject({ payment: 'paid' });
  });

  test('is ended by us, by its day, and not once it is paid', async () => {
    const { id } = await payments.openCheckout(wishOf('pack', customerId));
    expect(await payments.expireCheckout(id)).toMatchObject({ status: 'expired', url: null });
    expect(await payments.expireCheckout(id)).toMatchObject({ status: 'expired' });
    const bought = await buy('pack');
    expect(await payments.expireCheckout(bought.id)).toEqual(bought);
    const late = await payments.openCheckout(wishOf('pack', customerId));
    clock.advance(day);
    expect(await payments.readCheckout(late.id)).toMatchObject({ status: 'expired', url: null });
  });
});

describe('a slow bank', () => {
  const accounts = { yes: '000123456789', no: '000222222227' };

  test.each([
    ['yes', 'paid'],
    ['no', 'unpaid'],
  ] as const)('says %s after days', async (what, expected) => {
    const waiting = await buy('pack', accounts[what]);
    expect(waiting).toMatchObject({ status: 'complete', payment: 'processing', paymentId: null });
    clock.advance(3 * day);
    expect(await payments.readCheckout(waiting.id)).toMatchObject({ payment: expected });
  });
});

describe('a plan', () => {
  test('carries our metadata, its period and its invoice', async () => {
    const began = clock.now();
    const bought = await buy('plan');
    const subscription = must(await payments.readSubscription(must(bought.subscriptionId)));
    expect(subscription).toMatchObject({
      customerId: bought.customerId,
      status: 'active',
      priceId: priceIds.STRIPE_PRICE_STARTER,
      periodStart: began,
      endsAt: null,
      metadata: bought.metadata,
    });
    expect(await payments.listSubscriptions(must(bought.customerId))).toEqual([subscription]);
    const invoice = must(await payments.readInvoice(newestInvoice(subscription.id)));
    expect(invoice).toMatchObject({
      customerId: bought.customerId,
      subscriptionId: subscription.id,
      status: 'paid',
      reason: 'create',
      priceId: priceIds.STRIPE_PRICE_STARTER,
      periodStart: began,
      periodEnd: subscription.periodEnd,
      amount: 900,
      payUrl: null,
      failure: null,
    });
    expect(await payments.readPayment(must(invoice.paymentId))).toMatchObject({
      invoiceId: invoice.id,
      amount: 900,
    });
  });

  test('renews with an invoice for the month that begins', async () => {
    const { subscriptionId } = await buy('plan');
    const before = must(await payments.readSubscription(must(subscriptionId)));
    clock.advance(before.periodEnd.getTime() - clock.now().getTime() + 2 * 3600 * 1000);
    const after = must(await payments.readSubscription(before.id));
    expect(after.periodStart).toEqual(before.periodEnd);
    expect(await payments.readInvoice(newestInvoice(before.id))).toMatchObject({
      reason: 'cycle',
      status: 'paid',
      periodStart: after.periodStart,
      periodEnd: after.periodEnd,
    });
  });

  test('that is changed upwards is paid for at once, for the new price', async () => {
    const { subscriptionId } = await buy('plan');
    const id = must(subscriptionId);
    clock.advance(10 * day);
    acts.changePlan(stripe, id, priceIds.STRIPE_PRICE_TEAM);
    const { periodEnd, priceId } = must(await payments.readSubscription(id));
    expect(priceId).toBe(priceIds.STRIPE_PRICE_TEAM);
    expect(await payments.readInvoice(newestInvoice(id))).toMatchObject({
      reason: 'update',
      status: 'paid',
      priceId: priceIds.STRIPE_PRICE_TEAM,
      periodEnd,
    });
  });

  test('ends with its period, goes on after all, and says both twice', async () => {
    const { subscriptionId } = await buy('plan');
    const id = must(subscriptionId);
    const ending = await payments.setRenewal(id, false);
    expect(ending.endsAt).toEqual(ending.periodEnd);
    expect(await payments.setRenewal(id, false)).toEqual(ending);
    expect(await payments.setRenewal(id, true)).toMatchObject({ endsAt: null, status: 'active' });
    acts.cancelAtPeriodEnd(stripe, id);
    clock.advance(32 * day);
    const ended = must(await payments.readSubscription(id));
    expect(ended).toMatchObject({ status: 'canceled', endsAt: ending.periodEnd });
    expect(await payments.setRenewal(id, true)).toEqual(ended);
    const every = await payments.listSubscriptions(ended.customerId);
    expect(every.map(({ status }) => status)).toEqual(['canceled']);
  });

  test.each<[string, string, string]>([
    ['a plain no', '4000000000000341', 'declined'],
    ['a question of the bank', '4000002760003184', 'needs_confirmation'],
  ])('that cannot renew because of %s says why, and where to pay', async (_what, card, failure) => {
    const bought = await buy('plan');
    const id = must(bought.subscriptionId);
    acts.replaceCard(stripe, must(bought.customerId), card);
    clock.advance(31 * day + 2 * 3600 * 1000);
    expect(await payments.readSubscription(id)).toMatchObject({ status: 'past_due' });
    const invoice = must(await payments.readInvoice(newestInvoice(id)));
    expect(invoice).toMatchObject({ status: 'open', failure, paymentId: null, reason: 'cycle' });
    expect(invoice.payUrl).toMatch(/^http/u);
    expect(acts.payInvoice(stripe, invoice.id, good).kind).toBe('paid');
    expect(await payments.readInvoice(invoice.id)).toMatchObject({ status: 'paid', failure: null });
  });

  test('is changed in the portal', async () => {
    const bought = await buy('plan');
    const customer = must(bought.customerId);
    const wish = { customerId: customer, returnUrl: 'http://127.0.0.1:9/b', locale: 'zh' } as const;
    const plain = await payments.openPortal(wish);
    const direct = await payments.openPortal({ ...wish, changeOf: must(bought.subscriptionId) });
    expect((await fetch(plain)).status).toBe(200);
    expect(direct).not.toBe(plain);
  });
});

describe('what Stripe tells', () => {
  test('by its webhook is what it lists, and nothing else is listed', async () => {
    const since = clock.now();
    const received: { body: Buffer; signature: string }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const signature = String(request.headers['stripe-signature']);
        received.push({ body: Buffer.concat(chunks), signature });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    stripe.webhook.setUrl(`http://127.0.0.1:${port}/webhooks/stripe`);
    await stripe.webhook.flush();
    received.length = 0;
    clock.advance(1000);
    stripe.misbehave({ on: 'webhook', how: 'rotating', times: 1, event: 'invoice.paid' });
    acts.refund(stripe, must((await buy('pack')).paymentId));
    await buy('plan');
    await stripe.webhook.flush();
    const now = clock.now();
    const told = await Promise.all(received.map((one) => payments.readNotice({ ...one, now })));
    const listed: PaymentNotice[] = [];
    for await (const notice of payments.listNotices(new Date(since.getTime() + 1000)))
      listed.push(notice);
    const types: readonly string[] = stripeEvents;
    const byId = (one: PaymentNotice, other: PaymentNotice) => one.id.localeCompare(other.id);
    const ours = told.filter(({ type }) => types.includes(type));
    expect(ours.length).toBeLessThan(told.length);
    expect(ours.toSorted(byId)).toEqual(listed.toSorted(byId));
    expect(listed.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'checkout.session.completed',
        'customer.subscription.created',
        'invoice.paid',
        'charge.refunded',
        'refund.created',
      ]),
    );
    expect(listed.every(({ subject }) => subject !== null)).toBe(true);
    const moments = listed.map(({ createdAt }) => createdAt.getTime());
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    server.closeAllConnections();
    server.close();
  });

  test('is listed over more than one page, oldest first', async () => {
    clock.advance(1000);
    const since = clock.now();
    const id = must((await buy('pack')).paymentId);
    for (let made = 0; made < 60; made += 1) acts.refund(stripe, id, 1);
    const listed: PaymentNotice[] = [];
    for await (const notice of payments.listNotices(since)) listed.push(notice);
    expect(listed.length).toBeGreaterThan(100);
    const order = [...stripe.state.events.keys()];
    const places = listed.map((notice) => order.indexOf(notice.id));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});

describe('what goes wrong', () => {
  test('a wrong key is told from a busy service', async () => {
    const stranger = paymentsAs('sk_test_stranger');
    const locked = stranger.readPrice(priceIds.STRIPE_PRICE_PRO).catch((error: unknown) => error);
    expect(isFault(await locked, 'provider_locked')).toBe(true);
  });

  test('nothing listens there', async () => {
    const nobody = createStripePayments({
      url: 'http://127.0.0.1:9',
      secretKey: 'sk',
      webhookSecrets: [],
    });
    const busy = nobody.readPrice('price_1').catch((error: unknown) => error);
    expect(isFault(await busy, 'provider_busy')).toBe(true);
  });

  test('a price that is not there is refused when it is sold', async () => {
    const wish = wishOf('plan', customerId, { priceId: 'price_none' });
    const failed = payments.openCheckout(wish).catch((error: unknown) => error);
    expect(isFault(await failed, 'provider_failed')).toBe(true);
  });
});
