import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { planCancel } from '../../core/plan/cancel.ts';
import { readPlan } from '../../core/plan/current.ts';
import { auditBooks } from '../../core/quota/audit.ts';
import { postTransfer } from '../../core/quota/ledger.ts';
import { renewMonths } from '../../core/quota/renew.ts';
import type { Context } from '../../core/context.ts';
import { notices } from '../../drizzle/schema/chat.ts';
import {
  changePlan,
  closeDispute,
  dispute,
  payInvoice,
  refund,
  replaceCard,
} from '../../sandbox/stripe/acts.ts';
import { booksOf, buy, cardNumbers } from '../kit/shop.ts';
import { jobContext } from '../kit/trips.ts';
import { createWorld, type World } from '../kit/world.ts';

const hour = 3600;
const day = 24 * hour;

let world: World;
let context: Context;
beforeAll(async () => {
  world = await createWorld();
  context = await world.context('terminal', 'subscriber');
});
afterAll(() => world.close());

const books = () => booksOf(world, context.actor.accountId);
const told: string[] = [];
/** The notices since the last look. */
async function news(): Promise<string[]> {
  const rows = await world.app.database.db
    .select({ kind: notices.kind })
    .from(notices)
    .where(eq(notices.accountId, context.actor.accountId))
    .orderBy(notices.id);
  const fresh = rows.slice(told.length).map(({ kind }) => kind);
  told.push(...fresh);
  return fresh;
}

async function pass(seconds: number): Promise<void> {
  await world.advance(seconds);
  await world.drain();
  await renewMonths.run({}, jobContext(world));
  const { breaches } = await auditBooks(world.app.database.sql, world.now());
  expect(breaches).toEqual([]);
}
/** To an hour after the month that is paid is over. */
async function nextMonth(): Promise<void> {
  const { subscription } = await books();
  const end = subscription?.periodEnd.getTime() ?? 0;
  await pass((end - world.now().getTime()) / 1000 + hour);
}

/** Uses up units of the month. */
async function use(amount: number, name: string): Promise<void> {
  const posted = await postTransfer(world.app.database.db, {
    verb: 'expire',
    walletId: context.actor.accountId,
    amount,
    reference: name,
    key: name,
    at: world.now(),
  });
  expect(posted.outcome).toBe('applied');
}

test('a year of a subscription: renewals, upgrade, failure, recovery, refund, dispute, end', async () => {
  const { stripe } = world.emulators;
  await buy(world, context, 'starter');
  expect(await books()).toMatchObject({ month: 300, packs: 0 });
  expect(await news()).toEqual(['payment_received']);

  // Two renewals; the rest of each month expires.
  for (const month of [1, 2]) {
    await nextMonth();
    const { wallet, month: left } = await books();
    expect(left).toBe(300);
    expect(wallet.expired).toBe(100 + 300 * month);
  }
  expect(await news()).toEqual(['payment_received', 'payment_received']);

  // An upgrade in the middle of the third month, and a pack beside it.
  await pass(10 * day);
  const { subscription, customerId } = await books();
  const id = subscription?.id ?? '';
  expect(changePlan(stripe, id, 'price_sandbox_pro')).toMatchObject({ kind: 'paid' });
  await world.drain();
  expect(await books()).toMatchObject({ month: 1200, packs: 0 });
  await buy(world, context, 'pack_small');
  await nextMonth();
  expect(await books()).toMatchObject({ month: 1200, packs: 100 });

  // The fifth month is not paid for: what is left goes on, and nothing new comes.
  replaceCard(stripe, customerId, cardNumbers.failsLater);
  await use(200, 'before the failure');
  await news();
  await nextMonth();
  expect(await books()).toMatchObject({ month: 1000, packs: 100 });
  // The card is tried again after three days, and fails again.
  await pass(3 * day + hour);
  expect(new Set(await news())).toEqual(new Set(['payment_failed']));
  expect(await readPlan(world.app.database.db, context.actor.accountId)).toMatchObject({
    plan: 'pro',
    status: 'past_due',
  });

  // Another card, and the month begins.
  replaceCard(stripe, customerId, cardNumbers.works);
  const open = [...stripe.state.invoices.values()].find(({ status }) => status === 'open');
  expect(payInvoice(stripe, open?.id ?? '')).toMatchObject({ kind: 'paid' });
  await world.drain();
  expect(await books()).toMatchObject({ month: 1200, packs: 100 });
  expect(await news()).toEqual(['payment_received']);

  // Half of a month's money goes back, and half of its units.
  await nextMonth();
  const sixth = (await books()).bought.at(-1);
  refund(stripe, sixth?.paymentId ?? '', 1450);
  await world.drain();
  expect(await books()).toMatchObject({ month: 600, packs: 100 });

  // A dispute takes what is left of the month, and gives it back when it is won.
  await nextMonth();
  const seventh = (await books()).bought.at(-1);
  await use(900, 'before the dispute');
  const open7 = dispute(stripe, seventh?.paymentId ?? '');
  await world.drain();
  expect(await books()).toMatchObject({ month: 0, packs: 100 });
  closeDispute(stripe, open7.id, 'won');
  await world.drain();
  expect(await books()).toMatchObject({ month: 300, packs: 100 });

  // Ended by the person: it lasts to the end of its month, and the free month follows.
  for (let month = 8; month <= 12; month += 1) await nextMonth();
  await world.must(planCancel, {}, context);
  expect(await books()).toMatchObject({ month: 1200, packs: 100 });
  await news();
  await nextMonth();
  expect(await news()).toEqual(['plan_ended']);
  expect(await books()).toMatchObject({ month: 100, packs: 100 });
  expect(await readPlan(world.app.database.db, context.actor.accountId)).toMatchObject({
    plan: 'free',
  });
  const year = (world.now().getTime() - Date.parse('2026-11-22T08:00:00Z')) / 1000 / day;
  expect(year).toBeGreaterThan(365);
}, 180_000);
