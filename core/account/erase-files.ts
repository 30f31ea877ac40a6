import { and, asc, eq, exists, gt, isNotNull, or } from 'drizzle-orm';

import { pictures } from '../../drizzle/schema/pictures.ts';
import { shots, videos } from '../../drizzle/schema/videos.ts';
import type { JobContext } from '../context.ts';
import { whenThereIsRoom } from '../video/disk-space.ts';
import { removeFilesOf } from '../video/remove.ts';

const pageRows = 100;

/** Removes every stored file of a deleted account; its rows forget them as they go. */
export async function removeFiles(context: JobContext, accountId: string): Promise<void> {
  await removeVideos(context, accountId);
  await removePictures(context, accountId);
}

/** Film, poster and clips of each video. */
async function removeVideos(context: JobContext, accountId: string): Promise<void> {
  const { db } = context.database;
  const clips = db
    .select({ id: shots.id })
    .from(shots)
    .where(and(eq(shots.videoId, videos.id), isNotNull(shots.fileKey)));
  const hasFiles = or(isNotNull(videos.fileKey), isNotNull(videos.posterKey), exists(clips));
  for (let last = ''; ;) {
    const page = await db
      .select({ id: videos.id })
      .from(videos)
      .where(and(eq(videos.accountId, accountId), gt(videos.id, last), hasFiles))
      .orderBy(asc(videos.id))
      .limit(pageRows);
    for (const { id } of page) {
      context.signal.throwIfAborted();
      await removeFilesOf(context, id);
      last = id;
    }
    if (page.length < pageRows) return;
  }
}

/** The rows go with the publications that name them. */
async function removePictures(context: JobContext, accountId: string): Promise<void> {
  const { db } = context.database;
  for (let last = ''; ;) {
    const page = await db
      .select({ id: pictures.id, fileKey: pictures.fileKey })
      .from(pictures)
      .where(and(eq(pictures.accountId, accountId), gt(pictures.id, last)))
      .orderBy(asc(pictures.id))
      .limit(pageRows);
    for (const { id, fileKey } of page) {
      context.signal.throwIfAborted();
      await whenThereIsRoom(() => context.ports.storage.remove(fileKey));
      last = id;
    }
    if (page.length < pageRows) return;
  }
}
