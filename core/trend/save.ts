import { and, eq } from 'drizzle-orm';
import { z } from 'zod';

import { savedTrends } from '../../drizzle/schema/trends.ts';
import type { Context } from '../context.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { inScope } from '../scope.ts';
import { findTrend } from './find.ts';
import { askForThumbnails } from './thumbnail.ts';

export const trendSave = defineOperation({
  name: 'trend_save',
  summary: { en: 'Save a trend for later, or drop it again.', zh: '收藏爆款，或取消收藏。' },
  guidance: 'trend_list shows what is saved.',
  effect: 'write',
  audience: 'chat',
  needs: [],
  input: z.object({
    trend: z.string().min(1).describe('Id from trend_search'),
    saved: z.boolean().default(true).describe('False drops it from what is saved'),
  }),
  output: z.object({ trend: z.string(), title: z.string(), saved: z.boolean() }),
  async run({ trend, saved }, context) {
    const { view, serverId } = await findTrend(context, trend);
    const { accountId } = context.actor;
    const { db } = context.database;
    if (saved)
      // It is kept where it was found: what is saved on a screen of one's own stays out of other servers.
      await db.transaction(async (tx) => {
        await tx
          .insert(savedTrends)
          .values({ accountId, trendId: trend, serverId, createdAt: context.clock.now() })
          .onConflictDoNothing();
        await askForThumbnails(tx, context, [trend]);
      });
    else
      await db
        .delete(savedTrends)
        .where(and(eq(savedTrends.trendId, trend), inScope(context.actor, savedTrends)));
    return { trend, title: view.title, saved };
  },
  say: ({ title, saved }, locale) => catalogue(locale).say.trend_save({ title, saved }),
});

/** Whether the account keeps the trend in this place. */
export async function isSaved(context: Context, trend: string): Promise<boolean> {
  const [kept] = await context.database.db
    .select({ trendId: savedTrends.trendId })
    .from(savedTrends)
    .where(and(eq(savedTrends.trendId, trend), inScope(context.actor, savedTrends)))
    .limit(1);
  return kept !== undefined;
}
