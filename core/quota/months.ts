import { and, count, desc, eq, max, sql } from 'drizzle-orm';

import { quotaTransfers } from '../../drizzle/schema/quota.ts';
import type { Context } from '../context.ts';
import { viewTransfer } from './entry.ts';

/** The month of a movement as the person's calendar has it, such as 2026-11. */
const monthIn = ({ timeZone }: Context) =>
  sql<string>`to_char(${quotaTransfers.at} at time zone ${timeZone}::text, 'YYYY-MM')`;

const ownEntries = ({ actor }: Context) => eq(quotaTransfers.accountId, actor.accountId);

/** The months in which quota moved, newest first, each with the moment of its last movement. */
export function listLedgerMonths(
  context: Context,
  limit: number,
): Promise<{ readonly month: string; readonly lastAt: Date | null }[]> {
  const { db } = context.database;
  const entries = db
    .select({ at: quotaTransfers.at, month: monthIn(context).as('month') })
    .from(quotaTransfers)
    .where(ownEntries(context))
    .as('entries');
  return db
    .select({ month: entries.month, lastAt: max(entries.at) })
    .from(entries)
    .groupBy(entries.month)
    .orderBy(desc(entries.month))
    .limit(limit);
}

const mostEntries = 500;

/**
 * The newest 500 movements of a month of the person's calendar, and how many more there were; null
 * for a month in which none was.
 */
export async function readLedgerMonth(context: Context, month: string) {
  const { db } = context.database;
  const ofMonth = and(ownEntries(context), eq(monthIn(context), month));
  const [all] = await db.select({ entries: count() }).from(quotaTransfers).where(ofMonth);
  if (!all || all.entries === 0) return null;
  const rows = await db
    .select()
    .from(quotaTransfers)
    .where(ofMonth)
    .orderBy(desc(quotaTransfers.id))
    .limit(mostEntries);
  return { month, entries: rows.map(viewTransfer), more: all.entries - rows.length };
}

/** The newest movement of an account: its number rises with each. */
export async function readLastTransferId(
  { database }: Pick<Context, 'database'>,
  accountId: string,
): Promise<number | null> {
  const [last] = await database.db
    .select({ id: max(quotaTransfers.id) })
    .from(quotaTransfers)
    .where(eq(quotaTransfers.accountId, accountId));
  return last?.id ?? null;
}
