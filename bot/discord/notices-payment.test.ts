import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest';

import { recordEvent } from '../../core/events.ts';
import { locales } from '../../core/messages/catalogue.ts';
import type { Notice } from '../../core/notice/deliver.ts';
import type { PaymentNews } from '../../core/notice/payment-news.ts';
import { recordNotice, type NoticeKind } from '../../core/notice/record.ts';
import { operations } from '../../core/operations.ts';
import { purchases, subscriptions } from '../../drizzle/schema/billing.ts';
import { notices } from '../../drizzle/schema/chat.ts';
import { identities } from '../../drizzle/schema/people.ts';
import { createManualClock } from '../../sandbox/clock.ts';
import { recordChat, shownIn } from '../../test/kit/recorded-chat.ts';
import { idsOfView, labelsOfView, problemsOfView, textOfView } from '../../test/kit/view-limits.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { presentNotice } from './notices-view.ts';
import { startNotices } from './notices.ts';

const userId = '12345678901234567890';
const notice: Notice = {
  id: 1,
  kind: 'payment_received',
  subjectId: 'in_1',
  locale: 'en',
  timeZone: 'UTC',
  isWanted: true,
  userId,
  serverId: null,
  channelTitle: null,
  channelAccess: null,
  waitingUntil: null,
  watch: null,
  payment: null,
  approval: null,
  progress: null,
};
const day = new Date('2026-12-22T08:00:00.000Z');
const received = {
  kind: 'received' as const,
  product: 'pro',
  units: 1200,
  amount: 2900,
  currency: 'usd',
  until: day,
};
const failures = ['no_funds', 'declined', 'network', 'needs_confirmation'] as const;
const failed = (
  failure: (typeof failures)[number],
  payUrl: string | null = 'https://pay.example/i',
) => ({
  kind: 'failed' as const,
  failure,
  payUrl,
});
const show = (payment: PaymentNews, locale: Notice['locale'] = 'en') =>
  presentNotice({ ...notice, locale, payment });
const actionsOf = (payment: PaymentNews) =>
  idsOfView(show(payment)).map((id) => id.replace('v1:', '').replace(`:${userId}`, ''));

describe('the message about a payment', () => {
  it('that has come says what it was for, how much, and until when it is good', () => {
    const words = textOfView(show(received));
    expect(words).toContain('Your payment of $29.00 for **Pro** has come.');
    expect(words).toContain('1200 quota are yours now.');
    expect(words).toContain('They last until <t:1797926400:f>.');
    const pack = { ...received, product: 'pack_small', until: null, currency: 'jpy', amount: 700 };
    expect(textOfView(show(pack))).toContain('They do not end.');
    expect(textOfView(show(pack))).toContain('¥700');
    expect(textOfView(show(pack, 'zh'))).toContain('小加量包');
    expect(actionsOf(received)).toEqual(['quota-show', 'notices-off']);
  });

  it.each([
    ['no_funds', /not enough money.*another card/u, 'Pay with another card', /余额不足.*换一张/u],
    ['declined', /bank did not accept.*ask your bank/u, 'Pay with another card', /联系银行/u],
    ['network', /broke off.*press once more/u, 'Pay again', /中断.*再试一次/u],
    ['needs_confirmation', /bank wants you to confirm/u, 'Confirm the payment', /需要您确认/u],
  ] as const)('that failed with %s says why and what to do', (failure, why, step, zh) => {
    const view = show(failed(failure));
    expect(textOfView(view)).toMatch(why);
    expect(textOfView(view)).toContain('Nothing was charged');
    expect(labelsOfView(view)).toEqual([step, 'Card and invoices', 'Turn these off']);
    expect(JSON.stringify(view)).toContain('https://pay.example/i');
    expect(textOfView(show(failed(failure), 'zh'))).toMatch(zh);
    expect(actionsOf(failed(failure, null))).toEqual(['plan-manage', 'notices-off']);
  });

  it('never says that a card was stolen or lost, or that anything is a fraud', () => {
    const words = failures.flatMap((failure) =>
      locales.map((locale) => textOfView(show(failed(failure), locale))),
    );
    expect(words.join('\n')).not.toMatch(/stolen|lost|fraud|theft|盗|丢失|遗失|挂失|欺诈|诈骗/iu);
  });

  it('that went back says what became of the quota', () => {
    const returned = { kind: 'returned' as const, product: 'pack_large', units: 40, isBack: false };
    expect(textOfView(show(returned))).toContain('40 quota of it were taken back');
    expect(textOfView(show({ ...returned, units: 0 }))).toContain('used already');
    const again = show({ ...returned, units: 0, isBack: true });
    expect(textOfView(again)).toContain('counts again');
    expect(textOfView(again)).not.toContain('went back');
  });

  it('about a plan that is over leads to the plans', () => {
    expect(textOfView(show({ kind: 'ended', plan: 'team' }))).toContain('**Team** has ended');
    expect(textOfView(show({ kind: 'ended', plan: null }, 'zh'))).toContain('您的套餐');
    expect(actionsOf({ kind: 'ended', plan: null })).toEqual([
      'plans-show',
      'quota-show',
      'notices-off',
    ]);
  });

  it.each([512, 513, 2900])('fits with an address of %i characters', (length) => {
    const payUrl = 'https://pay.example/'.padEnd(length, 'x');
    for (const locale of locales) {
      const view = show(failed('declined', payUrl), locale);
      expect(problemsOfView(view)).toEqual([]);
      expect(JSON.stringify(view)).toContain(payUrl);
    }
    for (const payment of [received, { kind: 'ended', plan: 'x'.repeat(200) } as const])
      expect(problemsOfView(show(payment))).toEqual([]);
  });
});

describe('what is told of it', () => {
  let world: World;
  let accountId: string;
  beforeAll(async () => {
    world = await createWorld();
    accountId = (await world.context()).actor.accountId;
    const createdAt = world.now();
    await world.app.database.db
      .insert(identities)
      .values({ provider: 'discord', subject: '42', accountId, createdAt });
  });
  afterAll(() => world.close());

  /** What the person is told of it; null for nothing. */
  async function told(kind: NoticeKind, subjectId: string): Promise<string | null> {
    const { db } = world.app.database;
    const chat = recordChat();
    const clock = createManualClock(world.now());
    const running = await startNotices({
      services: world.app,
      operations,
      messenger: chat.messenger,
      timers: clock,
    });
    const at = world.now();
    await db.transaction((tx) => recordNotice(tx, { accountId, kind, subjectId, at }));
    await vi.waitFor(
      async () => {
        clock.advance(10_000);
        const rows = await db.select().from(notices);
        expect(rows.filter(({ deliveredAt }) => deliveredAt === null)).toEqual([]);
      },
      { timeout: 10_000 },
    );
    await running.close();
    return chat.messages.length === 0 ? null : shownIn(chat.messages[0]);
  }
  const addPurchase = (id: string, more: Partial<typeof purchases.$inferInsert> = {}) =>
    world.app.database.db.insert(purchases).values({
      id,
      accountId,
      walletId: accountId,
      kind: 'pack',
      product: 'pack_small',
      units: 100,
      amount: 500,
      currency: 'usd',
      paidAt: world.now(),
      ...more,
    });
  const addFailure = (subjectId: string, data: Record<string, unknown>) =>
    world.app.database.db.transaction((tx) =>
      recordEvent(tx, { at: world.now(), subjectId, kind: 'payment_failed', data }),
    );

  test('a purchase, and what was taken back of it', async () => {
    await addPurchase('cs_1', { takenBack: 30, missing: 70 });
    expect(await told('payment_received', 'cs_1')).toContain('$5.00 for **small pack**');
    expect(await told('payment_returned', 'cs_1')).toContain('30 quota of it were taken back');
    await addPurchase('cs_2');
    expect(await told('payment_returned', 'cs_2')).toContain('counts again');
    expect(await told('payment_received', 'cs_unknown')).toBeNull();
    expect(await told('payment_returned', 'cs_unknown')).toBeNull();
  });

  test('a failure as its last attempt had it, and nothing once it is paid', async () => {
    await addFailure('in_1', { failure: 'network', payUrl: null });
    await addFailure('in_1', { failure: 'needs_confirmation', payUrl: 'https://pay.example/1' });
    const words = await told('payment_failed', 'in_1');
    expect(words).toContain('wants you to confirm');
    await addPurchase('in_1', { kind: 'plan', product: 'pro' });
    expect(await told('payment_failed', 'in_1')).toBeNull();
    expect(await told('payment_failed', 'in_unknown')).toBeNull();
    await addFailure('in_2', { failure: 'stolen_card', payUrl: null });
    expect(await told('payment_failed', 'in_2')).toBeNull();
  });

  test('a plan that has ended', async () => {
    const at = world.now();
    const times = { periodStart: at, periodEnd: at, createdAt: at, readAt: at };
    const row = {
      id: 'sub_1',
      accountId,
      plan: 'starter',
      priceId: 'p',
      status: 'canceled',
    } as const;
    await world.app.database.db.insert(subscriptions).values({ ...row, ...times });
    expect(await told('plan_ended', 'sub_1')).toContain('**Starter** has ended');
    expect(await told('plan_ended', 'sub_unknown')).toBeNull();
  });
});
