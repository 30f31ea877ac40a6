import { trendResults, trendSearches } from '../../drizzle/schema/trends.ts';
import type { Context } from '../context.ts';
import type { Reading, SkipReason } from '../ports/trend-source.ts';
import { serverOf } from '../scope.ts';
import { explainTrends, readAnalysis } from './explain.ts';
import { rankSightings, type RankedTrend } from './rank.ts';
import { sortReadings, storeAnalyses, storeSightings, type KnownSighting } from './sightings.ts';
import { viewTrend } from './view.ts';

/** The best so many are explained; the rest is ranked without an analyst. */
const explained = 10;

export type TrendReport = {
  readonly searchId: string;
  readonly ranked: readonly RankedTrend[];
  readonly skipped: Partial<Record<SkipReason, number>>;
};

/**
 * Turns what was read into a ranked, explained and stored report: the same path for a search and
 * for files of dataset items.
 */
export async function reportTrends(
  context: Context,
  found: {
    readonly keyword: string;
    readonly request: Record<string, unknown>;
    readonly readings: readonly Reading[];
    readonly notes: readonly string[];
    readonly costUsd: number | null;
    readonly limit: number;
  },
): Promise<TrendReport> {
  const seenAt = context.clock.now();
  const { sightings, skipped } = sortReadings(found.readings);
  const stored = await storeSightings(context, sightings, seenAt);
  const known = stored.map((trend) => {
    return { ...trend, analysis: readAnalysis(trend.analysis, context.locale) };
  });
  const ranked = rankSightings(await explainBest(context, known, seenAt), seenAt).slice(
    0,
    found.limit,
  );
  const searchId = context.ids.next('sea');
  const { accountId } = context.actor;
  await context.database.db.transaction(async (tx) => {
    const { keyword, request, notes, costUsd } = found;
    const row = {
      id: searchId,
      accountId,
      keyword,
      request,
      skipped,
      notes,
      costUsd,
      serverId: serverOf(context.actor),
      createdAt: seenAt,
    };
    await tx.insert(trendSearches).values(row);
    const results = ranked.map((trend, position) => {
      return { searchId, trendId: trend.id, position, score: viewTrend(trend) };
    });
    for (let from = 0; from < results.length; from += 1000)
      await tx.insert(trendResults).values(results.slice(from, from + 1000));
  });
  return { searchId, ranked, skipped };
}

/** Asks the analyst about the best that nobody has explained yet. */
async function explainBest(
  context: Context,
  known: readonly KnownSighting[],
  seenAt: Date,
): Promise<KnownSighting[]> {
  const best = rankSightings(known, seenAt).slice(0, explained);
  const analyses = await explainTrends(
    context,
    best.filter(({ analysis }) => analysis === null),
  );
  await storeAnalyses(context, context.locale, analyses);
  return known.map((trend) => ({ ...trend, analysis: analyses.get(trend.id) ?? trend.analysis }));
}
