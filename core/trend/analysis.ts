import { z } from 'zod';

import { locales, type Locale } from '../messages/catalogue.ts';

/** How long the texts of an analysis are, in characters. */
export const analysisLimits = { attraction: 300, factor: 40, hook: 160, pacing: 160 } as const;

const words = (characters: number) => z.string().min(1).max(characters);

/** Why a video works, in the analyst's words; `by` says whether the model or the rules wrote it. */
export const analysisSchema = z.object({
  attraction: words(analysisLimits.attraction),
  factors: z.array(words(analysisLimits.factor)).min(1).max(5),
  recommendation: z.number().int().min(1).max(10),
  /** What the first seconds do; null in what was stored before it was asked for. */
  hook: words(analysisLimits.hook).nullable().default(null),
  /** How it is cut and how fast it goes; null in what was stored before it was asked for. */
  pacing: words(analysisLimits.pacing).nullable().default(null),
  by: z.enum(['model', 'rules']),
  /** The rules filled in what the model had left out. */
  completed: z.boolean().default(false),
  /** The model has seen the video itself, not only its title and numbers. */
  watched: z.boolean().default(false),
});
export type Analysis = z.infer<typeof analysisSchema>;

/** A trend keeps one analysis for each language it was explained in. */
const keptSchema = z.partialRecord(z.enum(locales), z.unknown()).catch({});

/** What an analyst said in this language earlier; null when nobody has. */
export function readAnalysis(kept: unknown, locale: Locale): Analysis | null {
  const said = analysisSchema.safeParse(keptSchema.parse(kept ?? {})[locale]);
  return said.success ? said.data : null;
}
