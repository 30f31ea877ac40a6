import { and, eq, exists, isNotNull, ne } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';

import type { Tx } from '../../drizzle/client.ts';
import { shots, videos } from '../../drizzle/schema/videos.ts';
import type { Services } from '../context.ts';
import { defineJob } from '../job.ts';
import { whenThereIsRoom } from './disk-space.ts';
import { videoRemove } from './queue.ts';

/**
 * Removes the files of a deleted video, then forgets their keys: a process that dies in between
 * leaves keys of files that are gone, and the next try removes nothing twice. No lock is held meanwhile.
 */
export const removeVideoFiles = defineJob({
  ...videoRemove,
  attempts: 20,
  backoff: { seconds: 5, maxSeconds: 600 },
  timeoutSeconds: 120,
  run: ({ videoId }, context) => removeFilesOf(context, videoId),
});

/** The same for whoever has to wait for it; a video that is not deleted keeps its files. */
export async function removeFilesOf(
  { database: { db }, ports: { storage } }: Pick<Services, 'database' | 'ports'>,
  videoId: string,
): Promise<void> {
  const keys = await db.transaction((tx) => takeFiles(tx, videoId));
  for (const key of keys) await whenThereIsRoom(() => storage.remove(key));
  if (keys.length === 0) return;
  await db.transaction(async (tx) => {
    await tx.update(videos).set({ fileKey: null, posterKey: null }).where(eq(videos.id, videoId));
    await tx.update(shots).set({ fileKey: null }).where(eq(shots.videoId, videoId));
  });
}

/**
 * The files that are the deleted video's alone. One that a free retry uses as well is left to the other
 * video: of two that are removed at once, the one that comes second takes it along.
 */
async function takeFiles(tx: Tx, videoId: string): Promise<string[]> {
  const [video] = await tx
    .select()
    .from(videos)
    .where(and(eq(videos.id, videoId), isNotNull(videos.deletedAt)));
  if (!video) return [];
  const related = eq(videos.rootId, video.rootId);
  await tx.select({ id: videos.id }).from(videos).where(related).orderBy(videos.id).for('update');
  const other = alias(shots, 'other_shots');
  const users = tx
    .select({ id: other.id })
    .from(other)
    .where(and(eq(other.fileKey, shots.fileKey), ne(other.videoId, videoId)));
  await tx
    .update(shots)
    .set({ fileKey: null })
    .where(and(eq(shots.videoId, videoId), exists(users)));
  const own = await tx
    .select({ fileKey: shots.fileKey })
    .from(shots)
    .where(eq(shots.videoId, videoId));
  const keys = [video.fileKey, video.posterKey, ...own.map(({ fileKey }) => fileKey)];
  return keys.filter((key) => key !== null);
}
