import { weightOf, type Token } from './read-text.ts';

/** What a word costs that only one of two similar passages has, as a part of its weight. */
const gapCost = 0.5;
/** Between two texts of a source; no passage crosses it. */
const border: Token = { text: '', written: '', weight: 1000 };

/** The texts of a source one after the other, with what keeps passages within each. */
export const joinTexts = (texts: readonly { readonly tokens: readonly Token[] }[]): Token[] =>
  texts.flatMap(({ tokens }) => [...tokens, border]);

/** Two lists of tokens as numbers, equal for equal words: they are compared millions of times. */
type Pair = {
  readonly ones: Int32Array;
  readonly others: Int32Array;
  readonly oneWeights: Float64Array;
  readonly otherCosts: Float64Array;
};

function pairOf(ones: readonly Token[], others: readonly Token[]): Pair {
  const numbers = new Map<string, number>();
  const numberOf = ({ text }: Token): number => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
  return {
    ones: Int32Array.from(ones, numberOf),
    others: Int32Array.from(others, numberOf),
    oneWeights: Float64Array.from(ones, ({ weight }) => weight),
    otherCosts: Float64Array.from(others, ({ weight }) => weight * gapCost),
  };
}

/**
 * The weight of the heaviest passage that both have (a local alignment after Smith and Waterman):
 * what agrees, less half of what only one of them has in between.
 */
export const heaviestPassage = (text: readonly Token[], source: readonly Token[]): number =>
  alignPassages(text, source, 0, false);

/**
 * The weight of the best set of passages that do not overlap in the text, each counted without its
 * first `free`.
 */
export const weightInPassages = (
  text: readonly Token[],
  source: readonly Token[],
  free: number,
): number => alignPassages(text, source, free, true);

/** Row by row, a row for each word of the text; `isSum`: a passage goes on from the best so far. */
function alignPassages(
  text: readonly Token[],
  source: readonly Token[],
  free: number,
  isSum: boolean,
): number {
  const { ones, others, oneWeights, otherCosts } = pairOf(text, source);
  let best = 0;
  let before = new Float64Array(others.length + 1).fill(-Infinity);
  for (let one = 0; one < ones.length; one += 1) {
    const weight = oneWeights[one] ?? 0;
    const opening = (isSum ? best : 0) - free;
    const row = new Float64Array(others.length + 1).fill(-Infinity);
    let bestHere = best;
    for (let other = 0; other < others.length; other += 1) {
      const isEqual = ones[one] === others[other];
      const goingOn = Math.max(before[other] ?? -Infinity, opening) + weight;
      const withoutOne = (before[other + 1] ?? -Infinity) - weight * gapCost;
      const withoutOther = (row[other] ?? -Infinity) - (otherCosts[other] ?? 0);
      const score = Math.max(isEqual ? goingOn : -Infinity, withoutOne, withoutOther);
      row[other + 1] = score;
      if (score > bestHere) bestHere = score;
    }
    before = row;
    best = bestHere;
  }
  return best;
}

/** The runs of a text that stand in the source word for word and weigh more than `least`, heaviest first. */
export function sharedRuns(
  text: readonly Token[],
  source: readonly Token[],
  least: number,
): (readonly Token[])[] {
  const { ones, others } = pairOf(text, source);
  const runs: (readonly Token[])[] = [];
  for (let start = 0; start < ones.length;) {
    const length = longestRun(ones, start, others);
    const run = text.slice(start, start + length);
    if (weightOf(run) > least) runs.push(run);
    start += Math.max(1, length);
  }
  return runs.toSorted((a, b) => weightOf(b) - weightOf(a));
}

function longestRun(ones: Int32Array, start: number, others: Int32Array): number {
  let longest = 0;
  for (let at = 0; at < others.length; at += 1) {
    let length = 0;
    while (start + length < ones.length && ones[start + length] === others[at + length])
      length += 1;
    longest = Math.max(longest, length);
  }
  return longest;
}
