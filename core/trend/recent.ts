import { and, desc, eq, max, sql } from 'drizzle-orm';

import { savedTrends, trendResults, trends, trendSearches } from '../../drizzle/schema/trends.ts';
import type { Context } from '../context.ts';
import { countedInAll, matching, type Found, type Lookup } from '../lookup.ts';
import { inScope } from '../scope.ts';

export type RecentTrend = {
  readonly row: typeof trends.$inferSelect;
  /** What the person looked for when it was found last. */
  readonly keyword: string;
  /** When the person found or saved it last. */
  readonly at: Date;
  readonly hits: number;
};

/**
 * Trends that the person has found or saved and whose title, or a search for them, fits; best and
 * newest first. Their texts are strangers' words as they came.
 */
export async function findTrends(context: Context, lookup: Lookup): Promise<Found<RecentTrend>> {
  const { db } = context.database;
  const newestFirst = sql`order by ${trendSearches.createdAt} desc, ${trendSearches.id} desc`;
  const seen = db
    .select({
      trendId: trendResults.trendId,
      foundAt: max(trendSearches.createdAt).as('found_at'),
      keyword: sql<string>`(array_agg(${trendSearches.keyword} ${newestFirst}))[1]`.as('keyword'),
      keywords: sql<string>`string_agg(distinct ${trendSearches.keyword}, ' ')`.as('keywords'),
    })
    .from(trendResults)
    .innerJoin(trendSearches, eq(trendSearches.id, trendResults.searchId))
    .where(inScope(context.actor, trendSearches))
    .groupBy(trendResults.trendId)
    .as('seen');
  const kept = db
    .select({ trendId: savedTrends.trendId, savedAt: max(savedTrends.createdAt).as('saved_at') })
    .from(savedTrends)
    .where(inScope(context.actor, savedTrends))
    .groupBy(savedTrends.trendId)
    .as('kept');
  const { fits, hits } = matching(lookup, trends.id, [trends.title, seen.keywords]);
  const at = sql`greatest(${seen.foundAt}, ${kept.savedAt})`.mapWith(trendSearches.createdAt);
  const found = await db
    .select({ row: trends, keyword: seen.keyword, at, hits, total: countedInAll })
    .from(seen)
    .innerJoin(trends, eq(trends.id, seen.trendId))
    .leftJoin(kept, eq(kept.trendId, seen.trendId))
    .where(and(fits))
    .orderBy(desc(hits), desc(at), desc(trends.id))
    .limit(lookup.limit);
  return { rows: found, total: found[0]?.total ?? 0 };
}
