import { basename, extname } from 'node:path';

import { eq } from 'drizzle-orm';

import { videos } from '../../drizzle/schema/videos.ts';
import type { Services } from '../context.ts';

const longest = 60;

/** The name that a person finds a stored file by: the words that its video was made from, or its own. */
export async function fileNameOf(services: Services, key: string): Promise<string> {
  const extension = extname(key);
  const [video] = await services.database.db
    .select({ prompt: videos.prompt })
    .from(videos)
    .where(eq(videos.id, basename(key, extension)));
  const words = (video?.prompt ?? '').normalize('NFKC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const name = Array.from(words.join(' ')).slice(0, longest).join('').trim();
  return name ? `${name}${extension}` : basename(key);
}
