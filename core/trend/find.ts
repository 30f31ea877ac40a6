import { and, desc, eq } from 'drizzle-orm';

import { trendResults, trends, trendSearches } from '../../drizzle/schema/trends.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { inScope } from '../scope.ts';
import { trendViewSchema, type TrendView } from './view.ts';

export type TrendInSearch = {
  readonly row: typeof trends.$inferSelect;
  readonly view: TrendView;
  /** Where the search was asked for. */
  readonly serverId: string | null;
};

/**
 * A trend as the account's latest search in this place found it.
 * @throws Fault `not_found` for one that the account has never found here.
 */
export async function findTrend(context: Context, id: string): Promise<TrendInSearch> {
  const [found] = await context.database.db
    .select({ row: trends, score: trendResults.score, serverId: trendSearches.serverId })
    .from(trendResults)
    .innerJoin(trendSearches, eq(trendSearches.id, trendResults.searchId))
    .innerJoin(trends, eq(trends.id, trendResults.trendId))
    .where(and(eq(trendResults.trendId, id), inScope(context.actor, trendSearches)))
    .orderBy(desc(trendSearches.createdAt), desc(trendSearches.id))
    .limit(1);
  if (!found) throw new Fault('not_found', { what: 'trend', id }, { field: 'trend' });
  const { row, serverId } = found;
  return { row, serverId, view: trendViewSchema.parse(found.score) };
}
