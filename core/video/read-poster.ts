import { buffer } from 'node:stream/consumers';

import { and, eq, isNull } from 'drizzle-orm';

import { videos } from '../../drizzle/schema/videos.ts';
import type { Context } from '../context.ts';
import { inScope } from '../scope.ts';
import { maxPosterBytes } from './poster.ts';

/** The still of a video of the person as JPEG; null for a video that has none, or is not theirs. */
export async function readPoster(context: Context, id: string): Promise<Buffer | null> {
  const [video] = await context.database.db
    .select({ posterKey: videos.posterKey })
    .from(videos)
    .where(and(eq(videos.id, id), inScope(context.actor, videos), isNull(videos.deletedAt)));
  const key = video?.posterKey ?? null;
  if (key === null) return null;
  const { storage } = context.ports;
  const facts = await storage.stat(key);
  if (!facts || facts.bytes === 0 || facts.bytes > maxPosterBytes) return null;
  return buffer(storage.read(key, 0, facts.bytes - 1));
}
