import { and, asc, eq } from 'drizzle-orm';

import type { Db } from '../../drizzle/client.ts';
import { shots, type videos } from '../../drizzle/schema/videos.ts';

/** A line of a video, shown or spoken; seconds from its beginning. */
export type VideoLine = { readonly from: number; readonly to: number; readonly text: string };

/** The lines that go with a video, in order; none for one that was made without. */
export async function readLines(
  db: Db,
  video: Pick<typeof videos.$inferSelect, 'id'>,
): Promise<VideoLine[]> {
  const parts = await db
    .select()
    .from(shots)
    .where(and(eq(shots.videoId, video.id)))
    .orderBy(asc(shots.position));
  const lines: VideoLine[] = [];
  let from = 0;
  for (const clip of parts.filter(({ kind }) => kind === 'clip')) {
    const to = from + (clip.keepSeconds ?? clip.clipSeconds);
    const spoken = parts.find(
      ({ kind, position }) => kind === 'voice' && position === clip.position,
    );
    const text = clip.caption ?? spoken?.prompt ?? null;
    if (text !== null) lines.push({ from, to, text });
    from = to;
  }
  return lines;
}
