import { and, eq, gt, isNull, lte, notExists, notInArray } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import type { JobContext } from '../context.ts';
import { defineJob } from '../job.ts';
import { dropVideo } from './delete.ts';
import { videoExpire } from './queue.ts';
import { endedBy, expiryLimit } from './retention.ts';

const batchSize = 100;

/**
 * Deletes videos that ended longer ago than they are to be kept, one commit each. What still runs or is
 * being uploaded stays for a later hour; two workers at once delete each video once.
 */
export const expireVideos = defineJob({
  ...videoExpire,
  attempts: 3,
  backoff: { seconds: 30, maxSeconds: 300 },
  timeoutSeconds: 900,
  cron: '17 * * * *',
  async run(_payload, context) {
    const limit = expiryLimit(context);
    if (!limit) return;
    const { db } = context.database;
    let deleted = 0;
    let last = '';
    for (;;) {
      const batch = await db
        .select({ id: videos.id })
        .from(videos)
        .where(and(isExpired(db, limit), gt(videos.id, last)))
        .orderBy(videos.id)
        .limit(batchSize);
      for (const { id } of batch) {
        context.signal.throwIfAborted();
        if (await expire(context, id, limit)) deleted += 1;
        last = id;
      }
      if (batch.length < batchSize) break;
    }
    if (deleted > 0) context.log.info({ deleted }, 'videos were deleted at the end of their time');
  },
});

const isExpired = (tx: Pick<Tx, 'select'>, limit: Date) =>
  and(
    isNull(videos.deletedAt),
    notInArray(videos.status, ['queued', 'generating', 'assembling']),
    // Nothing ends before it begins, and this much an index could tell.
    lte(videos.createdAt, limit),
    endedBy(limit),
    notExists(
      tx
        .select({ id: publications.id })
        .from(publications)
        .where(and(eq(publications.videoId, videos.id), eq(publications.status, 'uploading'))),
    ),
  );

/** Whether it was deleted here. A row that somebody else works on is left for the next time. */
async function expire(context: JobContext, id: string, limit: Date): Promise<boolean> {
  return context.database.db.transaction(async (tx) => {
    const locked = await tx
      .select({ id: videos.id })
      .from(videos)
      .where(eq(videos.id, id))
      .for('update', { skipLocked: true });
    if (locked.length === 0) return false;
    // Looked at once more under the lock: an upload may have begun since.
    const [video] = await tx
      .select({ id: videos.id })
      .from(videos)
      .where(and(eq(videos.id, id), isExpired(tx, limit)));
    if (!video) return false;
    await dropVideo(tx, context, id, 'expired');
    return true;
  });
}
