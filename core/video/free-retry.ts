import { eq } from 'drizzle-orm';

import { compensations } from '../../drizzle/schema/quota.ts';
import type { Services } from '../context.ts';
import type { VideoRow } from './row.ts';

/** Whether the one free retry of a video that timed out is still open. */
export async function hasFreeRetry(
  { database }: Pick<Services, 'database'>,
  video: VideoRow,
): Promise<boolean> {
  if (video.status !== 'failed' || video.failure !== 'timed_out') return false;
  const [found] = await database.db
    .select({ status: compensations.status })
    .from(compensations)
    .where(eq(compensations.rootVideoId, video.rootId));
  return found?.status === 'retry_open';
}
