import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { notices } from '../../drizzle/schema/chat.ts';
import { checkouts, paymentNotices, purchases } from '../../drizzle/schema/billing.ts';
import { quotaTransfers, wallets } from '../../drizzle/schema/quota.ts';
import { bookSettings, PaymentBooks } from '../../test/kit/payment-books.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import { productOf } from '../plan/catalogue.ts';
import { readPlan } from '../plan/current.ts';
import { postTransfer } from '../quota/ledger.ts';
import { renewMonths } from '../quota/renew.ts';
import { openCheckout } from './checkout.ts';
import { followNotice } from './notice.ts';
import { receivePaymentNotice } from './receive.ts';
import { reconcilePayments } from './reconcile.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ settings: bookSettings });
});
afterAll(() => world.close());

let people = 0;
let books: PaymentBooks;
let context: Context;
let accountId: string;
let heard: number;
beforeEach(async () => {
  people += 1;
  books = new PaymentBooks(() => world.now(), `${people}x`);
  const plain = await world.context('terminal', `buyer${people}`);
  context = { ...plain, ports: { ...plain.ports, payments: books } };
  accountId = context.actor.accountId;
  heard = 0;
});

const jobContext = () => ({ ...context, signal: new AbortController().signal });
const product = (id: string) => {
  const found = productOf(id);
  if (!found) throw new Error(id);
  return found;
};

/** Delivers what the books have told since, in this order; each as often as it is named. */
async function deliver(order?: readonly number[]): Promise<void> {
  const fresh = books.notices.slice(heard);
  heard = books.notices.length;
  for (const index of order ?? fresh.keys()) {
    const notice = fresh[index];
    if (!notice) throw new Error(`there are ${fresh.length} messages`);
    await receivePaymentNotice(context, notice, 'webhook');
    await followNotice.run({ notice: notice.id }, jobContext());
  }
}

async function buy(id: string): Promise<string> {
  await openCheckout(context, product(id));
  const session = [...books.sessions.values()].at(-1)?.id ?? '';
  books.pay(session);
  return session;
}

const subscriptionId = () => [...books.subscriptions.keys()].at(-1) ?? '';
const wallet = async () => {
  const [row] = await world.app.database.db.select().from(wallets).where(eq(wallets.id, accountId));
  if (!row) throw new Error('no wallet');
  return row;
};
const balance = async () => {
  const { available, lasting } = await wallet();
  return { month: available - lasting, packs: lasting };
};
const bought = () =>
  world.app.database.db.select().from(purchases).where(eq(purchases.accountId, accountId));
const told = async () => {
  const rows = await world.app.database.db
    .select({ kind: notices.kind })
    .from(notices)
    .where(eq(notices.accountId, accountId))
    .orderBy(notices.id);
  return rows.map(({ kind }) => kind);
};
const spend = (amount: number, name: string) =>
  postTransfer(world.app.database.db, {
    verb: 'hold',
    walletId: accountId,
    amount,
    reference: `${accountId}:${name}`,
    key: `${accountId}:${name}`,
    at: world.now(),
  });

describe('a plan', () => {
  test('begins with its first paid invoice, whatever comes first and however often', async () => {
    await buy('starter');
    await deliver([2, 1, 0, 1, 2, 0]);
    expect(await balance()).toEqual({ month: 300, packs: 0 });
    expect(await bought()).toMatchObject([{ kind: 'plan', product: 'starter', units: 300 }]);
    const { periodEnd } = await wallet();
    expect(periodEnd).toEqual(books.subscriptions.get(subscriptionId())?.periodEnd);
    expect(await readPlan(world.app.database.db, accountId)).toMatchObject({
      plan: 'starter',
      status: 'active',
      renewsAt: periodEnd,
    });
    expect(await told()).toEqual(['payment_received']);
  });

  test('renews: the rest of the month expires, packs and holds stay', async () => {
    await buy('starter');
    await buy('pack_small');
    await deliver();
    await spend(20, 'held');
    await world.advance(31 * 86_400);
    books.renew(subscriptionId());
    await deliver();
    expect(await balance()).toEqual({ month: 300, packs: 100 });
    expect(await wallet()).toMatchObject({ held: 20, expired: 100 + 280 });
  });

  test.each([
    ['in order', undefined],
    ['the change first', [4, 0, 1, 2, 3]],
    ['backwards', [4, 3, 2, 1, 0]],
  ])('changed to a dearer one brings the difference: %s', async (_, order) => {
    await buy('starter');
    books.change(subscriptionId(), 'price_pro');
    await deliver(order);
    expect(await balance()).toEqual({ month: 1200, packs: 0 });
    expect((await bought()).reduce((sum, { units }) => sum + units, 0)).toBe(1200);
  });

  test('changed to a cheaper one brings less from the next month on', async () => {
    await buy('pro');
    await deliver();
    books.change(subscriptionId(), 'price_starter');
    await deliver();
    expect(await balance()).toEqual({ month: 1200, packs: 0 });
    await world.advance(31 * 86_400);
    books.renew(subscriptionId());
    await deliver();
    expect(await balance()).toEqual({ month: 300, packs: 0 });
  });

  test('not paid for goes on with what is left, is told, and begins when it is paid', async () => {
    await buy('starter');
    await deliver();
    await spend(250, 'held');
    await world.advance(31 * 86_400);
    const invoice = books.renew(subscriptionId(), 'no_funds');
    await deliver();
    await renewMonths.run({}, jobContext());
    expect(await balance()).toEqual({ month: 50, packs: 0 });
    expect(await told()).toEqual(['payment_received', 'payment_failed']);
    await world.advance(86_400);
    books.recover(invoice);
    await deliver();
    expect(await balance()).toEqual({ month: 300, packs: 0 });
  });

  test('that has ended leaves the free month, and what is over is told once', async () => {
    await buy('starter');
    await deliver();
    await world.advance(31 * 86_400);
    books.end(subscriptionId());
    await deliver();
    expect(await told()).toEqual(['payment_received', 'plan_ended']);
    await renewMonths.run({}, jobContext());
    await renewMonths.run({}, jobContext());
    expect(await balance()).toEqual({ month: 100, packs: 0 });
    expect(await readPlan(world.app.database.db, accountId)).toMatchObject({ plan: 'free' });
  });

  test('not paid for is told once, by two workers that look at the same message', async () => {
    await buy('starter');
    await deliver();
    books.renew(subscriptionId(), 'declined');
    const failed = books.notices.find(({ type }) => type === 'invoice.payment_failed');
    if (!failed) throw new Error('nothing has failed');
    await receivePaymentNotice(context, failed, 'webhook');
    const look = () => followNotice.run({ notice: failed.id }, jobContext());
    await Promise.all([look(), look(), look()]);
    expect(await told()).toEqual(['payment_received', 'payment_failed']);
  });

  test('whose month was paid and is over still brings its units, and moves no month', async () => {
    await buy('starter');
    await deliver();
    await world.advance(31 * 86_400);
    books.renew(subscriptionId());
    const lost = books.notices.length;
    await world.advance(31 * 86_400);
    books.renew(subscriptionId());
    const all = books.notices.length;
    await deliver([...Array(all - lost).keys()].map((index) => index + lost - heard));
    const month = await wallet();
    heard = lost - 2;
    await deliver();
    expect(await balance()).toEqual({ month: 600, packs: 0 });
    expect(await wallet()).toMatchObject({
      periodStart: month.periodStart,
      periodEnd: month.periodEnd,
    });
  });

  test('bad news that comes after the payment is none', async () => {
    await buy('starter');
    await deliver();
    const invoice = books.renew(subscriptionId(), 'declined');
    books.recover(invoice);
    await deliver();
    expect(await told()).toEqual(['payment_received', 'payment_received']);
  });
});

describe('a pack', () => {
  test('is granted once, and lasts', async () => {
    await buy('pack_large');
    await deliver([0, 0, 0]);
    expect(await balance()).toEqual({ month: 100, packs: 500 });
    await world.advance(40 * 86_400);
    await renewMonths.run({}, jobContext());
    expect(await balance()).toEqual({ month: 100, packs: 500 });
  });

  test('waits for a slow bank, and brings nothing when that does not pay', async () => {
    for (const pays of [true, false]) {
      await openCheckout(context, product('pack_small'));
      const session = [...books.sessions.values()].at(-1)?.id ?? '';
      books.payLater(session);
      await deliver();
      const before = await balance();
      books.bankSays(session, pays);
      await deliver();
      expect((await balance()).packs - before.packs).toBe(pays ? 100 : 0);
    }
    expect(await told()).toEqual(['payment_received', 'payment_failed']);
  });
});

describe('money that goes back', () => {
  const payment = () => [...books.payments.keys()].at(-1) ?? '';

  test.each([
    ['all of it', 500, { packs: 0, missing: 0 }],
    ['a part', 250, { packs: 50, missing: 0 }],
    ['a cent', 1, { packs: 100, missing: 0 }],
  ])('takes units back: %s', async (_, cents, { packs, missing }) => {
    await buy('pack_small');
    await deliver();
    books.refund(payment(), cents);
    await deliver();
    expect(await balance()).toEqual({ month: 100, packs });
    expect(await bought()).toMatchObject([{ takenBack: 100 - packs, missing }]);
  });

  test('never takes more than is there, and notes the rest', async () => {
    await buy('pack_small');
    await deliver();
    await spend(170, 'held');
    books.dispute(payment(), 'open');
    await deliver([0, 0]);
    expect(await balance()).toEqual({ month: 0, packs: 0 });
    expect(await bought()).toMatchObject([{ takenBack: 30, missing: 70 }]);
    books.dispute(payment(), 'won');
    await deliver();
    expect(await balance()).toEqual({ month: 0, packs: 30 });
    expect(await bought()).toMatchObject([{ takenBack: 0, missing: 0, adjustments: 2 }]);
  });

  test('is noticed before its purchase is', async () => {
    await buy('pack_small');
    books.refund(payment(), 500);
    await deliver([1, 0]);
    expect(await balance()).toEqual({ month: 100, packs: 0 });
    expect(await bought()).toMatchObject([{ units: 100, takenBack: 100 }]);
  });

  test('of a plan takes the units of the month', async () => {
    await buy('starter');
    await deliver();
    await spend(100, 'held');
    books.refund(payment(), 900);
    await deliver();
    expect(await balance()).toEqual({ month: 0, packs: 0 });
    expect(await bought()).toMatchObject([{ takenBack: 200, missing: 100 }]);
  });
});

describe('a checkout', () => {
  test('is the same at a second press, and ends when something else is wanted', async () => {
    const first = await openCheckout(context, product('starter'));
    expect(await openCheckout(context, product('starter'))).toEqual(first);
    const other = await openCheckout(context, product('pro'));
    expect(other.link).not.toBe(first.link);
    const states = [...books.sessions.values()].map(({ status }) => status);
    expect(states).toEqual(['expired', 'open']);
  });

  test('is one, of many presses at once', async () => {
    const presses = Array.from({ length: 12 }, () => openCheckout(context, product('starter')));
    const links = new Set((await Promise.all(presses)).map(({ link }) => link));
    expect(links.size).toBe(1);
    expect([...books.sessions.values()].filter(({ status }) => status === 'open')).toHaveLength(1);
  });

  test('leads to the portal for somebody who has a plan, though no message has come yet', async () => {
    await buy('starter');
    expect(await openCheckout(context, product('pro'))).toMatchObject({ kind: 'portal' });
    expect(await openCheckout(context, product('pack_small'))).toMatchObject({ kind: 'checkout' });
  });

  test('that has just been paid is not opened twice', async () => {
    await buy('pack_small');
    const again = await openCheckout(context, product('pack_small')).catch(
      (error: unknown) => error,
    );
    expect(isFault(again, 'already_paid')).toBe(true);
    expect(await openCheckout(context, product('pack_small'))).toMatchObject({ kind: 'checkout' });
  });

  test.each(['createCustomer', 'openCheckout'])(
    'whose answer was lost at %s is found again',
    async (place) => {
      books.afterCall = (name) => {
        if (name === place) throw new Error('cut');
      };
      await expect(openCheckout(context, product('starter'))).rejects.toThrow('cut');
      books.afterCall = () => undefined;
      const { link } = await openCheckout(context, product('starter'));
      expect(books.sessions.size).toBe(1);
      expect(await openCheckout(context, product('starter'))).toEqual({ link, kind: 'checkout' });
      const rows = await world.app.database.db
        .select()
        .from(checkouts)
        .where(eq(checkouts.accountId, accountId));
      expect(rows).toHaveLength(1);
    },
  );
});

describe('every night', () => {
  test('what no message has told is found, and counted once when the message comes after all', async () => {
    await buy('starter');
    await buy('pack_small');
    await reconcilePayments.run({}, jobContext());
    const open = await world.app.database.db.select().from(paymentNotices);
    for (const { id } of open) await followNotice.run({ notice: id }, jobContext());
    expect(await balance()).toEqual({ month: 300, packs: 100 });
    await deliver();
    expect(await balance()).toEqual({ month: 300, packs: 100 });
  });

  test('what was lost weeks ago is found, though later messages have come', async () => {
    await buy('pack_small');
    heard = books.notices.length;
    await expect(openCheckout(context, product('pack_small'))).rejects.toThrow(
      'You have just paid for this',
    );
    await world.advance(29 * 86_400);
    await buy('pack_large');
    await deliver();
    expect((await balance()).packs).toBe(500);
    await reconcilePayments.run({}, jobContext());
    for (const { id } of books.notices) await followNotice.run({ notice: id }, jobContext());
    expect((await balance()).packs).toBe(600);
  });
});

test('a message about somebody unknown changes nothing', async () => {
  const stranger = new PaymentBooks(() => world.now(), `stranger${people}`);
  await stranger.createCustomer({ key: 'x' });
  const { id } = await stranger.openCheckout({
    kind: 'pack',
    priceId: 'price_small',
    customerId: 'cus_nobody',
    accountId: 'acc_nobody',
    metadata: { account: 'acc_nobody', product: 'pack_small' },
    successUrl: '',
    cancelUrl: '',
    locale: 'en',
    key: 'k',
  });
  stranger.pay(id);
  const before = (await world.app.database.db.select().from(quotaTransfers)).length;
  context = { ...context, ports: { ...context.ports, payments: stranger } };
  for (const notice of stranger.notices) {
    await receivePaymentNotice(context, notice, 'webhook');
    await followNotice.run({ notice: notice.id }, jobContext());
  }
  const handled = await world.app.database.db
    .select()
    .from(paymentNotices)
    .where(eq(paymentNotices.id, stranger.notices[0]?.id ?? ''));
  expect(handled[0]?.handledAt).not.toBeNull();
  expect((await world.app.database.db.select().from(quotaTransfers)).length).toBe(before);
});
