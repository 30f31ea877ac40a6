import { and, eq, gt, isNotNull, notExists, or } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { savedTrends, trendResults, trends, trendSearches } from '../../drizzle/schema/trends.ts';
import { secondsAfter } from '../clock.ts';
import { defineJob } from '../job.ts';
import { whenThereIsRoom } from '../video/disk-space.ts';
import { thumbnailKeyOf } from './thumbnail.ts';

const keptSeconds = 90 * 86_400;
const batchSize = 100;

/**
 * Removes the copied pictures of trends that nobody keeps and no search of the last 90 days has found: the file,
 * then the key. One that is found again later is copied again.
 */
export const expireThumbnails = defineJob({
  name: 'trend.thumbnail-expire',
  payload: z.object({}),
  attempts: 5,
  backoff: { seconds: 30, maxSeconds: 300 },
  timeoutSeconds: 900,
  cron: '13 4 * * *',
  async run(_payload, context) {
    const { db } = context.database;
    const limit = secondsAfter(context.clock.now(), -keptSeconds);
    let removed = 0;
    let last = '';
    for (;;) {
      const batch = await db
        .select({ id: trends.id })
        .from(trends)
        .where(and(hasTried, isUnneeded(db, limit), gt(trends.id, last)))
        .orderBy(trends.id)
        .limit(batchSize);
      for (const { id } of batch) {
        context.signal.throwIfAborted();
        await whenThereIsRoom(() => context.ports.storage.remove(thumbnailKeyOf(id)));
        await db
          .update(trends)
          .set({ thumbnailKey: null, thumbnailTries: 0 })
          .where(eq(trends.id, id));
        removed += 1;
        last = id;
      }
      if (batch.length < batchSize) break;
    }
    if (removed > 0) context.log.info({ removed }, 'pictures of old trends were removed');
  },
});

/** A try that died may have left a file that no row names. */
const hasTried = or(isNotNull(trends.thumbnailKey), gt(trends.thumbnailTries, 0));

const isUnneeded = (tx: Pick<Tx, 'select'>, limit: Date) =>
  and(
    notExists(
      tx
        .select({ id: savedTrends.trendId })
        .from(savedTrends)
        .where(eq(savedTrends.trendId, trends.id)),
    ),
    notExists(
      tx
        .select({ id: trendResults.trendId })
        .from(trendResults)
        .innerJoin(trendSearches, eq(trendSearches.id, trendResults.searchId))
        .where(and(eq(trendResults.trendId, trends.id), gt(trendSearches.createdAt, limit))),
    ),
  );
