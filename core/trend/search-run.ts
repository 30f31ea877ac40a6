import { and, eq, gt, inArray, ne, notExists, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { trendHarvests, trendSearches, trendSearchHarvests } from '../../drizzle/schema/trends.ts';
import { secondsAfter } from '../clock.ts';
import type { Context, Services } from '../context.ts';
import { Fault } from '../fault.ts';
import type { TrendSearch } from '../ports/trend-source.ts';
import { serverOf } from '../scope.ts';
import { findHarvest, openHarvest, type HarvestRow, type Opened } from './harvest.ts';

const daySeconds = 24 * 60 * 60;

/** A search that was begun, with what it is answered from. */
export type OpenedSearch = { readonly id: string; readonly harvests: readonly Opened[] };

/**
 * Writes down a search and what it is answered from, in one commit: what is fresh in the store, what somebody
 * else waits for already, and new harvests for the rest.
 * @throws Fault `search_limit` when an actor would have to be sent and the account's day is used up.
 */
export async function openSearch(
  context: Context,
  search: {
    readonly keyword: string;
    readonly request: Record<string, unknown>;
    readonly errands: readonly TrendSearch[];
    readonly purpose: Exclude<HarvestRow['purpose'], 'sample'>;
  },
): Promise<OpenedSearch> {
  const { keyword, request, errands, purpose } = search;
  const id = context.ids.next('sea');
  const { accountId } = context.actor;
  return context.database.db.transaction(async (tx) => {
    // A watch has a limit of its own, in dollars.
    if (purpose === 'search') await refuseTooMany(tx, context, errands);
    await tx.insert(trendSearches).values({
      id,
      accountId,
      keyword,
      request,
      status: 'running',
      skipped: {},
      notes: [],
      serverId: serverOf(context.actor),
      createdAt: context.clock.now(),
    });
    const harvests: Opened[] = [];
    for (const errand of errands)
      harvests.push(await openHarvest(tx, context, { purpose, errand }));
    await tx.insert(trendSearchHarvests).values(
      harvests.map((harvest) => {
        return { searchId: id, harvestId: harvest.id, isStarter: harvest.isStarter };
      }),
    );
    return { id, harvests };
  });
}

/** Counted one after the other for each account; what is answered from the store is free. */
async function refuseTooMany(
  tx: Tx,
  context: Context,
  errands: readonly TrendSearch[],
): Promise<void> {
  const { accountId } = context.actor;
  const most = context.config.TREND_DAILY_SEARCHES;
  await tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(eq(accounts.id, accountId))
    .for('update');
  const held = await Promise.all(errands.map((errand) => findHarvest(tx, context, errand)));
  if (!held.includes(null)) return;
  const now = context.clock.now();
  const since = secondsAfter(now, -daySeconds);
  const [used] = await tx
    .select({
      count: sql<number>`count(distinct ${trendSearches.id})::integer`,
      oldest: sql<string | null>`min(${trendSearches.createdAt})`,
    })
    .from(trendSearches)
    .innerJoin(trendSearchHarvests, eq(trendSearchHarvests.searchId, trendSearches.id))
    .innerJoin(trendHarvests, eq(trendHarvests.id, trendSearchHarvests.harvestId))
    .where(
      and(
        eq(trendSearches.accountId, accountId),
        eq(trendSearchHarvests.isStarter, true),
        eq(trendHarvests.purpose, 'search'),
        gt(trendSearches.createdAt, since),
      ),
    );
  if (!used || used.count < most) return;
  const oldest = used.oldest === null ? now : new Date(used.oldest);
  const wait = secondsAfter(oldest, daySeconds).getTime() - now.getTime();
  const retryAfterSeconds = Math.max(1, Math.ceil(wait / 1000));
  const hours = Math.max(1, Math.round(retryAfterSeconds / 3600));
  throw new Fault('search_limit', { most, hours }, { retryAfterSeconds });
}

/**
 * The person has left: what nobody else waits for is ended at the provider, so that it costs no more. What was
 * begun for several goes on.
 */
export async function withdrawSearch(services: Services, searchId: string): Promise<void> {
  const { db } = services.database;
  const ended = await db.transaction(async (tx) => {
    const [left] = await tx
      .update(trendSearches)
      .set({ status: 'cancelled' })
      .where(and(eq(trendSearches.id, searchId), eq(trendSearches.status, 'running')))
      .returning({ id: trendSearches.id });
    if (!left) return [];
    const mine = tx
      .select({ id: trendSearchHarvests.harvestId })
      .from(trendSearchHarvests)
      .where(eq(trendSearchHarvests.searchId, searchId));
    const others = tx
      .select({ id: trendSearches.id })
      .from(trendSearchHarvests)
      .innerJoin(trendSearches, eq(trendSearches.id, trendSearchHarvests.searchId))
      .where(
        and(
          eq(trendSearchHarvests.harvestId, trendHarvests.id),
          eq(trendSearches.status, 'running'),
          ne(trendSearches.id, searchId),
        ),
      );
    return tx
      .update(trendHarvests)
      .set({ status: 'aborted', endedAt: services.clock.now() })
      .where(
        and(
          inArray(trendHarvests.id, mine),
          inArray(trendHarvests.status, ['waiting', 'running']),
          notExists(others),
        ),
      )
      .returning({ runId: trendHarvests.runId });
  });
  const { trendSource } = services.ports;
  for (const { runId } of ended) if (runId !== null) await trendSource?.abort(runId);
}
