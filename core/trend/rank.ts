import type { Sighting } from '../ports/trend-source.ts';
import { analysisSchema } from './explain.ts';
import { scoreSightings, type Score } from './score.ts';
import type { KnownSighting } from './sightings.ts';

export type RankedTrend = KnownSighting & { readonly score: Score };

const placeOf = ({ externalId, platform }: Sighting): string => `${externalId} ${platform}`;

/** Scores the videos of one search and puts the highest first; equal scores keep a fixed order. */
export function rankSightings(known: readonly KnownSighting[], seenAt: Date): RankedTrend[] {
  const scores = scoreSightings(
    known.map(({ sighting, previous, analysis }) => {
      const { platform, kind, views, likes, comments, shares, publishedAt } = sighting;
      const said = analysisSchema.safeParse(analysis);
      const recommendation =
        said.success && said.data.by === 'model' ? said.data.recommendation : null;
      return {
        platform,
        kind,
        views,
        likes,
        comments,
        shares,
        publishedAt,
        seenAt,
        previous,
        recommendation,
      };
    }),
  );
  return known
    .flatMap((trend, index) => {
      const score = scores[index];
      return score ? { ...trend, score } : [];
    })
    .toSorted(
      (a, b) =>
        b.score.total - a.score.total || (placeOf(a.sighting) < placeOf(b.sighting) ? -1 : 1),
    );
}
