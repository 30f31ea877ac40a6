import { and, eq, gt, inArray, lt, or, sql } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import {
  savedTrends,
  trendHarvests,
  trendResults,
  trends,
  trendSearches,
  trendSnapshots,
} from '../../drizzle/schema/trends.ts';
import { secondsAfter } from '../clock.ts';
import type { JobContext } from '../context.ts';
import { isFault } from '../fault.ts';
import { defineJob } from '../job.ts';
import { followHarvest } from './harvest-work.ts';
import { openHarvest } from './harvest.ts';
import { planSamples, type Asked, type Candidate, type PlannedSample } from './sample-plan.ts';
import { askForThumbnails } from './thumbnail.ts';

const daySeconds = 86_400;
/** The best so many of each search of the last days are looked at again. */
const topOfSearch = 3;
const searchDays = 7;
/** Pages that were asked for within so many days are known, to tell which are gone. */
const askedDays = 30;

/**
 * Looks again at saved trends and at the best of recent searches, so that growth is measured. What it may cost in 24
 * hours is set for all accounts together. That a page is asked for is committed before an actor is sent; a process
 * that dies after that leaves the harvest to the job of harvests.
 */
export const sampleTrends = defineJob({
  name: 'trend.sample',
  payload: z.object({}),
  attempts: 3,
  backoff: { seconds: 60, maxSeconds: 600 },
  timeoutSeconds: 1200,
  cron: '37 * * * *',
  async run(_payload, context) {
    if (!context.ports.trendSource || context.config.TREND_SAMPLING_DAILY_USD === 0) return;
    const opened = await context.database.db.transaction((tx) => open(tx, context));
    await Promise.all(opened.map((sample) => follow(context, sample)));
  },
});

type OpenedSample = Pick<PlannedSample, 'trendIds'> & { readonly harvestId: string };

async function open(tx: Tx, context: JobContext): Promise<OpenedSample[]> {
  // Of two at once, the second sees what the first has asked for and spent.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('trend.sample', 0))`);
  const now = context.clock.now();
  const budgetUsd = context.config.TREND_SAMPLING_DAILY_USD - (await readSpent(tx, now));
  const plan = planSamples(await readCandidates(tx, now), await readAsked(tx, now), {
    now,
    budgetUsd,
  });
  const opened: OpenedSample[] = [];
  for (const { errand, trendIds } of plan) {
    const { id } = await openHarvest(tx, context, { purpose: 'sample', errand });
    opened.push({ harvestId: id, trendIds });
  }
  return opened;
}

/** US dollars of the last 24 hours; what is not known yet counts as much as it may become. */
async function readSpent(tx: Tx, now: Date): Promise<number> {
  const { costUsd, maxCostUsd, purpose, createdAt } = trendHarvests;
  const [spent] = await tx
    .select({ usd: sql<number>`coalesce(sum(coalesce(${costUsd}, ${maxCostUsd})), 0)::float8` })
    .from(trendHarvests)
    .where(and(eq(purpose, 'sample'), gt(createdAt, secondsAfter(now, -daySeconds))));
  return spent?.usd ?? 0;
}

async function readCandidates(tx: Tx, now: Date): Promise<Candidate[]> {
  const saved = tx.select({ id: savedTrends.trendId }).from(savedTrends);
  const since = secondsAfter(now, -searchDays * daySeconds);
  const top = tx
    .select({ id: trendResults.trendId })
    .from(trendResults)
    .innerJoin(trendSearches, eq(trendSearches.id, trendResults.searchId))
    .where(and(gt(trendSearches.createdAt, since), lt(trendResults.position, topOfSearch)));
  const { id, platform, url, seenAt } = trends;
  // A look that saw fewer views than are known has seen the video all the same.
  const looked = sql`(select max(look.seen_at) from ${trendSnapshots} look where look.trend_id = trends.id)`;
  return tx
    .select({ id, platform, url, seenAt: sql`greatest(${seenAt}, ${looked})`.mapWith(seenAt) })
    .from(trends)
    .where(or(inArray(id, saved), inArray(id, top)));
}

async function readAsked(tx: Tx, now: Date): Promise<Asked[]> {
  const { request, purpose, createdAt } = trendHarvests;
  const rows = await tx
    .select({ request, at: createdAt })
    .from(trendHarvests)
    .where(and(eq(purpose, 'sample'), gt(createdAt, secondsAfter(now, -askedDays * daySeconds))));
  return rows.flatMap(({ request: asked, at }) => {
    const { addresses } = askedSchema.parse(asked);
    return addresses.map((address) => ({ address, at }));
  });
}

const askedSchema = z.object({ addresses: z.array(z.string()) });

async function follow(context: JobContext, { harvestId, trendIds }: OpenedSample): Promise<void> {
  try {
    await followHarvest(context, harvestId, { signal: context.signal });
  } catch (error) {
    if (!isFault(error)) throw error;
    // Nobody waits for it: the harvest goes on by its own job, or the next hour looks again.
    context.log.info({ err: error, harvestId }, 'trends were not looked at again');
    return;
  }
  await context.database.db.transaction((tx) => askForThumbnails(tx, context, trendIds));
}
