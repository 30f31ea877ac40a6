import { createReadStream } from 'node:fs';

import { and, eq, isNull } from 'drizzle-orm';

import { videos } from '../../drizzle/schema/videos.ts';
import type { Services } from '../context.ts';
import { Fault } from '../fault.ts';
import type { VideoRow } from './row.ts';

export const maxPosterBytes = 2_000_000;

/**
 * The storage key of a still of the video, made when there is none yet. Two that make it at once
 * write the same file, and one that is made while its video is deleted goes with it.
 * @throws Fault `not_found` when the video has no file (any more), `provider_failed` when no frame of
 * it can be decoded.
 */
export async function ensurePoster(
  services: Services,
  video: Pick<VideoRow, 'id' | 'fileKey' | 'posterKey'>,
): Promise<string> {
  const { id, fileKey, posterKey } = video;
  if (posterKey !== null) return posterKey;
  if (fileKey === null) throw gone(id);
  const { storage, mediaTools } = services.ports;
  const key = `posters/${id}.jpg`;
  await using draft = await storage.scratch('jpg');
  await using file = await storage.local(fileKey);
  await mediaTools.poster(file.path, draft.path);
  await storage.write(key, createReadStream(draft.path), maxPosterBytes);
  const kept = await services.database.db
    .update(videos)
    .set({ posterKey: key })
    .where(and(eq(videos.id, id), isNull(videos.deletedAt)))
    .returning({ id: videos.id });
  if (kept.length > 0) return key;
  await storage.remove(key);
  throw gone(id);
}

const gone = (id: string): Fault => new Fault('not_found', { what: 'video', id });
