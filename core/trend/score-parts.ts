import { clip, logRange, ownWeight, quantile, toSorted, type Placing } from './score-cohort.ts';

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

/** One part of the score for each item of a cohort, in order. */
export type PlacedPart = {
  /** Each 0..1; null where unknown. */
  readonly values: readonly (number | null)[];
  /** How many are known. */
  readonly known: number;
};

const hourMs = 3_600_000;
/** Gains below this are told apart no more: old videos gather far less than one view per hour squared. */
const smallestGain = 0.001;

const viewsPlacing: Placing = { floorQuantile: 0, anchors: [Math.log1p(1e3), Math.log1p(1e7)] };
const agedPlacing: Placing = { floorQuantile: 0.5, anchors: [logGain(0.01), logGain(1e3)] };
const measuredPlacing: Placing = { floorQuantile: 0.5, anchors: [Math.log1p(10), Math.log1p(1e4)] };

/** Places the views of each item of a cohort on a logarithmic scale. */
export function placeViews(cohort: readonly Counters[]): PlacedPart {
  return place(
    cohort.map(({ views }) => (views === null ? null : Math.log1p(views))),
    viewsPlacing,
  );
}

/**
 * Places the growth of each item. Where the publish time is known: views per hour of age, and beside
 * them, from the second look on, the measured gain per hour, both divided by the age once more. Where
 * it is unknown: the measured gain per hour. The two are different units, so each is placed among its
 * own.
 */
export function placeGrowth(cohort: readonly Counters[]): PlacedPart {
  const aged = place(cohort.map(agedGain), agedPlacing);
  const measured = place(
    cohort.map((item) => (item.publishedAt === null ? loneGain(item) : null)),
    measuredPlacing,
  );
  return {
    values: cohort.map((_, index) => aged.values[index] ?? measured.values[index] ?? null),
    known: aged.known + measured.known,
  };
}

/** The age counts twice: the freshest gain tells most about the next days. */
function agedGain(item: Counters): number | null {
  const { views, publishedAt, seenAt } = item;
  if (views === null || publishedAt === null) return null;
  const age = Math.max(0, seenAt - publishedAt) / hourMs + 2;
  const average = logGain(views / age / age);
  const measured = measureGain(item);
  if (measured === null) return average;
  return average + measured.trust * (logGain(measured.perHour / age) - average);
}

function loneGain(item: Counters): number | null {
  const measured = measureGain(item);
  return measured && Math.log1p(measured.perHour);
}

/** Two looks within minutes measure the platform's counter updates, so less than an hour counts less. */
function measureGain({
  views,
  seenAt,
  previous,
}: Counters): { readonly perHour: number; readonly trust: number } | null {
  if (views === null || previous === null) return null;
  const hours = (seenAt - previous.seenAt) / hourMs;
  if (hours <= 0) return null;
  const perHour = Math.max(0, views - previous.views) / Math.max(1, hours);
  return { perHour, trust: 0.5 * Math.min(1, hours) };
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
export function placeEngagement(cohort: readonly Counters[]): PlacedPart {
  const sums = cohort.map(({ views, likes, comments, shares }) =>
    views === null || likes === null ? null : likes + (comments ?? 0) + (shares ?? 0),
  );
  const rates: number[] = [];
  cohort.forEach(({ views }, index) => {
    const sum = sums[index] ?? null;
    if (views !== null && sum !== null) rates.push(Math.min(1, sum / Math.max(1, views)));
  });
  const own = ownWeight(rates.length);
  const median = own * quantile(toSorted(rates), 0.5) + (1 - own) * usualEngagement;
  const values = cohort.map(({ views }, index) => {
    const sum = sums[index] ?? null;
    if (views === null || sum === null) return null;
    const rate = (sum + pseudoViews * median) / (views + pseudoViews);
    const ratio = Math.sqrt(rate / median);
    return ratio / (1 + ratio);
  });
  return { values, known: rates.length };
}

function place(signals: readonly (number | null)[], placing: Placing): PlacedPart {
  const sorted = toSorted(signals.filter((signal) => signal !== null));
  const { low, width } = logRange(sorted, placing);
  return {
    values: signals.map((signal) => (signal === null ? null : clip((signal - low) / width))),
    known: sorted.length,
  };
}
