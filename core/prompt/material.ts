import type { Context } from '../context.ts';
import type { Locale } from '../messages/catalogue.ts';
import { languageOf } from '../text-language.ts';
import type { Analysis } from '../trend/analysis.ts';
import { readTrend } from '../trend/show.ts';
import { plainText } from '../untrusted.ts';

/** What a prompt is written from. */
export type Material = {
  /** The title of the trend, or the idea. */
  readonly topic: string;
  /** The person's own words. */
  readonly idea: string | null;
  /** Why the trend works; null for an idea. */
  readonly analysis: Pick<Analysis, 'attraction' | 'factors' | 'hook' | 'pacing'> | null;
  readonly seconds: number;
  /** The language of the person's words, or else of the trend, which the prompt keeps. */
  readonly language: Locale;
  /** Other people's texts that a prompt must not repeat; none for an idea. */
  readonly source: readonly string[];
  /** What a model has said of them, which may be what they told it to say. */
  readonly hearsay: readonly string[];
};

type Wish = {
  readonly trend?: string | undefined;
  readonly idea?: string | undefined;
  readonly seconds: number;
};

/** So much of a description is compared: more than any model was shown of it. */
const comparedCharacters = 3000;

/** @throws Fault `not_found` for a trend that the account has never found here. */
export async function gatherMaterial(context: Context, wish: Wish): Promise<Material> {
  const { seconds } = wish;
  const idea = wish.idea ?? null;
  if (!wish.trend) {
    const topic = plainText(wish.idea ?? '', 200);
    const language = languageOf(topic);
    return { topic, idea, analysis: null, seconds, language, source: [], hearsay: [] };
  }
  const { row, analysis } = await readTrend(context, wish.trend);
  const { attraction, factors, hook, pacing, by } = analysis;
  const isTold = by === 'model';
  const topic = plainText(row.title, 200);
  return {
    topic,
    idea,
    // The rules speak of numbers and know neither opening nor cut.
    analysis: { attraction, factors, hook: isTold ? hook : null, pacing: isTold ? pacing : null },
    seconds,
    language: languageOf(idea === null ? topic : plainText(idea, 200)),
    source: [row.title, row.description, row.hashtags.join(' ')]
      .map((text) => plainText(text, comparedCharacters))
      .filter(Boolean),
    hearsay: isTold ? [attraction, ...factors, hook ?? '', pacing ?? ''].filter(Boolean) : [],
  };
}
