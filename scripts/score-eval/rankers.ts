import { score } from '../../bench/trend-scorer.ts';
import type { CohortItem } from './cohorts.ts';

/** An order of videos: a number each, the highest first. */
type Ranker = (items: readonly CohortItem[]) => number[];

export const rankerNames = ['our score', 'raw views', 'views per hour', 'naive min-max'] as const;
export type RankerName = (typeof rankerNames)[number];

/** Our score and what it has to beat. */
export const rankers: { readonly [Name in RankerName]: Ranker } = {
  'our score': score,
  'raw views': (items) => items.map(({ views }) => views),
  'views per hour': (items) => items.map((item) => viewsPerHour(item) ?? 0),
  'naive min-max': rankNaively,
};

const hourMs = 3_600_000;
const weights = { views: 0.4, engagement: 0.3, growth: 0.2, quality: 0.1 } as const;

/** By the age, else by the gain since the look before, else null. */
function viewsPerHour({ views, publishedAt, capturedAt, previous }: CohortItem): number | null {
  const hoursSince = (moment: string) =>
    Math.max(1, (Date.parse(capturedAt) - Date.parse(moment)) / hourMs);
  if (publishedAt !== null) return views / hoursSince(publishedAt);
  if (previous === null) return null;
  return Math.max(0, (views - previous.views) / hoursSince(previous.capturedAt));
}

/** The four weights over the plain numbers, each stretched from the cohort's least to its most. */
function rankNaively(items: readonly CohortItem[]): number[] {
  const areLikesTold = items.some(({ likes }) => likes !== null);
  const views = stretch(items.map((item) => item.views));
  const engagement = stretch(
    items.map((item) => engagementRate(item) ?? (areLikesTold ? 0 : null)),
  );
  const growth = stretch(items.map(viewsPerHour));
  return items.map((_, index) => {
    const parts = [
      { weight: weights.views, value: views[index] ?? null },
      { weight: weights.engagement, value: engagement[index] ?? null },
      { weight: weights.growth, value: growth[index] ?? null },
      { weight: weights.quality, value: 0.5 },
    ];
    let [sum, known] = [0, 0];
    for (const { weight, value } of parts) {
      if (value === null) continue;
      sum += weight * value;
      known += weight;
    }
    return (100 * sum) / known;
  });
}

function engagementRate({ views, likes, comments, shares }: CohortItem): number | null {
  return likes === null ? null : (likes + (comments ?? 0) + (shares ?? 0)) / Math.max(1, views);
}

function stretch(values: readonly (number | null)[]): (number | null)[] {
  const known = values.filter((value) => value !== null);
  const low = known.reduce((least, value) => Math.min(least, value), Infinity);
  const high = known.reduce((most, value) => Math.max(most, value), -Infinity);
  return values.map((value) => {
    if (value === null) return null;
    return high > low ? (value - low) / (high - low) : 0.5;
  });
}
