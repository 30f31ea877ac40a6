import { z } from 'zod';

import { saveSubscription } from '../billing/subscription.ts';
import { lockCustomer } from '../billing/customer.ts';
import { requirePort, type Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { formatMoment } from '../local-time.ts';
import { planIds } from './catalogue.ts';
import { readPlan } from './current.ts';

export const planCancel = defineOperation({
  name: 'plan_cancel',
  summary: { en: 'End the plan when its month is over.', zh: '在本月结束时终止套餐。' },
  effect: 'destroy',
  audience: 'people',
  needs: ['payments'],
  input: z.object({}),
  output: z.object({ plan: z.enum(planIds), ends_at: z.iso.datetime() }),
  async preview(_, context) {
    const { plan, renewsAt } = await ownPlan(context);
    const { words, preview } = catalogue(context.locale);
    const until = renewsAt ? formatMoment(renewsAt, context.timeZone, context.locale) : '-';
    return {
      title: preview.plan_cancel({ plan }),
      lines: [
        [words.planUntil, until],
        [words.planAfter, preview.planAfter()],
      ],
      cost: 0,
    };
  },
  async run(_, context) {
    const payments = requirePort(context.ports, 'payments');
    const { plan, subscriptionId } = await ownPlan(context);
    const { accountId } = context.actor;
    return context.database.db.transaction(async (tx) => {
      await lockCustomer(tx, accountId, context.clock.now());
      const ended = await payments.setRenewal(subscriptionId, false);
      await saveSubscription(tx, context, accountId, ended);
      return { plan, ends_at: (ended.endsAt ?? ended.periodEnd).toISOString() };
    });
  },
  say: ({ plan, ends_at }, locale) =>
    catalogue(locale).say.plan_cancel({ plan, day: ends_at.slice(0, 10) }),
});

/** @throws Fault `plan_missing` for somebody without a plan that goes on. */
async function ownPlan(context: Context) {
  const { plan, subscriptionId, endsAt, renewsAt } = await readPlan(
    context.database.db,
    context.actor.accountId,
  );
  if (plan === 'free' || subscriptionId === null || endsAt !== null)
    throw new Fault('plan_missing', {});
  return { plan, subscriptionId, renewsAt };
}
