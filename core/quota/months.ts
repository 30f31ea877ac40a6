import { desc, eq, max } from 'drizzle-orm';

import { quotaTransfers } from '../../drizzle/schema/quota.ts';
import type { Context } from '../context.ts';
import { viewMovements } from './entry.ts';
import { countMovements, movementMonths, readMovements } from './journal.ts';

const partOf = ({ actor, timeZone }: Context) => ({ accountId: actor.accountId, timeZone });

/** The months in which quota moved, newest first, each with the moment of its last movement. */
export async function listLedgerMonths(
  context: Context,
  limit: number,
): Promise<{ readonly month: string; readonly lastAt: Date | null }[]> {
  const { db } = context.database;
  const entries = await movementMonths(db, partOf(context));
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
  const part = { ...partOf(context), month };
  const all = await countMovements(db, part);
  if (all === 0) return null;
  const found = await readMovements(db, part, { limit: mostEntries, order: 'newest' });
  const { accountId } = part;
  const entries = await viewMovements(db, { accountId, locale: context.locale }, found);
  return { month, entries, more: all - entries.length };
}

/** The newest movement of an account: its number rises with each. */
export async function readLastTransferId(
  { database }: Pick<Context, 'database'>,
  accountId: string,
): Promise<number | null> {
  const [last] = await database.db
    .select({ id: max(quotaTransfers.id) })
    .from(quotaTransfers)
    .where(eq(quotaTransfers.walletId, accountId));
  return last?.id ?? null;
}
