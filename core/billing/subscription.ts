import { and, eq } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { subscriptions } from '../../drizzle/schema/billing.ts';
import type { Services } from '../context.ts';
import { recordNotice } from '../notice/record.ts';
import { productOfPrice } from '../plan/catalogue.ts';
import { isLive } from '../plan/current.ts';
import type { Subscription } from '../ports/payments.ts';

/**
 * Keeps a subscription as the payment service has just told it. The caller has the lock of the
 * customer since before it asked, so that an older answer never replaces a newer one.
 */
export async function saveSubscription(
  tx: Tx,
  services: Services,
  accountId: string,
  subscription: Subscription,
): Promise<void> {
  const { id, priceId, status, periodStart, periodEnd, endsAt, createdAt } = subscription;
  const readAt = services.clock.now();
  const plan = productOfPrice(services.config, priceId)?.id ?? null;
  const [before] = await tx
    .select({ status: subscriptions.status })
    .from(subscriptions)
    .where(and(eq(subscriptions.id, id), eq(subscriptions.accountId, accountId)));
  const state = { plan, priceId, status, periodStart, periodEnd, endsAt, readAt };
  await tx
    .insert(subscriptions)
    .values({ id, accountId, createdAt, ...state })
    .onConflictDoUpdate({ target: subscriptions.id, set: state });
  if (before && isLive(before.status) && !isLive(status))
    await recordNotice(tx, { accountId, kind: 'plan_ended', subjectId: id, at: readAt });
}
