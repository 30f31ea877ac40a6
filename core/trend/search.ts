import { z } from 'zod';

import { secondsAfter } from '../clock.ts';
import { requirePort, type Context } from '../context.ts';
import { faultWords, isFault } from '../fault.ts';
import { customIssue } from '../input-fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import {
  platforms,
  type Platform,
  type Reading,
  type TrendHarvest,
} from '../ports/trend-source.ts';
import { reportTrends } from './report.ts';
import { trendViewSchema, viewTrend } from './view.ts';

/** One search of one platform costs at most this, unless the actor's own floor is higher. */
const maxCostUsd = 0.5;
const daySeconds = 24 * 60 * 60;

const input = z
  .object({
    keyword: z.string().trim().min(1).max(100).describe('What to look for, such as "AI tools"'),
    platforms: z
      .string()
      .default('tiktok,youtube')
      .describe('Comma-separated: tiktok, youtube, instagram'),
    views_min: z.int().min(0).optional().describe('Leave out videos with fewer views'),
    views_max: z.int().min(0).optional().describe('Leave out videos with more views'),
    days: z
      .literal([7, 30, 90])
      .default(30)
      .describe('Only videos published in the last so many days'),
    limit: z.int().min(1).max(50).default(20).describe('How many videos to rank'),
  })
  .superRefine((value, issues) => {
    for (const name of listOf(value.platforms))
      if (!platforms.some((known) => known === name))
        issues.addIssue(
          customIssue(
            { problem: 'platform_unknown', params: { name, known: platforms.join(', ') } },
            'platforms',
          ),
        );
    if (listOf(value.platforms).length === 0)
      issues.addIssue(
        customIssue(
          { problem: 'platform_missing', params: { known: platforms.join(', ') } },
          'platforms',
        ),
      );
    if (
      value.views_min !== undefined &&
      value.views_max !== undefined &&
      value.views_min > value.views_max
    )
      issues.addIssue(customIssue({ problem: 'below_views_min', params: null }, 'views_max'));
  });

const listOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,，、\s]+/u)
      .map((name) => name.toLowerCase())
      .filter(Boolean),
  ),
];

export const trendSearch = defineOperation({
  name: 'trend_search',
  summary: {
    en: 'Find short videos that are taking off, ranked by a score.',
    zh: '发现正在走红的短视频，并按爆款分排序。',
  },
  guidance:
    'Start here. Then trend_show explains one, and prompt_write turns it into a prompt for a new video.',
  effect: 'write',
  audience: 'everyone',
  needs: ['trendSource'],
  input,
  output: z.object({
    search: z.string(),
    trends: z.array(trendViewSchema),
    skipped: z.record(z.string(), z.int()).describe('Items that were no usable videos, by reason'),
    notes: z.array(z.string()).describe('Platforms that could not be searched'),
    cost_usd: z.number().nullable(),
  }),
  async run(value, context) {
    const { keyword, limit } = value;
    const harvest = await searchPlatforms(context, value);
    const readings = harvest.readings.map((reading) => filterReading(reading, value, context));
    const { searchId, ranked, skipped } = await reportTrends(context, {
      keyword,
      request: value,
      limit,
      readings,
      notes: harvest.notes,
      costUsd: harvest.costUsd,
    });
    const trends = ranked.map(viewTrend);
    return { search: searchId, trends, skipped, notes: harvest.notes, cost_usd: harvest.costUsd };
  },
  say({ trends, skipped }, locale) {
    const left = Object.values(skipped).reduce((sum, count) => sum + count, 0);
    const [best] = trends;
    const { title = null, score = null } = best ?? {};
    return catalogue(locale).say.trend_search({
      count: trends.length,
      skipped: left,
      best: title,
      score,
    });
  },
});

type Search = z.output<typeof input>;

/** All platforms side by side; one that fails leaves a note, and only all of them fail the search. */
async function searchPlatforms(context: Context, value: Search) {
  const source = requirePort(context.ports, 'trendSource');
  const wanted = platforms.filter((platform) => listOf(value.platforms).includes(platform));
  const runs = await Promise.allSettled(
    wanted.map((platform) =>
      source.search(
        { keyword: value.keyword, platform, maxItems: value.limit, maxCostUsd, days: value.days },
        context.signal,
      ),
    ),
  );
  const notes: string[] = [];
  const harvests: TrendHarvest[] = [];
  for (const [index, run] of runs.entries()) {
    if (run.status === 'fulfilled') harvests.push(run.value);
    else notes.push(noteOf(run.reason, wanted[index], context));
  }
  const failed = runs.find((run) => run.status === 'rejected');
  if (harvests.length === 0 && failed) throw failed.reason;
  const costs = harvests.map(({ costUsd }) => costUsd);
  const known = costs.filter((cost) => cost !== null);
  const costUsd = known.length === costs.length ? known.reduce((sum, cost) => sum + cost, 0) : null;
  return { readings: harvests.flatMap(({ readings }) => readings), notes, costUsd };
}

function noteOf(reason: unknown, platform: Platform | undefined, context: Context): string {
  if (!isFault(reason)) throw reason;
  const { message } = faultWords(catalogue(context.locale), reason.code, reason.params);
  return `${platform}: ${message}`;
}

/** An unknown count or date cannot be outside the wanted range. */
function filterReading(reading: Reading, value: Search, context: Context): Reading {
  if (!('sighting' in reading)) return reading;
  const { views, publishedAt } = reading.sighting;
  const oldest = secondsAfter(context.clock.now(), -value.days * daySeconds);
  const outside =
    (views !== null && views < (value.views_min ?? 0)) ||
    (views !== null && views > (value.views_max ?? Number.POSITIVE_INFINITY)) ||
    (publishedAt !== null && publishedAt < oldest);
  return outside ? { skipped: 'outside_filter' } : reading;
}
