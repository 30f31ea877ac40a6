import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { subscriptions } from '../../drizzle/schema/billing.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import { openServerWallet } from '../../test/kit/quota-history.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { drawPictures } from '../answer-pictures.ts';
import type { Context } from '../context.ts';
import type { Chart } from '../ports/charts.ts';
import { postTransfer, renewMonth } from './ledger.ts';
import { monthReader, monthsUpTo } from './month-name.ts';
import { quotaShow } from './show.ts';

let world: World;
let person: Context;
let number = 0;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  person = await world.context('terminal', `person ${(number += 1)}`);
});

const show = async (context = person) =>
  quotaShow.output.parse(await world.must(quotaShow, {}, context));
const daysAgo = (days: number) => new Date(world.now().getTime() - days * 86_400_000);
const walletId = () => person.actor.accountId;

/** The person's wallet, or another one that pays, sets units aside and settles them. */
async function hold(
  amount: number,
  at: Date,
  end: 'capture' | 'release' | null = null,
  payer = walletId(),
): Promise<void> {
  const reference = world.app.ids.next('ref');
  const { db } = world.app.database;
  const posting = { walletId: payer, reference, at };
  const accountId = walletId();
  await postTransfer(db, { ...posting, verb: 'hold', amount, key: reference, accountId });
  if (end) await postTransfer(db, { ...posting, verb: end, key: `${end} ${reference}` });
}
const grant = (amount: number, at: Date, lasting: boolean) =>
  postTransfer(world.app.database.db, {
    verb: 'grant',
    walletId: walletId(),
    amount,
    lasting,
    reference: 'more',
    key: world.app.ids.next('key'),
    at,
  });

describe('quota_show', () => {
  it('keeps what others read, and tells the month from packs', async () => {
    await grant(40, world.now(), true);
    await hold(3, world.now());
    await hold(5, world.now(), 'capture');
    expect(await show()).toMatchObject({
      available: 132,
      held: 3,
      spent: 5,
      granted: 140,
      available_month: 92,
      available_packs: 40,
      plan: 'free',
      ends_at: null,
    });
  });

  it('counts what was used since the month began; what came back, and what a server pays, does not', async () => {
    const server = await openServerWallet(world, 50);
    const noMonth = { periodStart: null, periodEnd: null };
    const { db } = world.app.database;
    await db.update(wallets).set(noMonth).where(eq(wallets.id, walletId()));
    await hold(2, daysAgo(20), 'capture');
    const month = { periodStart: daysAgo(10), periodEnd: daysAgo(-20) };
    await renewMonth(db, {
      ...month,
      walletId: walletId(),
      amount: 100,
      reference: '2026-11',
      key: world.app.ids.next('key'),
      at: daysAgo(10),
    });
    await hold(7, daysAgo(10), 'capture');
    await hold(4, daysAgo(1), 'release');
    await hold(1, daysAgo(0));
    await hold(9, daysAgo(0), 'capture', server);
    const shown = await show();
    expect(shown.used_this_month).toBe(8);
    expect(shown.renews_at).toBe(month.periodEnd.toISOString());
    expect(shown.months.at(-1)).toMatchObject({ month: '2026-11', used: 10 });
  });

  it('tells the last six months of the calendar, on the clock of the person', async () => {
    const { db } = world.app.database;
    await db.update(wallets).set({ periodStart: null }).where(eq(wallets.id, walletId()));
    await hold(1, new Date('2026-05-31T23:59:59Z'), 'capture');
    await hold(2, new Date('2026-06-01T00:00:00Z'), 'capture');
    await hold(4, new Date('2026-10-31T23:00:00Z'), 'capture');
    await grant(50, new Date('2026-07-15T00:00:00Z'), true);
    const months = (await show()).months.map(({ used, granted }) => [used, granted]);
    expect(months).toEqual([
      [2, 0],
      [0, 50],
      [0, 0],
      [0, 0],
      [4, 0],
      [0, 100],
    ]);
    const east = await show({ ...person, timeZone: 'Asia/Tokyo' });
    expect(east.months.map(({ used }) => used)).toEqual([3, 0, 0, 0, 0, 4]);
    expect(east.used_this_month).toBe(4);
    const west = await show({ ...person, timeZone: 'America/New_York' });
    expect(west.months.map(({ used }) => used)).toEqual([0, 0, 0, 0, 4, 0]);
  });

  it('names the plan and its end, and what brings more where somebody takes payments', async () => {
    const { payments: _, ...without } = person.ports;
    expect((await show({ ...person, ports: without })).next).toEqual([]);
    const at = world.now();
    const endsAt = daysAgo(-3);
    await world.app.database.db.insert(subscriptions).values({
      id: world.app.ids.next('sub'),
      accountId: walletId(),
      plan: 'pro',
      priceId: 'price',
      status: 'active',
      periodStart: at,
      periodEnd: endsAt,
      endsAt,
      createdAt: at,
      readAt: at,
    });
    const shown = await show();
    expect(shown).toMatchObject({ plan: 'pro', ends_at: endsAt.toISOString() });
    expect(quotaShow.say(shown, 'en')).toContain('Plan: Pro. It ends on 2026-11-25.');
    expect(quotaShow.say(shown, 'zh')).toContain('当前套餐：专业版。套餐将于 2026-11-25 结束。');
  });
});

describe('the picture of the months', () => {
  async function drawn(context = person): Promise<Chart> {
    const charts: Chart[] = [];
    const ports = {
      ...context.ports,
      charts: { draw: async (chart: Chart) => (charts.push(chart), Buffer.from('png')) },
    };
    await drawPictures(quotaShow, await show(context), { ...context, ports });
    const [chart] = charts;
    if (!chart) throw new Error('nothing was drawn');
    return chart;
  }

  it('compares what was used with what was received', async () => {
    await hold(30, world.now(), 'capture');
    expect(await drawn()).toMatchObject({
      look: 'bars',
      title: 'Quota in the last 6 months',
      labels: ['Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov'],
      main: { name: 'Used', values: [0, 0, 0, 0, 0, 30] },
      others: [{ name: 'Received', values: [0, 0, 0, 0, 0, 100] }],
    });
    expect((await drawn({ ...person, locale: 'zh' })).labels.at(-1)).toBe('11月');
  });

  it('is behind the address that goes with the answer, as it is when that is opened', async () => {
    const { chart } = await show();
    const open = async () => Buffer.from(await (await fetch(chart ?? '')).arrayBuffer());
    const first = await open();
    expect([first.readUInt32BE(16), first.readUInt32BE(20)]).toEqual([800, 400]);
    expect((await open()).equals(first)).toBe(true);
    await hold(60, world.now(), 'capture');
    expect((await open()).equals(first)).toBe(false);
    expect((await show({ ...person, publicUrl: () => null })).chart).toBeNull();
  });
});

describe('months', () => {
  it.each([
    ['2026-11', 1, ['2026-11']],
    ['2026-02', 4, ['2025-11', '2025-12', '2026-01', '2026-02']],
    ['2026-12', 2, ['2026-11', '2026-12']],
  ])('up to %s are %i', (month, count, expected) => {
    expect(monthsUpTo(month, count)).toEqual(expected);
  });

  it.each([
    ['2026-10-31T23:59:59Z', 'UTC', '2026-10'],
    ['2026-11-01T00:00:00Z', 'UTC', '2026-11'],
    ['2026-10-31T16:00:00Z', 'Asia/Shanghai', '2026-11'],
    ['2027-01-01T04:59:59Z', 'America/New_York', '2026-12'],
  ])('%s is in %s in %s', (moment, zone, month) => {
    expect(monthReader(zone)(new Date(moment))).toBe(month);
  });
});
