import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { waitingActions } from '../../drizzle/schema/billing.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { bookSettings, PaymentBooks } from '../../test/kit/payment-books.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { followNotice } from '../billing/notice.ts';
import { receivePaymentNotice } from '../billing/receive.ts';
import { askWaiting } from '../billing/waiting-job.ts';
import { decideApproval } from '../consent/decide.ts';
import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import { perform } from '../operation.ts';
import { postTransfer } from '../quota/ledger.ts';
import { videoGenerate } from '../video/generate.ts';
import { planCancel } from './cancel.ts';
import { planList } from './list.ts';
import { planManage } from './manage.ts';
import { planUpgrade } from './upgrade.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ settings: bookSettings });
});
afterAll(() => world.close());

let people = 0;
let books: PaymentBooks;
let context: Context;
beforeEach(async () => {
  people += 1;
  books = new PaymentBooks(() => world.now(), `plan${people}x`);
  const plain = await world.context('terminal', `planner${people}`);
  context = { ...plain, ports: { ...plain.ports, payments: books } };
});

const work = () => ({ ...context, signal: new AbortController().signal });
async function tellAll(): Promise<void> {
  for (const notice of books.notices) {
    await receivePaymentNotice(context, notice, 'webhook');
    await followNotice.run({ notice: notice.id }, work());
  }
}
async function subscribe(product: string): Promise<void> {
  await world.must(planUpgrade, { product }, context);
  const session = [...books.sessions.values()].at(-1);
  books.pay(session?.id ?? '');
  await tellAll();
}
const codeOf = async (...args: Parameters<typeof world.perform>) => {
  const outcome = await world.perform(...args);
  return outcome.ok ? null : outcome.fault.code;
};

describe('plan_list', () => {
  test('shows what the payment service asks for, and what is one’s own', async () => {
    const list = await world.must(planList, {}, context);
    expect(list).toMatchObject({ plan: 'free', ends_at: null });
    expect(list['products']).toEqual([
      { product: 'free', kind: 'plan', units: 100, price: 'free', is_current: true },
      { product: 'starter', kind: 'plan', units: 300, price: '$9.00 a month', is_current: false },
      { product: 'pro', kind: 'plan', units: 1200, price: '$29.00 a month', is_current: false },
      { product: 'team', kind: 'plan', units: 5000, price: '$99.00 a month', is_current: false },
      { product: 'pack_small', kind: 'pack', units: 100, price: '$5.00', is_current: false },
      { product: 'pack_large', kind: 'pack', units: 500, price: '$20.00', is_current: false },
    ]);
    await subscribe('pro');
    expect(await world.must(planList, {}, context)).toMatchObject({ plan: 'pro' });
  });

  test('leaves out what has no price, and says prices in Chinese', async () => {
    const { STRIPE_PRICE_TEAM: _, ...config } = context.config;
    const outcome = await perform(planList, {}, { ...context, locale: 'zh', config });
    const offers = outcome.ok ? planList.output.parse(outcome.value).products : [];
    expect(offers.map(({ product }) => product)).not.toContain('team');
    expect(offers[1]).toMatchObject({ price: '每月 US$9.00' });
  });

  test('does not guess when the payment service is away', async () => {
    books.beforeCall = () => {
      throw new Error('down');
    };
    expect(await codeOf(planList, {}, context)).toBe('internal');
  });
});

describe('plan_upgrade', () => {
  test.each(['', 'free', 'gold'])('refuses the product %j', async (product) => {
    expect(await codeOf(planUpgrade, { product }, context)).toBe('invalid_input');
  });

  test('names the setting that is missing', async () => {
    const { STRIPE_PRICE_TEAM: _, ...config } = context.config;
    const outcome = await perform(planUpgrade, { product: 'team' }, { ...context, config });
    expect(outcome).toMatchObject({
      ok: false,
      fault: { code: 'service_missing', params: { service: 'STRIPE_PRICE_TEAM' } },
    });
  });
});

describe('plan_manage and plan_cancel', () => {
  test('are for those who have a plan', async () => {
    expect(await codeOf(planManage, {}, context)).toBe('plan_missing');
    expect(await codeOf(planCancel, {}, context)).toBe('plan_missing');
  });

  test('lead to the portal, and end the plan with its month, once', async () => {
    await subscribe('starter');
    const { link } = await world.must(planManage, {}, context);
    expect(link).toMatch(/^https:\/\/portal\.test\//);
    const [sub] = books.subscriptions.values();
    expect(await world.must(planCancel, {}, context)).toEqual({
      plan: 'starter',
      ends_at: sub?.periodEnd.toISOString(),
    });
    expect(sub?.endsAt).toEqual(sub?.periodEnd);
    expect(await codeOf(planCancel, {}, context)).toBe('plan_missing');
  });

  test('end nothing without a yes', async () => {
    await subscribe('starter');
    const asked = await perform(planCancel, {}, context);
    expect(asked).toMatchObject({ ok: false, fault: { code: 'approval_required' } });
    expect([...books.subscriptions.values()][0]?.endsAt).toBe(null);
  });
});

describe('what could not be paid for', () => {
  const wish = { prompt: 'a fox runs through the snow', model: 'kling', seconds: 15 };

  async function runShort() {
    const { accountId } = context.actor;
    await postTransfer(world.app.database.db, {
      verb: 'expire',
      walletId: accountId,
      amount: 100,
      reference: 'spent',
      key: `spent:${accountId}`,
      at: world.now(),
    });
    const outcome = await perform(videoGenerate, wish, context);
    expect(!outcome.ok && isFault(outcome.fault, 'quota_short')).toBe(true);
  }
  const waiting = async () => {
    const [row] = await world.app.database.db
      .select()
      .from(waitingActions)
      .where(eq(waitingActions.accountId, context.actor.accountId));
    return row;
  };
  const buyPack = async () => {
    await world.must(planUpgrade, { product: 'pack_small' }, context);
    books.pay([...books.sessions.keys()].at(-1) ?? '');
    await tellAll();
  };

  test('is asked again when quota has come, and goes on at one press', async () => {
    await runShort();
    await buyPack();
    const { accountId } = context.actor;
    await askWaiting.run({ accountId }, work());
    await askWaiting.run({ accountId }, work());
    const questions = await world.app.database.db
      .select()
      .from(approvals)
      .where(eq(approvals.accountId, accountId));
    expect(questions).toMatchObject([{ operation: 'video_generate', status: 'pending' }]);
    const [question] = questions;
    const id = question?.id ?? '';
    expect(await waiting()).toMatchObject({ approvalId: id });
    await decideApproval(world.app, { id, approved: true, by: accountId, surface: 'web' });
    const outcome = await perform(videoGenerate, question?.input, context, { approvalId: id });
    expect(outcome).toMatchObject({ ok: true, value: { status: 'queued' } });
  });

  test('is not asked after a day, and spends nothing by itself on a leash', async () => {
    await runShort();
    await world.advance(86_401);
    await buyPack();
    await askWaiting.run({ accountId: context.actor.accountId }, work());
    expect(await waiting()).toMatchObject({ approvalId: null });
  });
});
