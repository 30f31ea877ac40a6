import { z } from 'zod';

import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import { locales, type Locale } from '../messages/catalogue.ts';
import type { Sighting } from '../ports/trend-source.ts';
import { plainText, untrusted, untrustedRule } from '../untrusted.ts';

/** Why a video works, in the analyst's words; `by` says whether the model or the rules wrote it. */
export const analysisSchema = z.object({
  attraction: z.string().min(1).max(400),
  factors: z.array(z.string().min(1).max(40)).min(1).max(5),
  recommendation: z.number().int().min(1).max(10),
  by: z.enum(['model', 'rules']),
});
export type Analysis = z.infer<typeof analysisSchema>;

/** A trend keeps one analysis for each language it was explained in. */
const keptSchema = z.partialRecord(z.enum(locales), z.unknown()).catch({});

/** What an analyst said in this language earlier; null when nobody has. */
export function readAnalysis(kept: unknown, locale: Locale): Analysis | null {
  const said = analysisSchema.safeParse(keptSchema.parse(kept ?? {})[locale]);
  return said.success ? said.data : null;
}

/** One model call looks at this many videos. */
const perCall = 10;

const answerSchema = z.object({
  videos: z
    .array(
      z.object({
        id: z.string().describe('The id of the video, as given'),
        attraction: z.string().describe('Why it works: 1 to 2 sentences, no links'),
        factors: z.array(z.string()).describe('3 to 5 success factors of 1 to 4 words'),
        recommendation: z
          .number()
          .describe('How well the idea suits a new video: a whole number from 1 to 10'),
      }),
    )
    .describe('One entry per video'),
});

type Subject = { readonly id: string; readonly sighting: Sighting };

const language: Record<Locale, string> = { en: 'English', zh: 'Simplified Chinese' };

/**
 * Explains up to ten videos in one model call. The material is quarantined: no tools, a strict shape
 * out, and everything in it cleaned and clamped. Without a model, the rules answer and say so.
 */
export async function explainTrends(
  context: Context,
  subjects: readonly Subject[],
): Promise<Map<string, Analysis>> {
  const batch = subjects.slice(0, perCall);
  const byRules = new Map(
    batch.map(({ id, sighting }) => [id, analyseByRules(sighting, context.locale)]),
  );
  const model = context.ports.languageModel;
  if (!model || batch.length === 0) return byRules;
  try {
    const { videos } = await model.generate(
      {
        instructions: `You explain why short videos take off. Answer in ${language[context.locale]}. ${untrustedRule}`,
        prompt: batch.map((subject) => describe(subject)).join('\n\n'),
        schema: answerSchema,
        maxOutputTokens: 4000,
      },
      context.signal,
    );
    for (const answer of videos) {
      const analysis = repair(answer);
      if (analysis && byRules.has(answer.id)) byRules.set(answer.id, analysis);
    }
    return byRules;
  } catch (error) {
    if (!isFault(error)) throw error;
    context.log.warn({ err: error }, 'the model stays away; the rules explain');
    return byRules;
  }
}

const number = (value: number | null): string => (value === null ? 'unknown' : String(value));

function describe({ id, sighting }: Subject): string {
  const { views, likes, comments, platform } = sighting;
  return [
    `Video ${id} on ${platform}: ${number(views)} views, ${number(likes)} likes, ${number(comments)} comments.`,
    untrusted('title', sighting.title, 200),
    untrusted('description', sighting.description, 400),
  ].join('\n');
}

/** What the schema could not enforce at the model is enforced here; null when nothing usable is left. */
function repair(answer: z.infer<typeof answerSchema>['videos'][number]): Analysis | null {
  const attraction = plainText(answer.attraction, 300);
  const factors = answer.factors.map((factor) => plainText(factor, 40)).filter(Boolean);
  if (!attraction || factors.length === 0 || !Number.isFinite(answer.recommendation)) return null;
  const recommendation = Math.min(10, Math.max(1, Math.round(answer.recommendation)));
  return { attraction, factors: factors.slice(0, 5), recommendation, by: 'model' };
}

const rules = {
  en: {
    number: 'number in the title',
    question: 'question in the title',
    short: 'very short',
    liked: 'many likes per view',
    discussed: 'much discussed',
    plain: 'clear topic',
    sentence: (factors: string) => `What can be seen from the numbers: ${factors}.`,
  },
  zh: {
    number: '标题含数字',
    question: '标题提问',
    short: '时长很短',
    liked: '点赞率高',
    discussed: '讨论热烈',
    plain: '主题明确',
    sentence: (factors: string) => `从数据可见：${factors}。`,
  },
};

/** A plain look at title and numbers, for when no model answers. @internal */
export function analyseByRules(sighting: Sighting, locale: Locale): Analysis {
  const words = rules[locale];
  const { title, views, likes, comments, durationSeconds } = sighting;
  const rate = (count: number | null) => (count !== null && views ? count / views : 0);
  const factors = [
    ...(/[0-9０-９一二三四五六七八九十百]/u.test(title) ? [words.number] : []),
    ...(/[?？]|\b(?:how|why|what)\b|怎么|为什么|如何/iu.test(title) ? [words.question] : []),
    ...(durationSeconds !== null && durationSeconds <= 30 ? [words.short] : []),
    ...(rate(likes) > 0.04 ? [words.liked] : []),
    ...(rate(comments) > 0.005 ? [words.discussed] : []),
  ];
  const found = factors.length > 0 ? factors : [words.plain];
  const recommendation = Math.min(10, 4 + factors.length);
  return {
    attraction: words.sentence(found.join(locale === 'zh' ? '、' : ', ')),
    factors: found,
    recommendation,
    by: 'rules',
  };
}
