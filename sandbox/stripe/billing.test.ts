import { afterEach, describe, expect, test } from 'vitest';

import {
  closeAll,
  idOf,
  open,
  openCheckout,
  pack,
  pro,
  starter,
  subscribe,
} from '../../test/kit/stripe-api.ts';
import {
  authenticate,
  cancelAtPeriodEnd,
  changePlan,
  closeDispute,
  dispute,
  pause,
  payCheckout,
  payInvoice,
  portalSession,
  refund,
  replaceCard,
  resume,
  resumePaused,
} from './acts.ts';

afterEach(closeAll);

const dayS = 86_400;

describe('a checkout', () => {
  test('of a plan makes a subscription, its invoice and its payment', async () => {
    const world = await open();
    const session = await openCheckout(world, starter, {
      metadata: { on: 'session' },
      subscription_data: { metadata: { on: 'subscription' } },
    });
    const outcome = payCheckout(world.stripe, session.id, '4242 4242 4242 4242');
    const redirectTo = `https://jilo.test/done?session=${session.id}`;
    expect(outcome).toEqual({ kind: 'paid', redirectTo });
    const expand = ['subscription', 'invoice.payments', 'line_items'];
    const paid = await world.sdk.checkout.sessions.retrieve(session.id, { expand });
    expect(paid).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      payment_intent: null,
      metadata: { on: 'session' },
      line_items: { data: [{ price: { id: starter }, quantity: 1 }] },
      subscription: {
        status: 'active',
        metadata: { on: 'subscription' },
        items: { data: [{ current_period_start: session.created, price: { id: starter } }] },
      },
      invoice: {
        status: 'paid',
        amount_paid: 900,
        billing_reason: 'subscription_create',
        parent: { subscription_details: { metadata: { on: 'subscription' } } },
        payments: { data: [{ status: 'paid', amount_paid: 900 }] },
      },
    });
    expect(Object.keys(paid.subscription ?? {})).not.toContain('current_period_end');
    expect(Object.keys(paid.invoice ?? {})).not.toContain('subscription');
  });

  test('of a plan for nobody yet makes the customer that its payment belongs to', async () => {
    const world = await open();
    const session = await openCheckout(world, starter, { customer: undefined });
    payCheckout(world.stripe, session.id, '4242424242424242', 'grace@example.com');
    const paid = await world.sdk.checkout.sessions.retrieve(session.id);
    const customer = idOf(paid.customer);
    expect(await world.sdk.customers.retrieve(customer)).toMatchObject({
      email: 'grace@example.com',
    });
    const { intents, charges } = world.stripe.state;
    const owners = [...intents.values(), ...charges.values()].map((one) => one.customer);
    expect(owners).toEqual([customer, customer]);
    expect((await world.sdk.subscriptions.list({ customer })).data).toHaveLength(1);
  });

  test('of a pack makes a payment with the metadata meant for it', async () => {
    const world = await open();
    const session = await openCheckout(world, pack, {
      payment_intent_data: { metadata: { order: '7' } },
    });
    payCheckout(world.stripe, session.id, '4242424242424242');
    const paid = await world.sdk.checkout.sessions.retrieve(session.id);
    const expand = ['latest_charge'];
    const payment = await world.sdk.paymentIntents.retrieve(idOf(paid.payment_intent), { expand });
    expect(payment).toMatchObject({
      status: 'succeeded',
      amount_received: 500,
      metadata: { order: '7' },
      latest_charge: { paid: true, amount: 500, metadata: { order: '7' } },
    });
    expect(paid).toMatchObject({ subscription: null, invoice: null });
    const ties = await world.sdk.invoicePayments.list({
      payment: { type: 'payment_intent', payment_intent: payment.id },
    });
    expect(ties.data).toEqual([]);
  });

  test.each([
    ['4000000000000002', 'card_declined', 'generic_decline'],
    ['4000000000009995', 'card_declined', 'insufficient_funds'],
    ['4000000000009987', 'card_declined', 'lost_card'],
    ['4000000000009979', 'card_declined', 'stolen_card'],
    ['4000000000000341', 'card_declined', 'generic_decline'],
    ['4000000000000069', 'expired_card', null],
    ['4111111111111111', 'card_declined', 'test_mode_live_card'],
  ])('stays open when %s is declined', async (card, code, declineCode) => {
    const world = await open();
    const session = await openCheckout(world, starter);
    const outcome = payCheckout(world.stripe, session.id, card);
    expect(outcome).toMatchObject({ kind: 'declined', failure: { code, declineCode } });
    expect(world.stripe.state.subscriptions.size).toBe(0);
    expect(world.types()).not.toContain('checkout.session.completed');
    expect(payCheckout(world.stripe, session.id, '4242424242424242').kind).toBe('paid');
    expect(world.stripe.state.intents.size).toBe(1);
  });

  test.each([
    ['4000002500003155', true, 'paid'],
    ['4000002500003155', false, 'declined'],
    ['4000008260003178', true, 'declined'],
  ] as const)('with 3-D Secure of %s, approved %s, is %s', async (card, approve, kind) => {
    const world = await open();
    const session = await openCheckout(world, starter);
    expect(payCheckout(world.stripe, session.id, card)).toEqual({ kind: 'authenticate' });
    expect(world.types()).toContain('payment_intent.requires_action');
    expect(authenticate(world.stripe, session.id, approve).kind).toBe(kind);
    const { status } = await world.sdk.checkout.sessions.retrieve(session.id);
    expect(status).toBe(kind === 'paid' ? 'complete' : 'open');
  });

  test.each([
    ['000123456789', 'checkout.session.async_payment_succeeded', 'paid'],
    ['000222222227', 'checkout.session.async_payment_failed', 'unpaid'],
  ])('by debit of %s waits a day for %s', async (account, type, paymentStatus) => {
    const world = await open();
    const session = await openCheckout(world, pack);
    expect(payCheckout(world.stripe, session.id, account).kind).toBe('processing');
    const before = await world.sdk.checkout.sessions.retrieve(session.id);
    expect(before).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
    world.clock.advance(dayS * 1000 - 1000);
    expect(world.types()).not.toContain(type);
    world.clock.advance(1000);
    expect(world.types()).toContain(type);
    const after = await world.sdk.checkout.sessions.retrieve(session.id);
    expect(after.payment_status).toBe(paymentStatus);
  });

  test('is over after a day, or when it is ended', async () => {
    const world = await open();
    const [first, second] = [
      await openCheckout(world, starter),
      await openCheckout(world, starter),
    ];
    const ended = await world.sdk.checkout.sessions.expire(second.id);
    expect(ended).toMatchObject({ status: 'expired', url: null });
    await expect(world.sdk.checkout.sessions.expire(second.id)).rejects.toThrow('Only Checkout');
    world.clock.advance(dayS * 1000 - 1000);
    const open1 = await world.sdk.checkout.sessions.list({ status: 'open' });
    expect(open1.data.map(({ id }) => id)).toEqual([first.id]);
    world.clock.advance(1000);
    expect(payCheckout(world.stripe, first.id, '4242424242424242')).toEqual({
      kind: 'closed',
      status: 'expired',
    });
    expect(world.types().filter((type) => type === 'checkout.session.expired')).toHaveLength(2);
  });
});

describe('a subscription', () => {
  test('renews each month on its day, an hour after the draft', async () => {
    const world = await open();
    const { id } = await subscribe(world);
    world.days(30);
    const [draft] = (await world.sdk.invoices.list({ subscription: id, limit: 1 })).data;
    expect(draft).toMatchObject({ status: 'draft', billing_reason: 'subscription_cycle' });
    world.clock.advance(3_600_000);
    const [paid] = (await world.sdk.invoices.list({ subscription: id, limit: 1 })).data;
    const december = Date.UTC(2026, 11, 22, 12) / 1000;
    const january = Date.UTC(2027, 0, 22, 12) / 1000;
    expect(paid).toMatchObject({
      id: draft?.id,
      status: 'paid',
      period_end: december,
      lines: { data: [{ period: { start: december, end: january } }] },
    });
    const subscription = await world.sdk.subscriptions.retrieve(id);
    expect(subscription.items.data[0]).toMatchObject({
      current_period_start: december,
      current_period_end: january,
    });
  });

  test('is paid twelve times in a year', async () => {
    const world = await open();
    const { id } = await subscribe(world);
    world.days(365 - 1);
    const invoices = await world.sdk.invoices.list({ subscription: id, limit: 100 });
    expect(invoices.data.map(({ status }) => status)).toEqual(Array(12).fill('paid'));
  });

  test('whose card fails is tried after 3, 5 and 7 days and then ends', async () => {
    const world = await open();
    const { id, customer } = await subscribe(world);
    expect(replaceCard(world.stripe, customer, '4000000000000002')).not.toBeNull();
    expect(replaceCard(world.stripe, customer, '4000000000000341')).toBeNull();
    world.days(30);
    world.clock.advance(3_600_000);
    const failures = () => world.types().filter((type) => type === 'invoice.payment_failed').length;
    expect((await world.sdk.subscriptions.retrieve(id)).status).toBe('past_due');
    expect(failures()).toBe(1);
    for (const [wait, count] of [
      [3, 2],
      [5, 3],
    ] as const) {
      world.clock.advance(wait * dayS * 1000 - 1000);
      expect(failures()).toBe(count - 1);
      world.clock.advance(1000);
      expect(failures()).toBe(count);
    }
    world.days(7);
    expect(failures()).toBe(4);
    const ended = await world.sdk.subscriptions.retrieve(id);
    expect(ended).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'payment_failed' },
    });
    expect(world.types().at(-1)).toBe('customer.subscription.deleted');
    expect((await world.sdk.subscriptions.list({ customer })).data).toEqual([]);
    const all = await world.sdk.subscriptions.list({ customer, status: 'all' });
    expect(all.data).toHaveLength(1);
    world.days(60);
    expect(failures()).toBe(4);
  });

  test('recovers when the open invoice is paid with another card', async () => {
    const world = await open();
    const { id, customer } = await subscribe(world);
    replaceCard(world.stripe, customer, '4000000000000341');
    world.days(31);
    const [owed] = (await world.sdk.invoices.list({ subscription: id, status: 'open' })).data;
    const intent = world.stripe.state.invoices.get(owed?.id ?? '')?.intent ?? '';
    const payment = await world.sdk.paymentIntents.retrieve(intent);
    expect(payment.last_payment_error).toMatchObject({
      code: 'card_declined',
      decline_code: 'generic_decline',
    });
    await expect(world.sdk.invoices.pay(owed?.id ?? '')).rejects.toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
    });
    expect(payInvoice(world.stripe, owed?.id ?? '', '4242424242424242').kind).toBe('paid');
    expect((await world.sdk.subscriptions.retrieve(id)).status).toBe('active');
    world.days(31);
    const paid = await world.sdk.invoices.list({ subscription: id, status: 'paid' });
    expect(paid.data).toHaveLength(3);
  });

  test('asks for 3-D Secure on each renewal with one card, and never again with another', async () => {
    const world = await open();
    const asking = await openCheckout(world, starter);
    payCheckout(world.stripe, asking.id, '4000002760003184');
    authenticate(world.stripe, asking.id, true);
    const quiet = await openCheckout(world, starter);
    payCheckout(world.stripe, quiet.id, '4000002500003155');
    authenticate(world.stripe, quiet.id, true);
    world.days(31);
    const { data } = await world.sdk.events.list({ type: 'invoice.payment_action_required' });
    expect(data).toHaveLength(1);
    const { data: owed } = await world.sdk.invoices.list({ status: 'open' });
    expect(owed).toHaveLength(1);
    expect(authenticate(world.stripe, owed[0]?.id ?? '', true).kind).toBe('paid');
    expect((await world.sdk.invoices.list({ status: 'paid' })).data).toHaveLength(4);
  });

  test('ends with its period, unless it is resumed before', async () => {
    const world = await open();
    const { id, customer } = await subscribe(world);
    const other = await subscribe(world);
    const ending = await world.sdk.subscriptions.update(id, { cancel_at_period_end: true });
    expect(ending).toMatchObject({ status: 'active', cancel_at_period_end: true });
    cancelAtPeriodEnd(world.stripe, other.id);
    resume(world.stripe, other.id);
    world.days(31);
    expect((await world.sdk.subscriptions.retrieve(id)).status).toBe('canceled');
    expect((await world.sdk.subscriptions.retrieve(other.id)).status).toBe('active');
    const change = world.sdk.subscriptions.update(id, { cancel_at_period_end: false });
    await expect(change).rejects.toThrow('canceled subscription');
    expect((await world.sdk.invoices.list({ customer })).data).toHaveLength(1);
  });

  test('is ended at once by DELETE', async () => {
    const world = await open();
    const { id } = await subscribe(world);
    expect(await world.sdk.subscriptions.cancel(id)).toMatchObject({ status: 'canceled' });
    await expect(world.sdk.subscriptions.cancel(id)).rejects.toMatchObject({ statusCode: 404 });
    expect(world.types().at(-1)).toBe('customer.subscription.deleted');
  });

  test('costs the difference for the rest of the period when it grows', async () => {
    const world = await open();
    const { id } = await subscribe(world);
    world.days(15);
    expect(changePlan(world.stripe, id, pro).kind).toBe('paid');
    const [invoice] = (await world.sdk.invoices.list({ subscription: id, limit: 1 })).data;
    expect(invoice).toMatchObject({ billing_reason: 'subscription_update', amount_paid: 1000 });
    expect(invoice?.lines.data.map(({ amount }) => amount)).toEqual([-450, 1450]);
    const changed = await world.sdk.subscriptions.retrieve(id);
    expect(changed.items.data[0]).toMatchObject({
      price: { id: pro },
      current_period_end: Date.UTC(2026, 11, 22, 12) / 1000,
    });
  });

  test('becomes credit for the next month when it shrinks', async () => {
    const world = await open();
    const { id, customer } = await subscribe(world, pro);
    world.days(15);
    changePlan(world.stripe, id, starter);
    const [invoice] = (await world.sdk.invoices.list({ subscription: id, limit: 1 })).data;
    expect(invoice).toMatchObject({ total: -1000, amount_due: 0, status: 'paid' });
    expect(await world.sdk.customers.retrieve(customer)).toMatchObject({ balance: -1000 });
    world.days(16);
    const [next] = (await world.sdk.invoices.list({ subscription: id, limit: 1 })).data;
    expect(next).toMatchObject({ total: 900, amount_due: 0, ending_balance: -100 });
  });

  test('changed over the API keeps the difference for the next invoice', async () => {
    const world = await open();
    const { id } = await subscribe(world);
    const before = await world.sdk.subscriptions.retrieve(id);
    world.days(15);
    const item = before.items.data[0]?.id ?? '';
    await world.sdk.subscriptions.update(id, { items: [{ id: item, price: pro }] });
    expect((await world.sdk.invoices.list({ subscription: id })).data).toHaveLength(1);
    world.days(16);
    const [next] = (await world.sdk.invoices.list({ subscription: id, limit: 1 })).data;
    expect(next?.lines.data.map(({ amount }) => amount)).toEqual([-450, 1450, 2900]);
    await world.sdk.subscriptions.update(id, { items: [{ price: starter }] });
    expect((await world.sdk.subscriptions.retrieve(id)).items.data).toHaveLength(2);
  });

  test('does not renew while it is paused', async () => {
    const world = await open();
    const { id } = await subscribe(world);
    pause(world.stripe, id);
    world.days(60);
    expect((await world.sdk.invoices.list({ subscription: id })).data).toHaveLength(1);
    resumePaused(world.stripe, id);
    expect((await world.sdk.subscriptions.retrieve(id)).status).toBe('active');
    expect((await world.sdk.invoices.list({ subscription: id })).data).toHaveLength(2);
    expect(world.types()).toEqual(
      expect.arrayContaining(['customer.subscription.paused', 'customer.subscription.resumed']),
    );
  });
});

describe('the portal', () => {
  test('shows what the customer has, for an hour', async () => {
    const world = await open();
    const { id, customer } = await subscribe(world);
    const session = await world.sdk.billingPortal.sessions.create({
      customer,
      return_url: 'https://jilo.test',
      flow_data: { type: 'subscription_update', subscription_update: { subscription: id } },
    });
    expect(session.flow).toMatchObject({ subscription_update: { subscription: id } });
    const view = portalSession(world.stripe, session.id);
    expect(view?.subscriptions.map((one) => one.id)).toEqual([id]);
    expect(view?.prices.map(({ amount }) => amount)).toEqual([900, 2900, 9900]);
    world.clock.advance(3_600_000);
    expect(portalSession(world.stripe, session.id)).not.toBeNull();
    world.clock.advance(1000);
    expect(portalSession(world.stripe, session.id)).toBeNull();
  });

  test('leads to nobody else’s subscription', async () => {
    const world = await open();
    const { id } = await subscribe(world);
    const { customer } = await subscribe(world);
    const wish = {
      customer,
      flow_data: { type: 'subscription_update', subscription_update: { subscription: id } },
    } as const;
    await expect(world.sdk.billingPortal.sessions.create(wish)).rejects.toMatchObject({
      param: 'flow_data[subscription_update][subscription]',
    });
  });
});

describe('money that goes back', () => {
  async function paidPack() {
    const world = await open();
    const session = await openCheckout(world, pack);
    payCheckout(world.stripe, session.id, '4242424242424242');
    const paid = await world.sdk.checkout.sessions.retrieve(session.id);
    return { ...world, payment: idOf(paid.payment_intent) };
  }

  test('is refunded in parts, never more than was paid', async () => {
    const { sdk, payment, types } = await paidPack();
    await sdk.refunds.create({ payment_intent: payment, amount: 200 });
    const tooMuch = sdk.refunds.create({ payment_intent: payment, amount: 301 });
    await expect(tooMuch).rejects.toMatchObject({ param: 'amount' });
    await sdk.refunds.create({ payment_intent: payment, amount: 300 });
    const again = sdk.refunds.create({ payment_intent: payment });
    await expect(again).rejects.toMatchObject({ code: 'charge_already_refunded' });
    const { latest_charge: charge } = await sdk.paymentIntents.retrieve(payment);
    const back = await sdk.charges.retrieve(idOf(charge), { expand: ['refunds'] });
    expect(back).toMatchObject({ amount_refunded: 500, refunded: true });
    expect(back.refunds?.data).toHaveLength(2);
    expect(types().filter((type) => type === 'charge.refunded')).toHaveLength(2);
  });

  test.each(['won', 'lost'] as const)('by a dispute that is %s', async (how) => {
    const { sdk, stripe, payment, types } = await paidPack();
    const { id } = dispute(stripe, payment);
    expect(() => refund(stripe, payment)).toThrow('charged back');
    closeDispute(stripe, id, how);
    expect(await sdk.disputes.retrieve(id)).toMatchObject({ status: how, amount: 500 });
    expect(types()).toContain('charge.dispute.closed');
    expect(types().includes('charge.dispute.funds_reinstated')).toBe(how === 'won');
  });

  test('by a card that disputes a day later', async () => {
    const world = await open();
    const session = await openCheckout(world, pack);
    payCheckout(world.stripe, session.id, '4000000000000259');
    world.clock.advance(dayS * 1000 - 1000);
    expect(world.types()).not.toContain('charge.dispute.created');
    world.clock.advance(1000);
    expect(world.types()).toContain('charge.dispute.created');
  });
});
