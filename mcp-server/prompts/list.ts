import type { Prompt } from '@modelcontextprotocol/server';
import { z } from 'zod';

import type { Locale } from '../../core/messages/catalogue.ts';
import { promptWords } from '../../core/messages/mcp-prompts.ts';

/** Arguments are texts, whatever they mean. */
export const lengths = ['15', '30', '60'] as const;
export const periods = ['7', '30', '90'] as const;
export const weeklyCounts = Array.from({ length: 14 }, (_, index) => String(index + 1));

const topic = z.string().trim().min(1).max(100);

/** What each prompt takes. */
export const promptInputs = {
  'find-and-make': z.strictObject({ topic, seconds: z.enum(lengths).optional() }),
  'remix-a-trend': z.strictObject({ trend: z.string().trim().min(1).max(40) }),
  'weekly-plan': z.strictObject({ topic, videos_per_week: z.enum(weeklyCounts).optional() }),
  'explain-my-stats': z.strictObject({ days: z.enum(periods).optional() }),
} as const;

type PromptName = keyof typeof promptInputs;

const promptNames = [
  'find-and-make',
  'remix-a-trend',
  'weekly-plan',
  'explain-my-stats',
] as const satisfies readonly PromptName[];

/** The name of a prompt that there is; null for every other text. */
export const promptNamed = (name: string): PromptName | null =>
  promptNames.find((known) => known === name) ?? null;

/** What people may start from in their client, in their language. */
export const listPrompts = (locale: Locale): Prompt[] =>
  promptNames.map((name) => {
    const { title, description, arguments: said } = promptWords[locale].list[name];
    const fields: Record<string, z.ZodType> = promptInputs[name].shape;
    return {
      name,
      title,
      description,
      arguments: Object.entries(said).map(([field, words]) => ({
        name: field,
        description: words,
        required: fields[field]?.safeParse(undefined).success === false,
      })),
    };
  });
