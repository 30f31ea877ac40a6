import { heaviestPassage, joinTexts, sharedRuns, weightInPassages } from './passages.ts';
import { isCharacter, weightOf, type ReadText, type Token } from './read-text.ts';

/**
 * From here on a prompt is too close to its source. It lies in the gap that the labelled pairs of
 * copy-risk.test.ts leave: rephrased, or about the same subject, up to 0.40 (a name of four words);
 * copied, also where words were changed, from 0.50 on.
 */
export const copyRiskLimit = 0.45;

/** What a passage has to have before it counts: two words in a row are a name or a phrase. */
const freeWeight = 2;
/** With a passage of so many content words a prompt is a copy, however long the rest is. */
const fullPassage = 10;
/** A sentence of fewer words, or twice as many characters, is a name or a phrase. */
const shortestSentence = 5;
const most = { runs: 6 } as const;

/**
 * How much of a prompt is its source's words, 0 to 1. Passages are aligned word by word, Chinese ones
 * character by character; a word that only one side has costs half its weight, and words that join
 * sentences or tell how a thing is filmed weigh nothing. The highest of three counts:
 * - the share of the prompt's weight in such passages, each without its first two words;
 * - the weight of the heaviest passage, as a part of ten words;
 * - of the sentence that is most like the source, twice the share in its passage, less one.
 * @param source title, description and so on; no passage goes from one into another.
 */
export function copyRisk(prompt: ReadText, source: readonly ReadText[]): number {
  const words = joinTexts(source);
  const passage = heaviestPassage(prompt.tokens, words);
  if (passage === 0) return 0;
  const free = Math.min(freeWeight, weightOf(prompt.tokens) / 2);
  const inPassages = weightInPassages(prompt.tokens, words, free);
  const risk = Math.max(
    inPassages / (weightOf(prompt.tokens) - free),
    passage / fullPassage,
    ...sentencesOf(prompt).map((sentence) => 2 * shareOf(sentence, words) - 1),
  );
  return Math.min(1, risk);
}

/** The sentences that are long enough to be somebody's words. */
function sentencesOf({ tokens, sentenceLengths }: ReadText): (readonly Token[])[] {
  let start = 0;
  const sentences = sentenceLengths.map((length) => tokens.slice(start, (start += length)));
  return sentences.filter((sentence) => lengthInWords(sentence) >= shortestSentence);
}

const lengthInWords = (tokens: readonly Token[]): number =>
  tokens.reduce((sum, { text }) => sum + (isCharacter(text) ? 0.5 : 1), 0);

function shareOf(sentence: readonly Token[], source: readonly Token[]): number {
  const weight = weightOf(sentence);
  return weight === 0 ? 0 : heaviestPassage(sentence, source) / weight;
}

/** The runs of a prompt that stand in its source and are more than a name, heaviest first. */
export function copiedRuns(prompt: ReadText, source: readonly ReadText[]): string[] {
  const runs = sharedRuns(prompt.tokens, joinTexts(source), freeWeight);
  return [...new Set(runs.map(spell))].slice(0, most.runs);
}

/** The words as they follow each other; Chinese puts no space between them. */
const spell = (tokens: readonly Token[]): string =>
  tokens
    .map(({ written }) => (isCharacter(written) ? written : ` ${written} `))
    .join('')
    .replaceAll(/\s+/gu, ' ')
    .trim();
