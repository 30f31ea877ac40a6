import { and, eq, inArray } from 'drizzle-orm';

import { trendHarvests } from '../../drizzle/schema/trends.ts';
import { defineJob } from '../job.ts';
import { followHarvest } from './harvest-work.ts';
import { isOver, readHarvest } from './harvest.ts';
import { trendHarvest } from './queue.ts';

/** Looked a little after the lease has ended. */
const slackSeconds = 5;

/**
 * Goes on with a harvest whose process is gone; while somebody works on it, it is looked again when their
 * lease ends.
 */
export const goOnHarvesting = defineJob({
  ...trendHarvest,
  attempts: 6,
  backoff: { seconds: 30, maxSeconds: 600 },
  // Longer than a run may last.
  timeoutSeconds: 1200,
  concurrency: 4,
  async run({ harvestId }, context) {
    const row = await readHarvest(context, harvestId);
    if (isOver(row)) return;
    const wait = (row.leasedUntil.getTime() - context.clock.now().getTime()) / 1000;
    if (wait <= 0) {
      await followHarvest(context, harvestId, { signal: context.signal });
      return;
    }
    const options = { delaySeconds: wait + slackSeconds };
    await context.database.db.transaction((tx) =>
      context.queue.enqueue(tx, trendHarvest, { harvestId }, options),
    );
  },
  async exhausted({ harvestId }, { database, clock }) {
    await database.db
      .update(trendHarvests)
      .set({ status: 'failed', fault: { code: 'provider_failed' }, endedAt: clock.now() })
      .where(
        and(eq(trendHarvests.id, harvestId), inArray(trendHarvests.status, ['waiting', 'running'])),
      );
  },
});
