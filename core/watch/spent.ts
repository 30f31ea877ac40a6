import { and, eq, sql } from 'drizzle-orm';

import {
  trendHarvests,
  trendSearches,
  trendSearchHarvests,
  watches,
} from '../../drizzle/schema/trends.ts';
import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import type { WatchRow } from './row.ts';

const daySeconds = 24 * 60 * 60;

/** Which watch a search was made for, and at which of its times. */
export const watchOf = sql<string | null>`${trendSearches.request}->>'watch'`;
export const lookOf = sql<string | null>`${trendSearches.request}->>'look'`;

/**
 * What a watch may still cost, in US dollars, of the 24 hours that end at `at`: of its own cap, and of what
 * all active ones of the account may cost together, so that nothing is gained by deleting one and making it
 * again. A cost that is not known yet counts as the most that it can be.
 */
export async function readLeftUsd(
  { database: { db } }: Pick<Services, 'database'>,
  watch: WatchRow,
  at: Date,
): Promise<number> {
  const since = secondsAfter(at, -daySeconds).toISOString();
  const spent = await db
    .select({
      watch: watchOf,
      usd: sql<number>`sum(coalesce(${trendHarvests.costUsd}, ${trendHarvests.maxCostUsd}))::float8`,
    })
    .from(trendSearches)
    .innerJoin(trendSearchHarvests, eq(trendSearchHarvests.searchId, trendSearches.id))
    .innerJoin(trendHarvests, eq(trendHarvests.id, trendSearchHarvests.harvestId))
    .where(
      and(
        eq(trendSearches.accountId, watch.accountId),
        eq(trendSearchHarvests.isStarter, true),
        // By the look's own time: the one a day before has just left the window.
        sql`${lookOf} > ${since}`,
      ),
    )
    .groupBy(watchOf);
  const [allowed] = await db
    .select({ usd: sql<number>`coalesce(sum(${watches.dailyUsd}), 0)::float8` })
    .from(watches)
    .where(and(eq(watches.accountId, watch.accountId), eq(watches.status, 'active')));
  const own = spent.find((one) => one.watch === watch.id)?.usd ?? 0;
  const together = spent.reduce((sum, { usd }) => sum + usd, 0);
  return Math.min(watch.dailyUsd - own, (allowed?.usd ?? 0) - together);
}
