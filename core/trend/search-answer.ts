import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';

import { trendResults, type trendSearches } from '../../drizzle/schema/trends.ts';
import type { Context } from '../context.ts';
import { showThumbnails } from './thumbnail.ts';
import { trendViewSchema } from './view.ts';

/** What a search answers, now and whenever it is read again. */
export const searchAnswerSchema = z.object({
  search: z.string(),
  status: z
    .enum(['ready', 'running'])
    .describe('While running: ask again with the same input in half a minute'),
  trends: z.array(trendViewSchema),
  skipped: z.record(z.string(), z.int()).describe('Items that were no usable videos, by reason'),
  notes: z.array(z.string()).describe('Platforms that could not be searched, or wait to be'),
  cost_usd: z.number().nullable().describe('What this search has cost; 0 from the store'),
  age_minutes: z
    .int()
    .nullable()
    .describe('How old the oldest part is that came from the store; null when all is new'),
});
export type SearchAnswer = z.output<typeof searchAnswerSchema>;

type SearchRow = typeof trendSearches.$inferSelect;

/** What was answered, as it was answered. */
export async function readAnswer(context: Context, search: SearchRow): Promise<SearchAnswer> {
  const results = await context.database.db
    .select({ score: trendResults.score })
    .from(trendResults)
    .where(eq(trendResults.searchId, search.id))
    .orderBy(asc(trendResults.position));
  const stored = results.map(({ score }) => trendViewSchema.parse(score));
  return {
    search: search.id,
    status: 'ready',
    trends: await showThumbnails(context, stored),
    skipped: search.skipped,
    notes: z.array(z.string()).parse(search.notes),
    cost_usd: search.costUsd,
    age_minutes: ageOf(search, context.clock.now()),
  };
}

/** Only what was in the store before the search has an age. */
function ageOf({ seenAt, createdAt }: SearchRow, now: Date): number | null {
  if (seenAt === null || seenAt >= createdAt) return null;
  return Math.round((now.getTime() - seenAt.getTime()) / 60_000);
}
