import type { Tx } from '../../drizzle/client.ts';
import { trendResults } from '../../drizzle/schema/trends.ts';
import type { Context } from '../context.ts';
import { explainedPerSearch, explainTrends, readAnalysis } from './explain.ts';
import { rankSightings, type RankedTrend } from './rank.ts';
import { storeAnalyses, type KnownSighting } from './sightings.ts';
import { viewTrend } from './view.ts';

const batchSize = 1000;

/** The best of what was found, explained in the person's language, the highest score first. */
export async function rankBest(
  context: Context,
  found: readonly KnownSighting[],
  limit: number,
): Promise<RankedTrend[]> {
  const known = found.map((trend) => {
    return { ...trend, analysis: readAnalysis(trend.analysis, context.locale) };
  });
  const seenAt = context.clock.now();
  return rankSightings(await explainBest(context, known, seenAt), seenAt).slice(0, limit);
}

/**
 * Asks the analyst about the best that nobody has explained yet. They are the best by their numbers alone: what
 * an earlier explanation did to the score would let each search explain others.
 */
async function explainBest(
  context: Context,
  known: readonly KnownSighting[],
  seenAt: Date,
): Promise<KnownSighting[]> {
  const unexplained = new Set(
    known.filter(({ analysis }) => analysis === null).map(({ id }) => id),
  );
  const byNumbers = known.map((trend) => ({ ...trend, analysis: null }));
  const best = rankSightings(byNumbers, seenAt).slice(0, explainedPerSearch);
  const analyses = await explainTrends(
    context,
    best.filter(({ id }) => unexplained.has(id)),
  );
  await storeAnalyses(context, context.locale, analyses);
  return known.map((trend) => ({ ...trend, analysis: analyses.get(trend.id) ?? trend.analysis }));
}

/** What a search answers is kept as it is answered. */
export async function storeResults(
  tx: Tx,
  searchId: string,
  ranked: readonly RankedTrend[],
): Promise<void> {
  const results = ranked.map((trend, position) => {
    return { searchId, trendId: trend.id, position, score: viewTrend(trend) };
  });
  for (let from = 0; from < results.length; from += batchSize)
    await tx.insert(trendResults).values(results.slice(from, from + batchSize));
}
