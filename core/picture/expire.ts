import { and, eq, gt, lte, ne, notExists, or } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { pictures } from '../../drizzle/schema/pictures.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { secondsAfter } from '../clock.ts';
import type { JobContext } from '../context.ts';
import { defineJob } from '../job.ts';
import { whenThereIsRoom } from '../video/disk-space.ts';
import { pictureExpire } from './queue.ts';
import { dropPictures, isDropped, isSpare } from './row.ts';

const keptSeconds = 7 * 86_400;
const batchSize = 100;

/**
 * Removes pictures that were kept for a week, or dropped for newer ones: the file, then the row, so that
 * no file is ever without a row. One that a publication waits for stays until that has its thumbnail.
 */
export const expirePictures = defineJob({
  ...pictureExpire,
  attempts: 5,
  backoff: { seconds: 30, maxSeconds: 300 },
  timeoutSeconds: 900,
  cron: '43 3 * * *',
  async run({ accountId }, context) {
    const { db } = context.database;
    const limit = secondsAfter(context.clock.now(), -keptSeconds);
    const isChosen = accountId === undefined ? undefined : eq(pictures.accountId, accountId);
    let removed = 0;
    let last = '';
    for (;;) {
      const batch = await db
        .select({ id: pictures.id, fileKey: pictures.fileKey })
        .from(pictures)
        .where(and(isOver(db, limit), isChosen, gt(pictures.id, last)))
        .orderBy(pictures.id)
        .limit(batchSize);
      for (const picture of batch) {
        context.signal.throwIfAborted();
        if (await remove(context, picture, limit)) removed += 1;
        last = picture.id;
      }
      if (batch.length < batchSize) break;
    }
    if (removed > 0)
      context.log.info({ removed }, 'pictures were removed at the end of their time');
  },
});

const isOver = (tx: Pick<Tx, 'select'>, limit: Date) =>
  and(or(isDropped, lte(pictures.createdAt, limit)), isSpare(tx));

/** Whether it was removed here. A process that dies in between leaves a dropped row for the next time. */
async function remove(
  context: JobContext,
  { id, fileKey }: { readonly id: string; readonly fileKey: string },
  limit: Date,
): Promise<boolean> {
  const { db } = context.database;
  const dropped = await db.transaction((tx) => dropPictures(tx, [id], isOver(tx, limit)));
  if (dropped.length === 0) return false;
  await whenThereIsRoom(() => context.ports.storage.remove(fileKey));
  return db.transaction((tx) => forget(tx, id));
}

/** Removes the row, and what publications that have their thumbnail still know of it. */
async function forget(tx: Tx, id: string): Promise<boolean> {
  await tx.select({ id: pictures.id }).from(pictures).where(eq(pictures.id, id)).for('update');
  const users = eq(publications.pictureId, id);
  const isSettled = and(users, ne(publications.thumbnailStatus, 'waiting'));
  await tx.update(publications).set({ pictureId: null }).where(isSettled);
  const unused = notExists(tx.select({ id: publications.id }).from(publications).where(users));
  const removed = await tx
    .delete(pictures)
    .where(and(eq(pictures.id, id), unused))
    .returning({ id: pictures.id });
  return removed.length > 0;
}
