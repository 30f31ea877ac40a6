import { and, desc, isNull } from 'drizzle-orm';

import { videos } from '../../drizzle/schema/videos.ts';
import type { Context } from '../context.ts';
import { countedInAll, matching, type Found, type Lookup } from '../lookup.ts';
import { inScope } from '../scope.ts';
import type { VideoRow } from './row.ts';

/** Videos of the person whose prompt fits, best and newest first; deleted ones are none. */
export async function findVideos(
  context: Context,
  lookup: Lookup,
): Promise<Found<{ readonly row: VideoRow; readonly hits: number }>> {
  const { fits, hits } = matching(lookup, videos.id, [videos.prompt]);
  const found = await context.database.db
    .select({ row: videos, hits, total: countedInAll })
    .from(videos)
    .where(and(inScope(context.actor, videos), isNull(videos.deletedAt), fits))
    .orderBy(desc(hits), desc(videos.createdAt), desc(videos.id))
    .limit(lookup.limit);
  return { rows: found, total: found[0]?.total ?? 0 };
}
