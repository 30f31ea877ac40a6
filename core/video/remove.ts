import { and, eq, isNotNull, ne, notExists } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';

import type { Tx } from '../../drizzle/client.ts';
import { shots, videos } from '../../drizzle/schema/videos.ts';
import { defineJob } from '../job.ts';
import { whenThereIsRoom } from './disk-space.ts';
import { videoRemove } from './queue.ts';

/**
 * Removes the files of a deleted video, then forgets their keys: a process that dies in between
 * leaves keys of files that are gone, and the next try removes nothing twice.
 */
export const removeVideoFiles = defineJob({
  ...videoRemove,
  attempts: 20,
  backoff: { seconds: 5, maxSeconds: 600 },
  timeoutSeconds: 120,
  async run({ videoId }, context) {
    await context.database.db.transaction(async (tx) => {
      const video = await lockRelated(tx, videoId);
      if (!video) return;
      const keys = [video.fileKey, video.posterKey, ...(await readOwnClips(tx, videoId))];
      for (const key of keys.filter((each) => each !== null))
        await whenThereIsRoom(() => context.ports.storage.remove(key));
      await tx.update(videos).set({ fileKey: null, posterKey: null }).where(eq(videos.id, videoId));
      await tx.update(shots).set({ fileKey: null }).where(eq(shots.videoId, videoId));
    });
  },
});

/** The deleted video; a video and its free retry, which share files, are removed one after the other. */
async function lockRelated(tx: Tx, videoId: string) {
  const [video] = await tx
    .select()
    .from(videos)
    .where(and(eq(videos.id, videoId), isNotNull(videos.deletedAt)));
  if (video)
    await tx
      .select({ id: videos.id })
      .from(videos)
      .where(eq(videos.rootId, video.rootId))
      .orderBy(videos.id)
      .for('update');
  return video;
}

/** Files of its shots that no other video uses: of two that share one, the last takes it along. */
async function readOwnClips(tx: Tx, videoId: string): Promise<(string | null)[]> {
  const other = alias(shots, 'other_shots');
  const shared = tx
    .select({ id: other.id })
    .from(other)
    .where(and(eq(other.fileKey, shots.fileKey), ne(other.videoId, videoId)));
  const clips = await tx
    .select({ fileKey: shots.fileKey })
    .from(shots)
    .where(and(eq(shots.videoId, videoId), notExists(shared)));
  return clips.map(({ fileKey }) => fileKey);
}
