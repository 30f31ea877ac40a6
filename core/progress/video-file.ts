import { eq } from 'drizzle-orm';

import { videos } from '../../drizzle/schema/videos.ts';
import type { Services } from '../context.ts';
import type { LocalFile } from '../ports/storage.ts';

/** The finished file of a video on the local disk; null when there is none or it is over `maxBytes`. */
export async function findVideoFile(
  services: Services,
  videoId: string,
  maxBytes: number,
): Promise<LocalFile | null> {
  const [video] = await services.database.db
    .select({ fileKey: videos.fileKey, bytes: videos.bytes })
    .from(videos)
    .where(eq(videos.id, videoId));
  if (!video?.fileKey || video.bytes === null || video.bytes > maxBytes) return null;
  const { storage } = services.ports;
  return (await storage.stat(video.fileKey)) ? storage.local(video.fileKey) : null;
}
