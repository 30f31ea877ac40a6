import { and, desc, isNull } from 'drizzle-orm';
import { z } from 'zod';

import { videos } from '../../drizzle/schema/videos.ts';
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
  }),
  output: z.object({
    videos: z.array(
      z.object({
        video: z.string(),
        status: z.string(),
        prompt: z.string(),
        seconds: z.int(),
        created_at: z.iso.datetime(),
      }),
    ),
  }),
  async run({ limit }, context) {
    const rows = await context.database.db
      .select()
      .from(videos)
      .where(and(inScope(context.actor, videos), isNull(videos.deletedAt)))
      .orderBy(desc(videos.createdAt), desc(videos.id))
      .limit(limit);
    return {
      videos: rows.map(({ id, status, prompt, seconds, createdAt }) => ({
        video: id,
        status,
        prompt,
        seconds,
        created_at: createdAt.toISOString(),
      })),
    };
  },
  say: (output, locale) => catalogue(locale).say.video_list({ count: output.videos.length }),
});
