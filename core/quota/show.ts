import { eq } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import type { Context } from '../context.ts';
import { productName } from '../messages/plan-words.ts';
import { quotaWords } from '../messages/quota.ts';
import { defineOperation } from '../operation.ts';
import { freePlan, planIds } from '../plan/catalogue.ts';
import { readPlan } from '../plan/current.ts';
import { chartLink } from '../stats/chart-link.ts';
import { drawUsage } from './chart.ts';
import { readUsage, readUsedSince } from './usage.ts';
import { readBalance } from './wallet.ts';

export const quotaShow = defineOperation({
  name: 'quota_show',
  summary: {
    en: 'Show the quota left, set aside and used.',
    zh: '查看剩余、预留和已用的配额。',
  },
  guidance: 'One video takes 1 unit.',
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({}),
  output: z.object({
    available: z.int().describe('Units that can be spent'),
    available_month: z.int().describe('Those of them that end with the month'),
    available_packs: z.int().describe('Those of packs, which do not end'),
    held: z.int().describe('Units set aside for videos in the making'),
    spent: z.int().describe('Units spent so far'),
    granted: z.int().describe('Units received so far'),
    used_this_month: z.int().describe('Units held or spent since the month began'),
    plan: z.enum([freePlan.id, ...planIds]),
    renews_at: z.iso.datetime().nullable().describe('When the next month begins'),
    ends_at: z.iso.datetime().nullable().describe('When the plan ends; null: it goes on'),
    months: z
      .array(z.object({ month: z.string(), used: z.int(), granted: z.int() }))
      .describe('The last six months of the calendar, oldest first'),
    chart: z.string().nullable().describe('Address of the months as a picture, for a day'),
    next: z.array(z.string()).describe('Operations that bring more or change the plan'),
  }),
  async run(_, context) {
    const { db } = context.database;
    const { accountId } = context.actor;
    const { locale, timeZone } = context;
    const now = context.clock.now();
    const balance = await readBalance(db, accountId);
    const { lasting, monthStart } = await readMonth(db, accountId);
    const plan = await readPlan(db, accountId);
    const months = await readUsage(db, { accountId, timeZone, now });
    // Who has no month of their own yet is told what the calendar's has taken.
    const used = monthStart
      ? await readUsedSince(db, accountId, monthStart)
      : (months.at(-1)?.used ?? 0);
    return {
      ...balance,
      available_month: balance.available - lasting,
      available_packs: lasting,
      used_this_month: used,
      plan: plan.plan,
      renews_at: plan.renewsAt?.toISOString() ?? null,
      ends_at: plan.endsAt?.toISOString() ?? null,
      months,
      chart: chartLink(context, { of: 'quota', accountId, locale, timeZone }),
      next: waysOn(context, plan.subscriptionId !== null),
    };
  },
  async pictures({ months }, context) {
    const data = await drawUsage(context, months, context.locale);
    return data === null ? [] : [{ name: 'quota.png', contentType: 'image/png', data }];
  },
  say: (shown, locale) =>
    quotaWords[locale].said({
      available: shown.available,
      held: shown.held,
      packs: shown.available_packs,
      used: shown.used_this_month,
      plan: productName(shown.plan, locale),
      renews: shown.renews_at?.slice(0, 10) ?? null,
      ends: shown.ends_at?.slice(0, 10) ?? null,
      canUpgrade: shown.next.length > 0,
    }),
});

/** What of the wallet lasts, and when its month began; null for one that has none yet. */
async function readMonth(db: Pick<Tx, 'select'>, accountId: string) {
  const [wallet] = await db
    .select({ lasting: wallets.lasting, monthStart: wallets.periodStart })
    .from(wallets)
    .where(eq(wallets.id, accountId));
  return { lasting: wallet?.lasting ?? 0, monthStart: wallet?.monthStart ?? null };
}

/** Nothing can be bought where nobody takes payments. */
function waysOn({ ports }: Context, hasPlan: boolean): string[] {
  if (!ports.payments) return [];
  return ['plan_list', 'plan_upgrade', ...(hasPlan ? ['plan_manage', 'plan_cancel'] : [])];
}
