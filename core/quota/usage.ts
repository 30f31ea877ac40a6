import { and, eq, gte, inArray, notLike, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { quotaHolds, quotaTransfers } from '../../drizzle/schema/quota.ts';
import { monthOf } from './journal.ts';
import { monthReader, monthsUpTo } from './month-name.ts';
import { mergeReference } from './merge.ts';
import { ownWallets } from './wallet.ts';

/** What an account used and got in a month of its calendar. */
export type MonthOfUse = {
  readonly month: string;
  /** Set aside or spent for what was asked for then; what came back does not count. */
  readonly used: number;
  /** Granted, bought or received then. */
  readonly granted: number;
};

const usageMonths = 6;

type Whose = { readonly accountId: string; readonly timeZone: string; readonly now: Date };

/** The use of the last six months, this one among them, from the oldest on. */
export async function readUsage(db: Pick<Tx, 'select'>, whose: Whose): Promise<MonthOfUse[]> {
  const { accountId, timeZone, now } = whose;
  const months = monthsUpTo(monthReader(timeZone)(now), usageMonths);
  const [first = ''] = months;
  // A day earlier than any time zone has it begin, so that an index finds the rest.
  const since = new Date(Date.parse(`${first}-01T00:00:00Z`) - 86_400_000);
  const heldIn = sql<string>`to_char(${quotaHolds.createdAt} at time zone ${timeZone}::text, 'YYYY-MM')`;
  const used = await db
    .select({ month: heldIn.as('month'), units: sumOf(quotaHolds.amount) })
    .from(quotaHolds)
    .where(and(isUse(accountId), gte(quotaHolds.createdAt, since)))
    .groupBy(sql`month`);
  const granted = await db
    .select({ month: monthOf(timeZone).as('month'), units: sumOf(quotaTransfers.amount) })
    .from(quotaTransfers)
    .where(
      and(
        inArray(quotaTransfers.walletId, ownWallets(accountId)),
        // Those were granted to the other wallet before.
        notLike(quotaTransfers.reference, `${mergeReference}%`),
        inArray(quotaTransfers.verb, ['grant', 'receive']),
        gte(quotaTransfers.at, since),
      ),
    )
    .groupBy(sql`month`);
  const unitsIn = (rows: readonly { month: string; units: number }[], wanted: string) =>
    rows.find(({ month }) => month === wanted)?.units ?? 0;
  return months.map((month) => ({
    month,
    used: unitsIn(used, month),
    granted: unitsIn(granted, month),
  }));
}

/** What the account has set aside or spent of its own wallet for what was asked for since then. */
export async function readUsedSince(
  db: Pick<Tx, 'select'>,
  accountId: string,
  since: Date,
): Promise<number> {
  const [row] = await db
    .select({ units: sumOf(quotaHolds.amount) })
    .from(quotaHolds)
    .where(and(isUse(accountId), gte(quotaHolds.createdAt, since)));
  return row?.units ?? 0;
}

const isUse = (accountId: string) =>
  and(
    eq(quotaHolds.accountId, accountId),
    inArray(quotaHolds.walletId, ownWallets(accountId)),
    inArray(quotaHolds.status, ['held', 'captured']),
  );

const sumOf = (column: typeof quotaHolds.amount | typeof quotaTransfers.amount) =>
  sql`coalesce(sum(${column}), 0)`.mapWith(Number);
