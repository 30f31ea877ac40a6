import { and, desc, eq, isNull, lt, or, type SQL } from 'drizzle-orm';
import { z } from 'zod';

import { videos } from '../../drizzle/schema/videos.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { mediaLink } from '../media-link.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { inScope } from '../scope.ts';

export const videoList = defineOperation({
  name: 'video_list',
  summary: { en: 'List your videos, newest first.', zh: '列出我的视频，最新在前。' },
  effect: 'read',
  audience: 'chat',
  needs: [],
  input: z.object({
    limit: z.int().min(1).max(50).default(10).describe('How many videos, newest first'),
    before: z.string().min(1).optional().describe('Only videos made before this one'),
  }),
  output: z.object({
    videos: z.array(
      z.object({
        video: z.string(),
        status: z.string(),
        prompt: z.string(),
        seconds: z.int(),
        created_at: z.iso.datetime(),
        poster_url: z.string().nullable().default(null).describe('Signed address of a still'),
      }),
    ),
    older: z
      .string()
      .nullable()
      .default(null)
      .describe('Give it as before to read on; null: that is all'),
  }),
  async run({ limit, before }, context) {
    const rows = await context.database.db
      .select()
      .from(videos)
      .where(
        and(
          inScope(context.actor, videos),
          isNull(videos.deletedAt),
          before === undefined ? undefined : await madeBefore(context, before),
        ),
      )
      .orderBy(desc(videos.createdAt), desc(videos.id))
      .limit(limit + 1);
    const shown = rows.slice(0, limit);
    return {
      videos: shown.map(({ id, status, prompt, seconds, createdAt, posterKey }) => ({
        video: id,
        status,
        prompt,
        seconds,
        created_at: createdAt.toISOString(),
        poster_url: posterKey === null ? null : mediaLink(context, posterKey),
      })),
      older: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    };
  },
  say: (output, locale) => catalogue(locale).say.video_list({ count: output.videos.length }),
});

/**
 * Matches what was made before a video of the person, which may have been deleted meanwhile.
 * @throws Fault `not_found`.
 */
async function madeBefore(context: Context, id: string): Promise<SQL | undefined> {
  const [from] = await context.database.db
    .select({ createdAt: videos.createdAt })
    .from(videos)
    .where(and(eq(videos.id, id), inScope(context.actor, videos)));
  if (!from) throw new Fault('not_found', { what: 'video', id }, { field: 'before' });
  const { createdAt } = from;
  return or(
    lt(videos.createdAt, createdAt),
    and(eq(videos.createdAt, createdAt), lt(videos.id, id)),
  );
}
