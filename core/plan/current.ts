import { and, desc, eq, inArray } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { subscriptions } from '../../drizzle/schema/billing.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import type { SubscriptionStatus } from '../ports/payments.ts';
import { freePlan, planIds, type PlanId } from './catalogue.ts';

/** While a subscription is in one of these, its invoices renew the month. */
export const liveStatuses = ['active', 'trialing', 'past_due'] as const;

export const isLive = (status: SubscriptionStatus): boolean =>
  liveStatuses.some((live) => live === status);

export type CurrentPlan = {
  readonly plan: PlanId | typeof freePlan.id;
  /** null without a subscription. */
  readonly status: SubscriptionStatus | null;
  readonly subscriptionId: string | null;
  /** When the units of the next month come; null when none come. */
  readonly renewsAt: Date | null;
  /** When the plan ends by itself; null while it goes on. */
  readonly endsAt: Date | null;
};

const isPlan = (id: string | null): id is PlanId => planIds.some((plan) => plan === id);

/** The plan of an account as it was when the payment service was last asked. */
export async function readPlan(db: Pick<Tx, 'select'>, accountId: string): Promise<CurrentPlan> {
  const [subscription] = await db
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.accountId, accountId), inArray(subscriptions.status, liveStatuses)))
    .orderBy(desc(subscriptions.createdAt))
    .limit(1);
  const [wallet] = await db
    .select({ periodEnd: wallets.periodEnd })
    .from(wallets)
    .where(eq(wallets.id, accountId));
  // Units come all the same after a plan has ended: those that everybody gets.
  const renewsAt = wallet?.periodEnd ?? null;
  if (!subscription || !isPlan(subscription.plan))
    return { plan: freePlan.id, status: null, subscriptionId: null, renewsAt, endsAt: null };
  const { id, plan, status, endsAt } = subscription;
  return { plan, status, subscriptionId: id, renewsAt, endsAt };
}
