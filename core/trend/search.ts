import { z } from 'zod';

import { Handover, requirePort, type Context } from '../context.ts';
import { isFault, type Fault } from '../fault.ts';
import { customIssue } from '../input-fault.ts';
import { catalogue, joinSentences } from '../messages/catalogue.ts';
import { searchingWords } from '../messages/trend-search.ts';
import { defineOperation } from '../operation.ts';
import {
  platformNames,
  platforms,
  type Platform,
  type TrendSearch,
} from '../ports/trend-source.ts';
import { followHarvest } from './harvest-work.ts';
import type { HarvestRow, Opened } from './harvest.ts';
import { searchAnswerSchema } from './search-answer.ts';
import { reportSearch } from './report-search.ts';
import { openSearch, withdrawSearch } from './search-run.ts';

/** One search of one platform costs at most this, unless the actor's own floor is higher. */
const maxCostUsd = 0.5;
/** A tool call of a model may last no longer; the search goes on by itself. */
const modelPatienceMs = 40_000;

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
  guidance: 'Start here; next trend_show. While status is running, ask the same again.',
  effect: 'write',
  audience: 'everyone',
  needs: ['trendSource'],
  input,
  output: searchAnswerSchema,
  async run(value, context) {
    const { keyword, days, limit } = value;
    requirePort(context.ports, 'trendSource');
    const wanted = platforms.filter((platform) => listOf(value.platforms).includes(platform));
    const errands = wanted.map((platform): TrendSearch => {
      return { keyword, platform, days, maxItems: limit, maxCostUsd };
    });
    const request = { ...value };
    const opened = await openSearch(context, { keyword, request, errands, purpose: 'search' });
    try {
      const notes = await followAll(context, opened.harvests);
      return await reportSearch(context, opened.id, notes);
    } catch (error) {
      if (hasLeft(context.signal)) await withdrawSearch(context, opened.id);
      throw error;
    }
  },
  say({ status, trends, skipped, notes, age_minutes }, locale) {
    const left = Object.values(skipped).reduce((sum, count) => sum + count, 0);
    const [best] = trends;
    const { title = null, score = null } = best ?? {};
    return catalogue(locale).say.trend_search({
      running: status === 'running',
      waits: joinSentences(notes, locale),
      count: trends.length,
      skipped: left,
      best: title,
      score,
      age: age_minutes,
    });
  },
});

/** Whether nobody waits any more: the process that stops, and the wait that was too long, do not count. */
const hasLeft = ({ aborted, reason }: AbortSignal): boolean =>
  aborted &&
  !(reason instanceof Handover) &&
  !(reason instanceof DOMException && reason.name === 'TimeoutError');

/** All platforms side by side, each with why it could not be searched; only all of them fail the search. */
async function followAll(
  context: Context,
  harvests: readonly Opened[],
): Promise<Map<string, Fault>> {
  const { signal } = context;
  const patience =
    context.actor.surface === 'mcp' ? { patience: AbortSignal.timeout(modelPatienceMs) } : {};
  const open = new Set(harvests.map(({ platform }) => platform));
  tellProgress(context, open, harvests.length);
  const follow = async ({ id, platform }: Opened): Promise<HarvestRow> => {
    const row = await followHarvest(context, id, { signal, ...patience });
    open.delete(platform);
    tellProgress(context, open, harvests.length);
    return row;
  };
  const runs = await Promise.allSettled(harvests.map(follow));
  signal.throwIfAborted();
  const reasons = new Map<string, Fault>();
  for (const [index, run] of runs.entries())
    if (run.status === 'rejected') {
      if (!isFault(run.reason)) throw run.reason;
      reasons.set(harvests[index]?.id ?? '', run.reason);
    }
  return reasons;
}

function tellProgress(context: Context, open: ReadonlySet<Platform>, total: number): void {
  if (open.size === 0) return;
  const names = [...open].map((platform) => platformNames[platform]).join(', ');
  const message = searchingWords[context.locale](names);
  context.onProgress?.({ done: total - open.size, total, message });
}
