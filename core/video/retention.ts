import { and, eq, inArray, max, sql, type SQL } from 'drizzle-orm';

import { events, videos } from '../../drizzle/schema/videos.ts';
import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import { isRunning, type VideoRow } from './row.ts';

const secondsADay = 24 * 60 * 60;

/** Videos that ended at this moment or before are deleted; null while they are kept for good. */
export function expiryLimit({ config, clock }: Services): Date | null {
  const days = config.VIDEO_RETENTION_DAYS;
  return days === undefined ? null : secondsAfter(clock.now(), -days * secondsADay);
}

/** Whether a video that is over ended at `limit` or before, as a condition on videos. */
export const endedBy = (limit: Date): SQL => sql`coalesce(
  ${videos.readyAt},
  (select max(${events.at}) from ${events}
    where ${events.subjectId} = ${videos.id} and ${events.kind} in ('failed', 'cancelled')),
  ${videos.createdAt}
) <= ${sql.param(limit, videos.createdAt)}`;

/** When a video will be deleted; null for a running one, and while videos are kept for good. */
export async function readKeptUntil(services: Services, video: VideoRow): Promise<Date | null> {
  const days = services.config.VIDEO_RETENTION_DAYS;
  if (days === undefined || isRunning(video)) return null;
  const [end] = await services.database.db
    .select({ at: max(events.at) })
    .from(events)
    .where(and(eq(events.subjectId, video.id), inArray(events.kind, ['failed', 'cancelled'])));
  const endedAt = video.readyAt ?? end?.at ?? video.createdAt;
  return secondsAfter(endedAt, days * secondsADay);
}
