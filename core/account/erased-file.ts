import { and, eq } from 'drizzle-orm';

import { pictures } from '../../drizzle/schema/pictures.ts';
import { shotAttempts, shots, videos } from '../../drizzle/schema/videos.ts';
import type { Services } from '../context.ts';
import { ofDeletedAccount } from './deleted.ts';

/** Folder and name of a stored file; what is shared by everybody is in other folders. */
const keyShape = /^(?<folder>videos|posters|pictures|shots)\/(?<id>[\w-]+)\./u;

/** Whether a stored file was that of an account which is deleted, whose files are just being removed. */
export async function isErasedFile({ database }: Services, key: string): Promise<boolean> {
  const { folder, id } = keyShape.exec(key)?.groups ?? {};
  if (folder === undefined || id === undefined) return false;
  const { db } = database;
  if (folder === 'pictures') {
    const gone = and(eq(pictures.id, id), ofDeletedAccount(pictures.accountId));
    return (await db.select({ id: pictures.id }).from(pictures).where(gone)).length > 0;
  }
  const ofVideo = ofDeletedAccount(videos.accountId);
  if (folder !== 'shots') {
    const gone = and(eq(videos.id, id), ofVideo);
    return (await db.select({ id: videos.id }).from(videos).where(gone)).length > 0;
  }
  const found = await db
    .select({ id: shotAttempts.id })
    .from(shotAttempts)
    .innerJoin(shots, eq(shots.id, shotAttempts.shotId))
    .innerJoin(videos, eq(videos.id, shots.videoId))
    .where(and(eq(shotAttempts.id, id), ofVideo));
  return found.length > 0;
}
