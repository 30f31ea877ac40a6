import type { Sighting } from '../ports/trend-source.ts';
import { analysisSchema } from './explain.ts';
import { scoreSightings, type Score } from './score.ts';
import type { KnownSighting } from './sightings.ts';

export type RankedTrend = KnownSighting & { readonly score: Score };

const placeOf = ({ externalId, platform }: Sighting): string => `${externalId} ${platform}`;

/** What came from the store knows when it was seen. */
type Rankable = KnownSighting & { readonly seenAt?: Date };

/**
 * Scores the videos of one search and puts the highest first; equal scores keep a fixed order.
 * @param now when those were seen that do not say it.
 */
export function rankSightings(known: readonly Rankable[], now: Date): RankedTrend[] {
  const scores = scoreSightings(
    known.map(({ sighting, previous, analysis, seenAt = now }) => {
      const { platform, kind, channel, views, likes, comments, shares, publishedAt } = sighting;
      return {
        platform,
        kind,
        channel,
        views,
        likes,
        comments,
        shares,
        publishedAt,
        seenAt,
        previous,
        recommendation: recommendationOf(analysis),
      };
    }),
  );
  // Sorting places by bare numbers takes a third of the time of sorting the trends.
  const totals = Float64Array.from(scores, ({ total }) => total);
  const places = Uint32Array.from(known.keys()).toSorted(
    (a, b) => (totals[b] ?? 0) - (totals[a] ?? 0) || compareIds(known[a], known[b]),
  );
  const ranked: RankedTrend[] = [];
  for (const place of places) {
    const [trend, score] = [known[place], scores[place]];
    if (trend && score) ranked.push({ ...trend, score });
  }
  return ranked;
}

function compareIds(a: KnownSighting | undefined, b: KnownSighting | undefined): number {
  return a && b && placeOf(a.sighting) < placeOf(b.sighting) ? -1 : 1;
}

/** Only the model's word counts: what the rules say is computed from the same numbers. */
function recommendationOf(analysis: unknown): number | null {
  if (analysis === null) return null;
  const said = analysisSchema.safeParse(analysis);
  return said.success && said.data.by === 'model' ? said.data.recommendation : null;
}
