import { and, eq, gte, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import type { Context } from '../context.ts';
import { startOfDay } from '../local-time.ts';

/** Stands where the surface of a decision stands, for what went through on the leash. */
export const onLeash = 'leash';

/**
 * Units that models have spent on the leash of an account since its person's midnight. What was given
 * back later, as a video could not be made, still counts for the day.
 */
export async function spentOnLeash(
  db: Pick<Tx, 'select'>,
  account: { readonly id: string; readonly timeZone: string },
  now: Date,
): Promise<number> {
  const [row] = await db
    .select({
      units: sql`coalesce(sum((${approvals.preview}->>'cost')::integer), 0)`.mapWith(Number),
    })
    .from(approvals)
    .where(
      and(
        eq(approvals.accountId, account.id),
        eq(approvals.decidedOn, onLeash),
        gte(approvals.usedAt, startOfDay(now, account.timeZone)),
      ),
    );
  return row?.units ?? 0;
}

/**
 * Whether the leash of the account reaches for so many units more today. Attempts take turns at this
 * until their transaction ends, so that those that come together never pass it.
 */
export async function reachesOnLeash(tx: Tx, context: Context, cost: number): Promise<boolean> {
  const [account] = await tx
    .select({ id: accounts.id, timeZone: accounts.timeZone, units: accounts.leashUnits })
    .from(accounts)
    .where(eq(accounts.id, context.actor.accountId))
    .for('no key update');
  if (!account || account.units === 0) return false;
  return (await spentOnLeash(tx, account, context.clock.now())) + cost <= account.units;
}
