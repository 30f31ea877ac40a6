import { and, desc, isNull, notInArray } from 'drizzle-orm';

import { videos } from '../../drizzle/schema/videos.ts';
import type { Context } from '../context.ts';
import { inScope } from '../scope.ts';

/** How many of the last videos a new one is compared with. */
const most = 20;

/** The prompts of the account's last videos in this place, newest first; what was never made is left out. */
export const readRecentVideos = (
  context: Context,
): Promise<{ readonly id: string; readonly prompt: string }[]> =>
  context.database.db
    .select({ id: videos.id, prompt: videos.prompt })
    .from(videos)
    .where(
      and(
        inScope(context.actor, videos),
        isNull(videos.deletedAt),
        notInArray(videos.status, ['failed', 'cancelled']),
      ),
    )
    .orderBy(desc(videos.createdAt), desc(videos.id))
    .limit(most);
