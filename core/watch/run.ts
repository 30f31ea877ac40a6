import { and, asc, eq, lte } from 'drizzle-orm';

import { watches } from '../../drizzle/schema/trends.ts';
import { secondsAfter } from '../clock.ts';
import type { JobContext } from '../context.ts';
import { defineJob } from '../job.ts';
import { watchLook, watchRun } from './queue.ts';
import type { WatchRow } from './row.ts';

const batchSize = 100;

/**
 * Asks for one look for each watch whose time has come, in the commit that sets its next time: of two
 * workers at once one asks, and what was asked for is not lost.
 */
export const runWatches = defineJob({
  ...watchRun,
  attempts: 2,
  backoff: { seconds: 30, maxSeconds: 30 },
  timeoutSeconds: 240,
  cron: '*/5 * * * *',
  async run(_payload, context) {
    // Their time stands still until there is somebody to ask.
    if (!context.ports.trendSource) return;
    const now = context.clock.now();
    for (;;) {
      const due = await context.database.db
        .select({ id: watches.id, everyHours: watches.everyHours })
        .from(watches)
        .where(isDue(now))
        .orderBy(asc(watches.nextAt), asc(watches.id))
        .limit(batchSize);
      for (const watch of due) {
        context.signal.throwIfAborted();
        await askForLook(context, watch, now);
      }
      if (due.length < batchSize) return;
    }
  },
});

const isDue = (now: Date) => and(eq(watches.status, 'active'), lte(watches.nextAt, now));

async function askForLook(
  { database, queue }: JobContext,
  { id, everyHours }: Pick<WatchRow, 'id' | 'everyHours'>,
  now: Date,
): Promise<void> {
  await database.db.transaction(async (tx) => {
    const [mine] = await tx
      .update(watches)
      .set({ nextAt: secondsAfter(now, everyHours * 3600) })
      .where(and(eq(watches.id, id), isDue(now)))
      .returning({ id: watches.id });
    if (mine) await queue.enqueue(tx, watchLook, { watchId: id, at: now.toISOString() });
  });
}
