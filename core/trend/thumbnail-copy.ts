import { Readable } from 'node:stream';

import { and, eq, isNull, sql } from 'drizzle-orm';

import { trends } from '../../drizzle/schema/trends.ts';
import type { JobContext } from '../context.ts';
import { isFault } from '../fault.ts';
import { defineJob } from '../job.ts';
import { isWanting, mostTries, thumbnailKeyOf, trendThumbnail } from './thumbnail.ts';

/** Nothing that another try would change. */
class NoPicture extends Error {
  override readonly name = 'NoPicture';
}

/**
 * Copies the picture of a trend into our storage, drawn anew and small. Each try is counted before it is made, and
 * the file is written before the row names it: one that dies in between is made again under the same key.
 */
export const copyThumbnail = defineJob({
  ...trendThumbnail,
  attempts: mostTries,
  backoff: { seconds: 20, maxSeconds: 600 },
  timeoutSeconds: 90,
  concurrency: 2,
  async run({ trendId }, context) {
    const asked = await takeTry(context, trendId);
    if (!asked) return;
    try {
      await copy(context, trendId, asked.url);
    } catch (error) {
      const isRefused = error instanceof NoPicture;
      if (isRefused) await giveUp(context, trendId);
      // A picture that cannot be had is no defect: the platform's own address stays.
      else if (!isFault(error) || asked.tries < mostTries) throw error;
      context.log.info({ err: error, trendId }, 'a picture of a trend was not copied');
    }
  },
});

/** The address to be tried, and the how manyth try this is; null when there is nothing to do any more. */
async function takeTry(
  { database }: JobContext,
  trendId: string,
): Promise<{ readonly url: string; readonly tries: number } | null> {
  const [row] = await database.db
    .update(trends)
    .set({ thumbnailTries: sql`${trends.thumbnailTries} + 1` })
    .where(and(eq(trends.id, trendId), isWanting))
    .returning({ url: trends.thumbnailUrl, tries: trends.thumbnailTries });
  const { url = null, tries = 0 } = row ?? {};
  return url === null ? null : { url, tries };
}

/** @throws NoPicture, or a Fault of the download or the storage. */
async function copy(context: JobContext, trendId: string, url: string): Promise<void> {
  const { thumbnails, storage } = context.ports;
  const fetched = await thumbnails.fetch(url, context.signal);
  if (fetched.kind === 'refused') throw new NoPicture(`refused: ${fetched.problem}`);
  const { data } = fetched.picture;
  const key = thumbnailKeyOf(trendId);
  await storage.write(key, Readable.from([data]), data.length);
  await context.database.db.update(trends).set({ thumbnailKey: key }).where(eq(trends.id, trendId));
}

async function giveUp({ database }: JobContext, trendId: string): Promise<void> {
  await database.db
    .update(trends)
    .set({ thumbnailTries: mostTries })
    .where(and(eq(trends.id, trendId), isNull(trends.thumbnailKey)));
}
