import { eq } from 'drizzle-orm';

import { videos } from '../../drizzle/schema/videos.ts';
import type { Services } from '../context.ts';

/** The finished file of a video on this machine, or null when it is not here. */
export async function findVideoFile(
  services: Services,
  videoId: string,
): Promise<{ readonly path: string; readonly bytes: number } | null> {
  const [video] = await services.database.db
    .select({ fileKey: videos.fileKey, bytes: videos.bytes })
    .from(videos)
    .where(eq(videos.id, videoId));
  if (!video?.fileKey || video.bytes === null) return null;
  const { storage } = services.ports;
  if (!(await storage.has(video.fileKey))) return null;
  return { path: storage.path(video.fileKey), bytes: video.bytes };
}
