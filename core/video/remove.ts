import { and, eq, isNotNull } from 'drizzle-orm';

import { shots, videos } from '../../drizzle/schema/videos.ts';
import { defineJob } from '../job.ts';
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
    const { db } = context.database;
    const [video] = await db
      .select({ fileKey: videos.fileKey })
      .from(videos)
      .where(and(eq(videos.id, videoId), isNotNull(videos.deletedAt)));
    if (!video) return;
    const clips = await db
      .select({ fileKey: shots.fileKey })
      .from(shots)
      .where(eq(shots.videoId, videoId));
    for (const { fileKey } of [video, ...clips])
      if (fileKey !== null) await context.ports.storage.remove(fileKey);
    await db.transaction(async (tx) => {
      await tx.update(videos).set({ fileKey: null }).where(eq(videos.id, videoId));
      await tx.update(shots).set({ fileKey: null }).where(eq(shots.videoId, videoId));
    });
  },
});
