import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import type { LanguageModel } from '../ports/language-model.ts';
import type { Analysis } from './analysis.ts';
import { askAnalyst, type Subject } from './explain-answer.ts';
import { analyseByRules } from './explain-rules.ts';

export { analysisSchema, readAnalysis, type Analysis } from './analysis.ts';

/** The model explains at most so many of one search: the best ones. */
export const explainedPerSearch = 20;

/** One call looks at this many videos. */
const perCall = 10;

/**
 * Explains videos, ten to a call of the model and at most `explainedPerSearch` of them, the first
 * ones. What the model does not explain, the rules do, and their analysis says so.
 */
export async function explainTrends(
  context: Context,
  subjects: readonly Subject[],
): Promise<Map<string, Analysis>> {
  const { locale } = context;
  const found = new Map(subjects.map(({ id, sighting }) => [id, analyseByRules(sighting, locale)]));
  const model = context.ports.languageModel;
  if (!model) return found;
  const batches = [];
  for (let from = 0; from < Math.min(subjects.length, explainedPerSearch); from += perCall)
    batches.push(subjects.slice(from, Math.min(from + perCall, explainedPerSearch)));
  const answers = await Promise.all(
    batches.map((batch) => explainBatch(context, model, { batch, mayHalve: true })),
  );
  for (const answer of answers) for (const [id, analysis] of answer) found.set(id, analysis);
  return found;
}

/** One call, and two more at most: a refusal may be about a single title, so the halves are asked once. */
async function explainBatch(
  context: Context,
  model: LanguageModel,
  { batch, mayHalve }: { readonly batch: readonly Subject[]; readonly mayHalve: boolean },
): Promise<Map<string, Analysis>> {
  try {
    return await askAnalyst(context, model, { subjects: batch, video: null });
  } catch (error) {
    if (!isFault(error)) throw error;
    context.log.warn({ err: error, videos: batch.length }, 'videos are left to the rules');
    if (!mayHalve || batch.length < 2 || !isFault(error, 'content_refused')) return new Map();
    const middle = Math.ceil(batch.length / 2);
    const halves = await Promise.all(
      [batch.slice(0, middle), batch.slice(middle)].map((half) =>
        explainBatch(context, model, { batch: half, mayHalve: false }),
      ),
    );
    return new Map(halves.flatMap((half) => [...half]));
  }
}
