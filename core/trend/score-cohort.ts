/** How one signal is placed between 0 and 1 within a cohort. Bounds are logarithms, as the signal is. */
export type Placing = {
  /** The quantile of the cohort that counts as 0. */
  readonly floorQuantile: number;
  /** Where 0 and 1 lie on the platforms at large; a cohort of few items leans on them. */
  readonly anchors: readonly [low: number, high: number];
};

/** So many imagined items stand at the anchors beside the cohort's own. */
const anchorItems = 8;

/**
 * One absurd item must not press all others together, so the top is at most ten times the 90th
 * percentile. A distance that depends on the cohort's width would move the top faster than an item
 * near it, and more views could lower a score.
 */
const topDistance = Math.log(10);

/** Where 0 lies for a cohort's sorted logarithms, and how far above it 1 lies; the width is positive. */
export function logRange(
  sorted: Float64Array,
  { floorQuantile, anchors }: Placing,
): { readonly low: number; readonly width: number } {
  const own = ownWeight(sorted.length);
  const [anchorLow, anchorHigh] = anchors;
  const top = Math.min(sorted.at(-1) ?? 0, quantile(sorted, 0.9) + topDistance);
  const low = own * quantile(sorted, floorQuantile) + (1 - own) * anchorLow;
  return { low, width: own * top + (1 - own) * anchorHigh - low };
}

/** How much a cohort of this many items speaks for itself, 0..1. */
export function ownWeight(count: number): number {
  return count / (count + anchorItems);
}

/** The values in ascending order. */
export function toSorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).toSorted();
}

/** The value below which the share `p` (0..1) of the sorted values lies, interpolated; 0 of nothing. */
export function quantile(sorted: Float64Array, p: number): number {
  const position = Math.max(0, sorted.length - 1) * p;
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}

/** Bounds a part to 0..1. */
export function clip(value: number): number {
  return Math.min(1, Math.max(0, value));
}
