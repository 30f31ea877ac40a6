import { secondsAfter } from '../clock.ts';
import type { Platform, TrendSample } from '../ports/trend-source.ts';

/** A trend whose growth is to be measured, with when it was last seen. */
export type Candidate = {
  readonly id: string;
  readonly platform: Platform;
  readonly url: string;
  readonly seenAt: Date;
};

/** One time that a page was asked for, whatever came of it. */
export type Asked = { readonly address: string; readonly at: Date };

/** One errand, with the trends that it is about. */
export type PlannedSample = { readonly errand: TrendSample; readonly trendIds: readonly string[] };

/** Nothing is looked at again within so many hours. */
const pauseHours = 6;
/** A page that so many looks in a row have not found is gone. */
const mostMisses = 3;
/** More than any actor takes for one item and its share of the start, in US dollars. */
const itemUsd = 0.005;

/**
 * What is looked at again for `budgetUsd`: one errand for each platform, of the pages that have waited longest since
 * they were seen or asked for, each at most once in 6 hours. Pages that are gone are left alone.
 */
export function planSamples(
  candidates: readonly Candidate[],
  asked: readonly Asked[],
  { now, budgetUsd }: { readonly now: Date; readonly budgetUsd: number },
): PlannedSample[] {
  const times = new Map<string, number[]>();
  for (const { address, at } of asked) {
    const known = times.get(address);
    if (known) known.push(at.getTime());
    else times.set(address, [at.getTime()]);
  }
  const latest = secondsAfter(now, -pauseHours * 3600).getTime();
  const due = candidates
    .flatMap((trend) => {
      const seenAt = trend.seenAt.getTime();
      const tries = times.get(trend.url) ?? [];
      const misses = tries.filter((at) => at > seenAt).length;
      const at = Math.max(seenAt, ...tries);
      return at <= latest && misses < mostMisses ? [{ ...trend, at }] : [];
    })
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  // A hair more, because 0.15 / 0.005 is 29.999… in binary.
  const chosen = due.slice(0, Math.max(0, Math.floor(budgetUsd / itemUsd + 1e-9)));
  const byPlatform = Map.groupBy(chosen, ({ platform }) => platform);
  return [...byPlatform].map(([platform, trends]) => {
    const addresses = [...new Set(trends.map(({ url }) => url))];
    const maxCostUsd = Number((addresses.length * itemUsd).toFixed(3));
    return { errand: { platform, addresses, maxCostUsd }, trendIds: trends.map(({ id }) => id) };
  });
}
