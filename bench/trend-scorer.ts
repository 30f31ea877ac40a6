import { scoreSightings } from '../core/trend/score.ts';

/** A video of the public ranking benchmark, as its judge hands it over. */
type BenchItem = {
  readonly views: number | null;
  readonly likes: number | null;
  readonly comments: number | null;
  readonly shares: number | null;
  readonly publishedAt: string | null;
  readonly capturedAt: string;
  readonly previous: { readonly views: number; readonly capturedAt: string } | null;
};

/** The product's viral score (0..100) as the judge in ../shared/data/bench wants it; run by hand, see docs. */
export function score(items: readonly BenchItem[]): number[] {
  const inputs = items.map((item) => ({
    platform: 'youtube' as const,
    kind: 'long' as const,
    views: item.views,
    likes: item.likes,
    comments: item.comments,
    shares: item.shares,
    publishedAt: item.publishedAt === null ? null : new Date(item.publishedAt),
    seenAt: new Date(item.capturedAt),
    previous: item.previous && {
      views: item.previous.views,
      seenAt: new Date(item.previous.capturedAt),
    },
    recommendation: null,
  }));
  return scoreSightings(inputs).map(({ total }) => total);
}
