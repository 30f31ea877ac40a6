import { and, eq, gte, inArray, sum } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { quotaHolds } from '../../drizzle/schema/quota.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { startOfDay } from '../local-time.ts';
import { ownWallets } from './wallet.ts';

/** The most that a person can set, in units a day. */
export const mostDailyCap = 100_000;

/**
 * Units of their own wallet that a person has spent or set aside since their midnight. What was given
 * back, as a video could not be made, counts no more.
 */
export async function spentToday(
  db: Pick<Tx, 'select'>,
  account: { readonly id: string; readonly timeZone: string },
  now: Date,
): Promise<number> {
  const [row] = await db
    .select({ units: sum(quotaHolds.amount).mapWith(Number) })
    .from(quotaHolds)
    .where(
      and(
        eq(quotaHolds.accountId, account.id),
        inArray(quotaHolds.walletId, ownWallets(account.id)),
        inArray(quotaHolds.status, ['held', 'captured']),
        gte(quotaHolds.createdAt, startOfDay(now, account.timeZone)),
      ),
    );
  return row?.units ?? 0;
}

const settings = {
  id: accounts.id,
  timeZone: accounts.timeZone,
  cap: accounts.dailyCapUnits,
  deletedAt: accounts.deletedAt,
};

/** What the person's own limit leaves for today, for a look beforehand; null: they have set none. */
export async function dailyCapLeft(
  db: Pick<Tx, 'select'>,
  context: Pick<Context, 'actor' | 'clock'>,
): Promise<number | null> {
  const [account] = await db
    .select(settings)
    .from(accounts)
    .where(eq(accounts.id, context.actor.accountId));
  if (!account || account.cap === null) return null;
  return Math.max(0, account.cap - (await spentToday(db, account, context.clock.now())));
}

/**
 * Makes sure that a hold keeps within what the person allows themselves a day; a server's wallet is no
 * matter of theirs. Attempts take turns at this until their transaction ends, so that those that come
 * together never pass it: place the hold in the same one.
 * @throws Fault `daily_cap`; `account_deleted` where it was deleted meanwhile
 */
export async function requireDailyCap(
  tx: Tx,
  context: Pick<Context, 'actor' | 'clock'>,
  { walletId, amount }: { readonly walletId: string; readonly amount: number },
): Promise<void> {
  const { accountId } = context.actor;
  if (walletId !== accountId || amount === 0) return;
  const [account] = await tx
    .select(settings)
    .from(accounts)
    .where(eq(accounts.id, accountId))
    .for('no key update');
  if (account && account.deletedAt !== null) throw new Fault('account_deleted', {});
  if (!account || account.cap === null) return;
  const used = await spentToday(tx, account, context.clock.now());
  if (used + amount > account.cap)
    throw new Fault('daily_cap', { cap: account.cap, used, needed: amount });
}
