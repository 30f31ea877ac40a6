import { asc, desc, eq, isNotNull, max } from 'drizzle-orm';
import { z } from 'zod';

import { savedTrends, trendResults, trendSearches } from '../../drizzle/schema/trends.ts';
import type { Context } from '../context.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { inScope } from '../scope.ts';
import { trendViewSchema } from './view.ts';

export const trendList = defineOperation({
  name: 'trend_list',
  summary: {
    en: 'List the trends you saved, or found lately, newest first.',
    zh: '列出收藏或最近找到的爆款，最新在前。',
  },
  guidance: 'For what was found before; trend_search finds new ones.',
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({
    saved: z.boolean().default(true).describe('Only saved ones'),
    limit: z.int().min(1).max(25).default(10).describe('How many trends, newest first'),
  }),
  output: z.object({
    saved: z.boolean().describe('Whether these are saved ones only'),
    trends: z.array(trendViewSchema.extend({ saved: z.boolean() })),
  }),
  async run({ saved, limit }, context) {
    const rows = await readLatest(context, saved, limit);
    const trends = rows.map(({ score, savedAt }) => ({
      ...trendViewSchema.parse(score),
      saved: savedAt !== null,
    }));
    return { saved, trends };
  },
  say: ({ saved, trends }, locale) =>
    catalogue(locale).say.trend_list({ saved, count: trends.length }),
});

/** Each trend once, as the latest search found it. */
function readLatest(context: Context, onlySaved: boolean, limit: number) {
  const { db } = context.database;
  const found = db
    .selectDistinctOn([trendResults.trendId], {
      trendId: trendResults.trendId,
      score: trendResults.score,
      position: trendResults.position,
      foundAt: trendSearches.createdAt,
    })
    .from(trendResults)
    .innerJoin(trendSearches, eq(trendSearches.id, trendResults.searchId))
    .where(inScope(context.actor, trendSearches))
    .orderBy(trendResults.trendId, desc(trendSearches.createdAt), desc(trendSearches.id))
    .as('found');
  const kept = db
    .select({ trendId: savedTrends.trendId, savedAt: max(savedTrends.createdAt).as('saved_at') })
    .from(savedTrends)
    .where(inScope(context.actor, savedTrends))
    .groupBy(savedTrends.trendId)
    .as('kept');
  return db
    .select({ score: found.score, savedAt: kept.savedAt })
    .from(found)
    .leftJoin(kept, eq(kept.trendId, found.trendId))
    .where(onlySaved ? isNotNull(kept.savedAt) : undefined)
    .orderBy(
      desc(onlySaved ? kept.savedAt : found.foundAt),
      asc(found.position),
      asc(found.trendId),
    )
    .limit(limit);
}
