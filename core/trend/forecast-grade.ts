/** A forecast whose views are known: the score (0..100) that was foretold, and what came of it. */
export type GradedForecast = { readonly score: number; readonly views: number };

/** How well scores have foretold views. */
export type ForecastGrade = {
  readonly graded: number;
  /** Rank correlation, -1 to 1; null for fewer than five, and where all scores or all views are equal. */
  readonly correlation: number | null;
  /** Median views of the forecasts with a high score, and of the others; null where there are none. */
  readonly medianViews: { readonly high: number | null; readonly low: number | null };
};

/** Fewer than this say nothing about an order. */
const fewestGraded = 5;
/** From here on a score is high. */
const highScore = 70;

/** Marks forecasts by what happened; their order does not matter. */
export function gradeForecasts(forecasts: readonly GradedForecast[]): ForecastGrade {
  const viewsOf = (isHigh: boolean) =>
    forecasts.filter(({ score }) => score >= highScore === isHigh).map(({ views }) => views);
  return {
    graded: forecasts.length,
    correlation: forecasts.length < fewestGraded ? null : correlateRanks(forecasts),
    medianViews: { high: median(viewsOf(true)), low: median(viewsOf(false)) },
  };
}

/** Spearman's rho: the linear correlation of the ranks. */
function correlateRanks(forecasts: readonly GradedForecast[]): number | null {
  const scores = rank(forecasts.map(({ score }) => score));
  const views = rank(forecasts.map((forecast) => forecast.views));
  // The mean of ranks is the same whatever is tied.
  const mean = (forecasts.length + 1) / 2;
  let both = 0;
  let ofScores = 0;
  let ofViews = 0;
  for (const [index, place] of scores.entries()) {
    const a = place - mean;
    const b = (views[index] ?? mean) - mean;
    both += a * b;
    ofScores += a * a;
    ofViews += b * b;
  }
  if (ofScores === 0 || ofViews === 0) return null;
  // Both sums are exact, but the root is not.
  return Math.max(-1, Math.min(1, both / Math.sqrt(ofScores * ofViews)));
}

/** The place of each value from 1 for the lowest; equal values share the mean of theirs. */
function rank(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const places = new Map<number, number>();
  for (let from = 0; from < sorted.length;) {
    const value = sorted[from] ?? 0;
    let end = from;
    while (sorted[end] === value) end += 1;
    places.set(value, (from + 1 + end) / 2);
    from = end;
  }
  return values.map((value) => places.get(value) ?? 0);
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
