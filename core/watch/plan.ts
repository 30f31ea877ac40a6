import type { Platform } from '../ports/trend-source.ts';

/** A look takes in what was published in the last so many days. */
export const lookDays = 7;
/** On each platform at most so many videos are looked at. */
export const mostVideos = 20;
/** Fewer are not worth a look. */
const leastVideos = 5;
/** What one video costs at most, its share of the actor's start included. */
const videoUsd = 0.005;

/** What a look costs depends on these. */
export type LookSettings = {
  readonly platforms: readonly Platform[];
  readonly everyHours: number;
  readonly dailyUsd: number;
};

/** What is to be fetched from each platform. */
export type LookPlan = { readonly maxItems: number; readonly maxCostUsd: number };

const looksPerDay = (everyHours: number): number => 24 / everyHours;

/** The lowest daily cap in US dollars at which each look is worth something, in whole cents. */
export function leastDailyUsd({ platforms, everyHours }: Omit<LookSettings, 'dailyUsd'>): number {
  const usd = looksPerDay(everyHours) * platforms.length * leastVideos * videoUsd;
  return Math.ceil(usd * 100 - 1e-9) / 100;
}

/**
 * What one look may fetch and cost on each platform: its share of the day, and no more than is left of it.
 * null when that is too little for a look.
 */
export function planLook(settings: LookSettings, leftUsd: number): LookPlan | null {
  const { platforms, everyHours, dailyUsd } = settings;
  const share = dailyUsd / looksPerDay(everyHours);
  const each = Math.min(share, leftUsd) / platforms.length;
  // A hair more, because 0.1 / 0.005 may be 19.999… in binary.
  const affordable = Math.floor(each / videoUsd + 1e-9);
  if (affordable < leastVideos) return null;
  const maxItems = Math.min(mostVideos, affordable);
  return { maxItems, maxCostUsd: Number((maxItems * videoUsd).toFixed(3)) };
}
