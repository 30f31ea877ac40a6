import { and, asc, count, desc, eq, isNotNull, max, ne } from 'drizzle-orm';
import { z } from 'zod';

import { savedTrends, trendResults, trendSearches } from '../../drizzle/schema/trends.ts';
import type { Context } from '../context.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { inScope } from '../scope.ts';
import { readSearch } from './read-search.ts';
import { showThumbnails } from './thumbnail.ts';
import { trendViewSchema } from './view.ts';

export const trendList = defineOperation({
  name: 'trend_list',
  summary: {
    en: 'List the trends you saved, or found lately, newest first.',
    zh: '列出收藏或最近找到的爆款，最新在前。',
  },
  guidance:
    'For what was found before, at no cost: saved trends, or with search the ones of an earlier search; trend_search finds new ones.',
  effect: 'read',
  audience: 'chat',
  needs: [],
  input: z.object({
    saved: z.boolean().default(true).describe('Only saved ones'),
    search: z
      .string()
      .min(1)
      .optional()
      .describe('Id of an earlier search: its trends as they were ranked'),
    limit: z.int().min(1).max(25).default(10).describe('How many trends, newest first'),
  }),
  output: z.object({
    saved: z.boolean().describe('Whether these are saved ones only'),
    trends: z.array(trendViewSchema.extend({ saved: z.boolean() })),
    searches: z
      .array(
        z.object({
          search: z.string(),
          keyword: z.string(),
          status: z.enum(['running', 'ready', 'failed', 'cancelled']),
          found: z.int(),
          searched_at: z.iso.datetime(),
        }),
      )
      .describe('The last searches, newest first'),
  }),
  async run({ saved, search, limit }, context) {
    // First, since one that was left unfinished is finished now.
    if (search !== undefined) await readSearch(context, search);
    const rows = await readLatest(context, {
      onlySaved: saved && search === undefined,
      search,
      limit,
    });
    const trends = rows.map(({ score, savedAt }) => ({
      ...trendViewSchema.parse(score),
      saved: savedAt !== null,
    }));
    const searches = await readSearches(context);
    return {
      saved: saved && search === undefined,
      trends: await showThumbnails(context, trends),
      searches,
    };
  },
  say: ({ saved, trends }, locale) =>
    catalogue(locale).say.trend_list({ saved, count: trends.length }),
});

type Wanted = {
  readonly onlySaved: boolean;
  readonly search: string | undefined;
  readonly limit: number;
};

/** Each trend once, as the latest search found it, or as one search did. */
function readLatest(context: Context, { onlySaved, search, limit }: Wanted) {
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
    .where(
      and(
        inScope(context.actor, trendSearches),
        search === undefined ? undefined : eq(trendSearches.id, search),
      ),
    )
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

/** How many of the last searches are named. */
const namedSearches = 5;

async function readSearches(context: Context) {
  const rows = await context.database.db
    .select({
      search: trendSearches.id,
      keyword: trendSearches.keyword,
      status: trendSearches.status,
      createdAt: trendSearches.createdAt,
      found: count(trendResults.trendId),
    })
    .from(trendSearches)
    .leftJoin(trendResults, eq(trendResults.searchId, trendSearches.id))
    .where(and(inScope(context.actor, trendSearches), ne(trendSearches.status, 'cancelled')))
    .groupBy(trendSearches.id)
    .orderBy(desc(trendSearches.createdAt), desc(trendSearches.id))
    .limit(namedSearches);
  return rows.map(({ createdAt, ...row }) => {
    return { ...row, searched_at: createdAt.toISOString() };
  });
}
