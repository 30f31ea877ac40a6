import { and, asc, eq } from 'drizzle-orm';
import { z } from 'zod';

import { trendResults, trendSearches } from '../../drizzle/schema/trends.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { inScope } from '../scope.ts';
import { trendViewSchema, type TrendView } from './view.ts';

/** What a search answered, as trend_search answered it then. */
export type StoredSearch = {
  readonly search: string;
  readonly keyword: string;
  readonly trends: readonly TrendView[];
  readonly skipped: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly cost_usd: number | null;
};

/**
 * An earlier search of the account in this place, its trends in the order in which they were ranked.
 * @throws Fault `not_found`.
 */
export async function readSearch(context: Context, id: string): Promise<StoredSearch> {
  const { db } = context.database;
  const [search] = await db
    .select()
    .from(trendSearches)
    .where(and(eq(trendSearches.id, id), inScope(context.actor, trendSearches)));
  if (!search) throw new Fault('not_found', { what: 'search', id }, { field: 'search' });
  const results = await db
    .select({ score: trendResults.score })
    .from(trendResults)
    .where(eq(trendResults.searchId, id))
    .orderBy(asc(trendResults.position));
  return {
    search: id,
    keyword: search.keyword,
    trends: results.map(({ score }) => trendViewSchema.parse(score)),
    skipped: search.skipped,
    notes: z.array(z.string()).parse(search.notes),
    cost_usd: search.costUsd,
  };
}
