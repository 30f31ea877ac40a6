import { z } from 'zod';

import type { Context } from '../context.ts';
import { customIssue } from '../input-fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { askModel } from './ask-model.ts';
import { gatherMaterial, type Material } from './material.ts';
import { closenessOf, resemblances, type Measured, type Surroundings } from './measure.ts';
import { loadReader } from './read-text.ts';
import { readRecentVideos } from './recent-videos.ts';
import { writeByRules } from './write-by-rules.ts';
import { keepPrompt } from './written.ts';

const input = z
  .object({
    trend: z.string().optional().describe('Id from trend_search whose idea is taken up'),
    idea: z.string().trim().min(3).max(500).optional().describe('An idea in your own words'),
    seconds: z.literal([15, 30, 60]).default(30).describe('Length of the video in seconds'),
  })
  .superRefine((value, issues) => {
    if (!value.trend && !value.idea)
      issues.addIssue(customIssue({ problem: 'trend_or_idea', params: null }, 'trend'));
  });

export const promptWrite = defineOperation({
  name: 'prompt_write',
  summary: {
    en: 'Write a prompt for a new video from a trend or an idea.',
    zh: '根据爆款或想法写出新视频的 Prompt。',
  },
  guidance: 'Show it to the person; next video_quote. Say so when too_close_to names something.',
  effect: 'write',
  audience: 'everyone',
  needs: [],
  input,
  output: z.object({
    prompt: z.string(),
    characters: z.int(),
    written_by: z.enum(['model', 'rules']),
    source: z.string().nullable().describe('The trend it takes up'),
    copy_risk: z.number().describe("0 to 1: how much of it is the trend's own words"),
    sameness: z.number().describe("0 to 1: how like the most similar of the account's last videos"),
    most_like: z.string().nullable().describe('That video; null when none is like it'),
    too_close_to: z
      .array(z.enum(resemblances))
      .describe('What it still resembles too much after rewriting; usually empty'),
  }),
  async run(value, context) {
    const material = await gatherMaterial(context, value);
    const { measured, by } = await writePrompt(context, material);
    const { prompt, copyRisk, sameness, mostLike, tooCloseTo } = measured;
    const { trend = null, idea = null, seconds } = value;
    await keepPrompt(context, { prompt, trend, idea, seconds });
    return {
      prompt,
      characters: Array.from(prompt).length,
      written_by: by,
      source: trend,
      copy_risk: roundShare(copyRisk),
      sameness: roundShare(sameness),
      most_like: mostLike,
      too_close_to: [...tooCloseTo],
    };
  },
  say: ({ prompt, copy_risk, sameness, most_like, too_close_to }, locale) =>
    catalogue(locale).say.prompt_write({
      prompt,
      copied: too_close_to.includes('source') ? percent(copy_risk) : null,
      same: too_close_to.includes('own_videos') ? percent(sameness) : null,
      video: most_like,
    }),
});

const percent = (share: number): string => `${Math.round(share * 100)}%`;

const roundShare = (share: number): number => Math.round(share * 100) / 100;

type Written = { readonly measured: Measured; readonly by: 'model' | 'rules' };

/**
 * The model's first version within the limits; else the rules' one; where that is over them too, the
 * least like anything else, but never a model's text that repeats its source.
 */
async function writePrompt(context: Context, material: Material): Promise<Written> {
  const surroundings = await lookAround(context, material);
  const versions = await askModel(context, material, surroundings);
  const good = versions.find(({ tooCloseTo }) => tooCloseTo.length === 0);
  if (good) return { measured: good, by: 'model' };
  const byRules = writeByRules(material, surroundings);
  const [best] = versions
    .filter(({ tooCloseTo }) => !tooCloseTo.includes('source'))
    .toSorted((a, b) => closenessOf(a) - closenessOf(b));
  const isBetter = best !== undefined && closenessOf(best) < closenessOf(byRules);
  return byRules.tooCloseTo.length > 0 && isBetter
    ? { measured: best, by: 'model' }
    : { measured: byRules, by: 'rules' };
}

async function lookAround(context: Context, { source, hearsay }: Material): Promise<Surroundings> {
  const read = await loadReader();
  const videos = await readRecentVideos(context);
  return {
    read,
    source: source.map((text) => read(text)),
    hearsay: hearsay.map((text) => read(text)),
    videos: videos.map(({ id, prompt }) => ({ id, prompt: read(prompt) })),
  };
}
