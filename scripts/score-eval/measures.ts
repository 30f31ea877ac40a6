import type { Cohort } from './cohorts.ts';
import { createRandom } from './random.ts';

export const measures = ['spearman', 'precision', 'ndcg'] as const;
export type Measure = (typeof measures)[number];

/** How well an order foretold the growth, each at most 1. */
export type Measures = { readonly [Name in Measure]: number };

/** The length of the list that is judged; half of a cohort of fewer than 20. */
const topLength = 10;

/** What a video is worth at the top of the list, by its place among the grown: [at least, worth]. */
const grades: readonly (readonly [number, number])[] = [
  [0.9, 7],
  [0.75, 3],
  [0.5, 1],
];

/** Judges the scores of a cohort by its views gained until the horizon; ties are broken by `seed`. */
export function measureCohort(cohort: Cohort, scores: readonly number[], seed: number): Measures {
  const judged = cohort.items.flatMap(({ views, outcome }, index) => {
    if (outcome.views === null && !cohort.dropoutsRankLast) return [];
    const growth = outcome.views === null ? -1 : outcome.views - views;
    return [{ growth, score: scores[index] ?? 0 }];
  });
  return measureOrder(
    judged.map(({ score }) => score),
    judged.map(({ growth }) => growth),
    seed,
  );
}

/** Judges scores by the growth of the same items. @internal */
export function measureOrder(
  scores: readonly number[],
  growth: readonly number[],
  seed: number,
): Measures {
  const length = Math.min(topLength, Math.max(1, Math.floor(scores.length / 2)));
  const random = createRandom(seed);
  const chosen = topOf(scores, length, random);
  const best = new Set(topOf(growth, length, random));
  const worths = rank(growth).map((place) => worthOf((place - 0.5) / growth.length));
  const ideal = discount(worths.toSorted((a, b) => b - a).slice(0, length));
  const found = discount(chosen.map((index) => worths[index] ?? 0));
  return {
    spearman: correlate(rank(scores), rank(growth)),
    precision: chosen.filter((index) => best.has(index)).length / length,
    ndcg: ideal > 0 ? found / ideal : 0,
  };
}

/** The rank of each value from 1 for the lowest; equal values share the mean of theirs. @internal */
export function rank(values: readonly number[]): number[] {
  const sorted = values.map((value, index) => ({ value, index }));
  sorted.sort((a, b) => a.value - b.value);
  const ranks = values.map(() => 0);
  for (let from = 0; from < sorted.length;) {
    let to = from + 1;
    while (sorted[to]?.value === sorted[from]?.value && to < sorted.length) to += 1;
    for (const { index } of sorted.slice(from, to)) ranks[index] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

function correlate(left: readonly number[], right: readonly number[]): number {
  const [leftMean, rightMean] = [mean(left), mean(right)];
  let [both, leftSquares, rightSquares] = [0, 0, 0];
  for (const [index, value] of left.entries()) {
    const [x, y] = [value - leftMean, (right[index] ?? 0) - rightMean];
    both += x * y;
    leftSquares += x * x;
    rightSquares += y * y;
  }
  const spread = Math.sqrt(leftSquares * rightSquares);
  return spread > 0 ? both / spread : 0;
}

/** The arithmetic mean; 0 of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Where the highest values stand, the highest first. */
function topOf(values: readonly number[], length: number, random: () => number): number[] {
  return values
    .map((value, index) => ({ value, index, draw: random() }))
    .toSorted((a, b) => b.value - a.value || a.draw - b.draw)
    .slice(0, length)
    .map(({ index }) => index);
}

function worthOf(share: number): number {
  return grades.find(([least]) => share >= least)?.[1] ?? 0;
}

/** The sum of worths, each divided by the logarithm of its place. */
function discount(worths: readonly number[]): number {
  return worths.reduce((sum, worth, index) => sum + worth / Math.log2(index + 2), 0);
}
