import { and, count, eq, inArray, isNull, ne, notInArray, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

import type { Tx } from '../../drizzle/client.ts';
import { accessTokens } from '../../drizzle/schema/access.ts';
import { checkouts, subscriptions } from '../../drizzle/schema/billing.ts';
import { pictures } from '../../drizzle/schema/pictures.ts';
import { channels, publications } from '../../drizzle/schema/publishing.ts';
import { quotaHolds, wallets } from '../../drizzle/schema/quota.ts';
import { savedTrends, watches } from '../../drizzle/schema/trends.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { Fault } from '../fault.ts';
import { readPlan } from '../plan/current.ts';
import { isActiveAt } from '../token/row.ts';

type Reader = Pick<Tx, 'select'>;

async function countRows(db: Reader, table: PgTable, which: SQL | undefined): Promise<number> {
  const [row] = await db.select({ rows: count() }).from(table).where(which);
  return row?.rows ?? 0;
}

/** Work that goes on by itself, and must have ended before what it writes to is removed. */
export async function countRunning(
  db: Reader,
  accountId: string,
): Promise<{ readonly videos: number; readonly publications: number }> {
  const made = and(
    eq(videos.accountId, accountId),
    inArray(videos.status, ['queued', 'generating', 'assembling']),
  );
  const sent = and(
    eq(publications.accountId, accountId),
    inArray(publications.status, ['uploading', 'processing']),
  );
  return {
    videos: await countRows(db, videos, made),
    publications: await countRows(db, publications, sent),
  };
}

/**
 * Makes sure that nothing of the account goes on which a deletion would cut off.
 * @throws Fault `deletion_plan`, `deletion_checkout`, `deletion_running`, `deletion_held`
 */
export async function refuseDeletion(db: Reader, accountId: string): Promise<void> {
  const renewing = and(
    eq(subscriptions.accountId, accountId),
    isNull(subscriptions.endsAt),
    notInArray(subscriptions.status, ['canceled', 'incomplete_expired']),
  );
  if ((await countRows(db, subscriptions, renewing)) > 0) throw new Fault('deletion_plan', {});
  const paying = and(
    eq(checkouts.accountId, accountId),
    inArray(checkouts.status, ['intended', 'open']),
  );
  if ((await countRows(db, checkouts, paying)) > 0) throw new Fault('deletion_checkout', {});
  const running = await countRunning(db, accountId);
  if (running.videos + running.publications > 0) throw new Fault('deletion_running', running);
  const units = await unitsHeld(db, accountId);
  if (units > 0) throw new Fault('deletion_held', { units });
}

/** What is set aside in the person's wallet, or for them in that of a server. */
async function unitsHeld(db: Reader, accountId: string): Promise<number> {
  const rows = await db
    .select({ amount: quotaHolds.amount })
    .from(quotaHolds)
    .where(and(eq(quotaHolds.accountId, accountId), eq(quotaHolds.status, 'held')));
  return rows.reduce((sum, { amount }) => sum + amount, 0);
}

/** What would go with the account, as a person reads it before they decide. */
export async function countGoing(db: Reader, accountId: string, now: Date) {
  const [wallet] = await db
    .select({ available: wallets.available })
    .from(wallets)
    .where(eq(wallets.id, accountId));
  const scheduled = and(
    eq(publications.accountId, accountId),
    eq(publications.status, 'scheduled'),
  );
  const connected = and(eq(channels.accountId, accountId), ne(channels.status, 'disconnected'));
  const seen = and(eq(videos.accountId, accountId), isNull(videos.deletedAt));
  const active = and(eq(accessTokens.accountId, accountId), isActiveAt(now));
  const watched = and(eq(watches.accountId, accountId), ne(watches.status, 'deleted'));
  return {
    videos: await countRows(db, videos, seen),
    pictures: await countRows(db, pictures, eq(pictures.accountId, accountId)),
    channels: await countRows(db, channels, connected),
    tokens: await countRows(db, accessTokens, active),
    savedTrends: await countRows(db, savedTrends, eq(savedTrends.accountId, accountId)),
    watches: await countRows(db, watches, watched),
    scheduled: await countRows(db, publications, scheduled),
    units: wallet?.available ?? 0,
  };
}

/** The plan that goes on until it ends by itself; null without one. */
export async function endingPlan(db: Reader, accountId: string): Promise<string | null> {
  const { plan, subscriptionId } = await readPlan(db, accountId);
  return subscriptionId === null ? null : plan;
}
