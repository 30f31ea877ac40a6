import { and, eq, isNull, lt, or } from 'drizzle-orm';

import { accounts } from '../../drizzle/schema/people.ts';
import { trendSearches, trendSearchHarvests, watches } from '../../drizzle/schema/trends.ts';
import type { Context, JobContext } from '../context.ts';
import type { TrendSearch } from '../ports/trend-source.ts';
import { openSearch } from '../trend/search-run.ts';
import { lookDays, mostVideos, planLook } from './plan.ts';
import { platformsOf, type WatchRow } from './row.ts';
import { lookOf, readLeftUsd, watchOf } from './spent.ts';

/** One look of one watch. */
export type Look = {
  readonly watch: WatchRow;
  /** A request of the watch's account, where it made the watch. */
  readonly context: Context;
  readonly searchId: string;
  readonly harvestIds: readonly string[];
};

/**
 * The look of a watch at one of its times: begun at most once, and gone on with where it was begun already.
 * null when there is nothing to do: the watch is over, its money of the day is used up, or a process died
 * between taking the look and beginning it.
 */
export async function beginLook(job: JobContext, watchId: string, at: Date): Promise<Look | null> {
  const begun = await findLook(job, watchId, at);
  if (begun) return begun;
  const found = await readWatch(job, watchId);
  if (!found || !(await takeLook(job, watchId, at))) return null;
  const { watch, context } = found;
  const left = await readLeftUsd(job, watch, at);
  const wanted = platformsOf(watch);
  const plan = planLook({ ...watch, platforms: wanted }, left);
  if (!plan) {
    job.log.info({ watch: watchId, leftUsd: left }, 'a watch is not looked: its day is used up');
    return null;
  }
  const { keyword, everyHours } = watch;
  const errands = wanted.map((platform): TrendSearch => {
    return { keyword, platform, days: lookDays, ...plan };
  });
  const days = { days: lookDays, limit: mostVideos };
  const request = {
    keyword,
    platforms: wanted.join(),
    ...days,
    watch: watchId,
    look: at.toISOString(),
  };
  const opened = await openSearch(fresh(context, everyHours), {
    keyword,
    request,
    errands,
    purpose: 'watch',
  });
  const harvestIds = opened.harvests.map(({ id }) => id);
  return { watch, context, searchId: opened.id, harvestIds };
}

/** What its own last look has brought is no answer for the next one. */
function fresh(context: Context, everyHours: number): Context {
  const minutes = Math.min(context.config.TREND_FRESH_MINUTES, everyHours * 30);
  return { ...context, config: { ...context.config, TREND_FRESH_MINUTES: minutes } };
}

/** A look that was begun already, by whichever process. */
export async function findLook(job: JobContext, watchId: string, at: Date): Promise<Look | null> {
  const found = await readWatch(job, watchId);
  if (!found) return null;
  const { accountId } = found.watch;
  const rows = await job.database.db
    .select({ searchId: trendSearches.id, harvestId: trendSearchHarvests.harvestId })
    .from(trendSearches)
    .innerJoin(trendSearchHarvests, eq(trendSearchHarvests.searchId, trendSearches.id))
    .where(
      and(
        eq(trendSearches.accountId, accountId),
        eq(watchOf, watchId),
        eq(lookOf, at.toISOString()),
      ),
    );
  const [first] = rows;
  if (!first) return null;
  return { ...found, searchId: first.searchId, harvestIds: rows.map(({ harvestId }) => harvestId) };
}

/** A watch that is active, with a request of its account. */
async function readWatch(
  job: JobContext,
  watchId: string,
): Promise<{ readonly watch: WatchRow; readonly context: Context } | null> {
  const [found] = await job.database.db
    .select({ watch: watches, locale: accounts.locale, timeZone: accounts.timeZone })
    .from(watches)
    .innerJoin(accounts, eq(accounts.id, watches.accountId))
    .where(and(eq(watches.id, watchId), eq(watches.status, 'active')));
  if (!found) return null;
  const { watch, locale, timeZone } = found;
  const actor = { accountId: watch.accountId, surface: 'web', serverId: watch.serverId } as const;
  return { watch, context: { ...job, actor, locale, timeZone } };
}

/** Whether the look is ours: nobody has begun it, and it is not older than one that was begun. */
async function takeLook({ database }: JobContext, watchId: string, at: Date): Promise<boolean> {
  const taken = await database.db
    .update(watches)
    .set({ lastAt: at })
    .where(
      and(
        eq(watches.id, watchId),
        eq(watches.status, 'active'),
        or(isNull(watches.lastAt), lt(watches.lastAt, at)),
      ),
    )
    .returning({ id: watches.id });
  return taken.length > 0;
}
