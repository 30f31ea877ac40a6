import { z } from 'zod';

import { platforms } from '../ports/trend-source.ts';
import { platformsOf, type WatchRow } from './row.ts';

/** One watch as every surface shows it. The keyword is the person's own words. */
export const watchViewSchema = z.object({
  watch: z.string().describe('Pass this to watch_delete'),
  keyword: z.string(),
  platforms: z.array(z.enum(platforms)),
  min_score: z.int().describe('From this score on it is told, 0 to 100'),
  every_hours: z.int(),
  daily_usd: z.number().describe('It costs the operator at most so many US dollars a day'),
  status: z.enum(['active', 'paused']).describe('paused: three looks in a row have failed'),
  found: z.int().describe('Videos told so far'),
  next_at: z.iso.datetime().nullable().describe('null while it is paused'),
});
export type WatchView = z.infer<typeof watchViewSchema>;

export function viewWatch(row: WatchRow, found: number): WatchView {
  const { id, keyword, minScore, everyHours, dailyUsd, nextAt } = row;
  const status = row.status === 'active' ? 'active' : 'paused';
  return {
    watch: id,
    keyword,
    platforms: platformsOf(row),
    min_score: minScore,
    every_hours: everyHours,
    daily_usd: dailyUsd,
    status,
    found,
    next_at: status === 'active' ? nextAt.toISOString() : null,
  };
}
