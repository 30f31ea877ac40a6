import { and, eq, inArray, isNotNull, isNull, lte, notExists, sql } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { subscriptions } from '../../drizzle/schema/billing.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import type { JobContext } from '../context.ts';
import { defineJob, type JobKind } from '../job.ts';
import { freePlan } from '../plan/catalogue.ts';
import { liveStatuses } from '../plan/current.ts';
import { renewMonth } from './ledger.ts';
import { monthAfter } from './month.ts';

const renewKind: JobKind<Record<never, never>> = { name: 'quota.renew', payload: z.object({}) };

/** So many wallets are renewed in one commit. */
const batch = 200;

/**
 * Begins the next month of everybody who pays for no plan, every minute. Who pays is renewed by the
 * invoice; until a failed payment is decided, the month before goes on.
 */
export const renewMonths = defineJob({
  ...renewKind,
  attempts: 3,
  backoff: { seconds: 10, maxSeconds: 60 },
  timeoutSeconds: 300,
  cron: '* * * * *',
  async run(_, context) {
    while (!context.signal.aborted && (await renewSome(context)) === batch);
  },
});

async function renewSome(context: JobContext): Promise<number> {
  const now = context.clock.now();
  return context.database.db.transaction(async (tx) => {
    const due = await readDue(tx, now);
    for (const wallet of due) await renew(tx, wallet, now);
    return due.length;
  });
}

type Due = {
  readonly id: string;
  readonly periodEnd: Date | null;
  readonly createdAt: Date;
};

function readDue(tx: Tx, now: Date): Promise<Due[]> {
  const paying = tx
    .select({ one: sql`1` })
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.accountId, wallets.accountId),
        inArray(subscriptions.status, liveStatuses),
        isNotNull(subscriptions.plan),
      ),
    );
  return tx
    .select({ id: wallets.id, periodEnd: wallets.periodEnd, createdAt: accounts.createdAt })
    .from(wallets)
    .innerJoin(accounts, eq(accounts.id, wallets.accountId))
    .where(and(lte(wallets.periodEnd, now), isNull(accounts.deletedAt), notExists(paying)))
    .orderBy(wallets.periodEnd)
    .limit(batch)
    .for('update', { of: wallets, skipLocked: true });
}

/** Somebody who was away for long gets the month that it is, and none of those before. */
async function renew(tx: Tx, { id, periodEnd, createdAt }: Due, now: Date): Promise<void> {
  if (periodEnd === null) return;
  const anchor = anchorOf(periodEnd, createdAt);
  let start = periodEnd;
  let end = monthAfter(start, anchor);
  while (end <= now) [start, end] = [end, monthAfter(end, anchor)];
  const posted = await renewMonth(tx, {
    walletId: id,
    amount: freePlan.units,
    reference: `month:${start.toISOString().slice(0, 10)}`,
    key: `month:${id}:${start.toISOString()}`,
    at: now,
    periodStart: start,
    periodEnd: end,
  });
  if (posted.outcome !== 'applied') throw new Error(`month of ${id}: ${posted.outcome}`);
}

/** The day that months begin on: the account's own, or that on which a plan has ended. */
function anchorOf(periodEnd: Date, createdAt: Date): Date {
  const lastDay = new Date(
    Date.UTC(periodEnd.getUTCFullYear(), periodEnd.getUTCMonth() + 1, 0),
  ).getUTCDate();
  const isOwn = periodEnd.getUTCDate() === Math.min(createdAt.getUTCDate(), lastDay);
  return isOwn ? createdAt : periodEnd;
}
