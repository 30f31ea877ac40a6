import { and, desc, eq, isNull } from 'drizzle-orm';

import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import type { Context, Services } from '../context.ts';
import { isFault } from '../fault.ts';
import { inScope } from '../scope.ts';
import { readLines, type VideoLine } from './lines.ts';
import { ensurePoster } from './poster.ts';
import { readVideo } from './show.ts';

/** Publications of one video are few; older ones than these are not shown. */
const mostPublications = 10;

/** The account that a video belongs to; null for none, and for a deleted one. */
export async function readOwner({ database }: Services, id: string): Promise<string | null> {
  const [video] = await database.db
    .select({ accountId: videos.accountId })
    .from(videos)
    .where(and(eq(videos.id, id), isNull(videos.deletedAt)));
  return video?.accountId ?? null;
}

/** What the page of a video shows beside what `video_show` answers. */
export type VideoPageFacts = {
  /** Quota units that it was begun for. */
  readonly units: number;
  /** Ids, newest first. */
  readonly publications: readonly string[];
  readonly lines: readonly VideoLine[];
};

/** Makes a still where there is none yet, so that the player has one. @throws Fault `not_found`. */
export async function readVideoPage(context: Context, id: string): Promise<VideoPageFacts> {
  const { db } = context.database;
  const video = await readVideo(context, id);
  if (video.status === 'ready') await tryPoster(context, video);
  const rows = await db
    .select({ id: publications.id })
    .from(publications)
    .where(and(eq(publications.videoId, id), inScope(context.actor, publications)))
    .orderBy(desc(publications.createdAt), desc(publications.id))
    .limit(mostPublications);
  return {
    units: video.quota,
    publications: rows.map((row) => row.id),
    lines: await readLines(db, video),
  };
}

/** A film whose frames cannot be decoded is shown without a still. */
async function tryPoster(context: Context, video: Parameters<typeof ensurePoster>[1]) {
  try {
    await ensurePoster(context, video);
  } catch (error) {
    if (!isFault(error)) throw error;
    context.log.warn({ err: error, videoId: video.id }, 'no still could be made');
  }
}
