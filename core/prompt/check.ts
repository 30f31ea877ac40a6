import { z } from 'zod';

import { catalogue } from '../messages/catalogue.ts';
import { categories } from '../moderation/categories.ts';
import { checkText } from '../moderation/judge.ts';
import { namedWords } from '../moderation/refuse.ts';
import { openVerdictStore } from '../moderation/store.ts';
import { defineOperation } from '../operation.ts';

export const promptCheck = defineOperation({
  name: 'prompt_check',
  summary: {
    en: 'Check whether a prompt may be made into a video.',
    zh: '检查提示词能否用来制作视频。',
  },
  guidance:
    'Not needed before video_quote or video_generate, which check by themselves. When it is not allowed, offer the suggestion and let the person decide.',
  effect: 'read',
  audience: 'chat',
  needs: [],
  input: z.object({
    prompt: z.string().trim().min(1).max(500).describe('The text to check'),
  }),
  output: z.object({
    allowed: z.boolean(),
    category: z.enum(categories).nullable().describe('What it breaks'),
    words: z.array(z.string()).describe('The words at fault, as they were written'),
    suggestion: z.string().nullable().describe('The same idea in words that pass'),
    judged_by: z.enum(['rules', 'model']),
  }),
  async run({ prompt }, context) {
    const verdict = await checkText(
      context,
      { field: 'prompt', text: prompt },
      openVerdictStore(context),
    );
    const { decision, category, words, suggestion, judgedBy } = verdict;
    return {
      allowed: decision === 'allow',
      category,
      words: [...words],
      suggestion,
      judged_by: judgedBy,
    };
  },
  say: ({ allowed, category, words, suggestion }, locale) =>
    catalogue(locale).say.prompt_check({
      allowed,
      category,
      words: namedWords(words),
      suggestion,
    }),
});
