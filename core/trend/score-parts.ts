/** What the parts of a score are computed from; unknown is null. Times are milliseconds. */
export type Counters = {
  readonly views: number | null;
  readonly likes: number | null;
  readonly comments: number | null;
  readonly shares: number | null;
  readonly publishedAt: number | null;
  readonly seenAt: number;
  readonly previous: { readonly views: number; readonly seenAt: number } | null;
};

/** How one signal is placed between 0 and 1 within a cohort. Bounds are logarithms, as the signal is. */
type Placing = {
  /** The quantile of the cohort that counts as 0. */
  readonly floorQuantile: number;
  /** Where 0 and 1 lie on the platforms at large; a cohort of few items leans on them. */
  readonly anchors: readonly [low: number, high: number];
};

/** So many imagined items stand at the anchors beside the cohort's own. */
const anchorItems = 8;
const hourMs = 3_600_000;
/** Gains below this are told apart no more: old videos gather far less than one view per hour squared. */
const smallestGain = 0.001;

const viewsPlacing: Placing = { floorQuantile: 0, anchors: [Math.log1p(1e3), Math.log1p(1e7)] };
const agedPlacing: Placing = { floorQuantile: 0.5, anchors: [logGain(0.01), logGain(1e3)] };
const measuredPlacing: Placing = { floorQuantile: 0.5, anchors: [Math.log1p(10), Math.log1p(1e4)] };

/** Places the views of each item of a cohort in 0..1, on a logarithmic scale. */
export function placeViews(cohort: readonly Counters[]): (number | null)[] {
  return place(
    cohort.map(({ views }) => (views === null ? null : Math.log1p(views))),
    viewsPlacing,
  );
}

/**
 * Places the growth of each item: views / (age in hours + 2)^2, or, where the publish time is unknown,
 * the gain per hour between two snapshots. The two are different units, so each is placed among its own.
 */
export function placeGrowth(cohort: readonly Counters[]): (number | null)[] {
  const aged = place(cohort.map(agedGain), agedPlacing);
  const measured = place(cohort.map(measuredGain), measuredPlacing);
  return cohort.map((_, index) => aged[index] ?? measured[index] ?? null);
}

/** The exponent is steeper than the usual 1.4 to 1.8: the freshest gain tells most about the next days. */
function agedGain({ views, publishedAt, seenAt }: Counters): number | null {
  if (views === null || publishedAt === null) return null;
  const ageHours = Math.max(0, seenAt - publishedAt) / hourMs;
  return logGain(views / (ageHours + 2) ** 2);
}

function measuredGain({ views, publishedAt, seenAt, previous }: Counters): number | null {
  if (views === null || publishedAt !== null || previous === null) return null;
  const hours = (seenAt - previous.seenAt) / hourMs;
  // Two looks within minutes measure the platform's counter updates, not growth.
  return hours <= 0 ? null : Math.log1p(Math.max(0, views - previous.views) / Math.max(1, hours));
}

function logGain(gain: number): number {
  return Math.log1p(gain / smallestGain);
}

const usualEngagement = 0.04;
/** So many imagined views at the cohort's median rate keep "2 likes on 3 views" from being a record. */
const pseudoViews = 500;

/**
 * Places (likes + comments + shares) / views against the cohort's median m: an item at m gets 0.5, four
 * times m gets 2/3. Unknown likes make it unknown; other unknown counts are left out of the sum.
 */
export function placeEngagement(cohort: readonly Counters[]): (number | null)[] {
  const sums = cohort.map(({ likes, comments, shares }) =>
    likes === null ? null : likes + (comments ?? 0) + (shares ?? 0),
  );
  const rates: number[] = [];
  cohort.forEach(({ views }, index) => {
    const sum = sums[index] ?? null;
    if (views !== null && sum !== null) rates.push(Math.min(1, sum / Math.max(1, views)));
  });
  const own = ownWeight(rates.length);
  const median = own * quantile(toSorted(rates), 0.5) + (1 - own) * usualEngagement;
  return cohort.map(({ views }, index) => {
    const sum = sums[index] ?? null;
    if (views === null || sum === null) return null;
    const rate = (sum + pseudoViews * median) / (views + pseudoViews);
    const ratio = Math.sqrt(rate / median);
    return ratio / (1 + ratio);
  });
}

/** How much a cohort of this many items speaks for itself, 0..1. */
export function ownWeight(count: number): number {
  return count / (count + anchorItems);
}

function place(signals: readonly (number | null)[], placing: Placing): (number | null)[] {
  const sorted = toSorted(signals.filter((signal) => signal !== null));
  const own = ownWeight(sorted.length);
  const [anchorLow, anchorHigh] = placing.anchors;
  const middle = quantile(sorted, 0.5);
  const high = quantile(sorted, 0.9);
  // One absurd item must not press all others together, so the top is not simply the maximum.
  const top = Math.min(sorted.at(-1) ?? 0, high + 1.5 * (high - middle));
  const low = own * quantile(sorted, placing.floorQuantile) + (1 - own) * anchorLow;
  const width = own * top + (1 - own) * anchorHigh - low;
  return signals.map((signal) => (signal === null ? null : clip((signal - low) / width)));
}

function toSorted(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

/** The value below which the share `p` (0..1) of the sorted values lies, interpolated; 0 of nothing. */
function quantile(sorted: readonly number[], p: number): number {
  const position = Math.max(0, sorted.length - 1) * p;
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}

/** Bounds a part to 0..1. */
export function clip(value: number): number {
  return Math.min(1, Math.max(0, value));
}
