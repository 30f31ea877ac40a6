import { loadRules } from '../moderation/decide.ts';
import { filmPhrases, filmWords, joiningCharacters, stopWords } from './common-words.ts';

/** A word, or a single Chinese character. */
export type Token = {
  readonly text: string;
  /** The same with its endings. */
  readonly written: string;
  /** What it says about the subject: 1 for a word, less for a character, 0 for what joins and films. */
  readonly weight: number;
};

/** A text as it is compared: without case, width, accents, punctuation and traditional characters. */
export type ReadText = {
  readonly tokens: readonly Token[];
  /** How many tokens each sentence has, in order. */
  readonly sentenceLengths: readonly number[];
  /** The text that they were taken from. */
  readonly folded: string;
};

export type Read = (text: string) => ReadText;

/** Two characters make about one word; four of them weigh a little more than two words. */
const characterWeight = 0.54;

const endings = ['ing', 'ed', 'es', 's', 'ly'] as const;

/** A word without its usual endings: `crosses` and `crossing` are the same word. */
function stemOf(word: string): string {
  const ending = endings.find((each) => word.endsWith(each) && word.length - each.length >= 3);
  const bare = ending ? word.slice(0, -ending.length) : word;
  return bare.length > 3 ? bare.replace(/([^aeiou])\1$/u, '$1').replace(/e$/u, '') : bare;
}

const stemsOf = (words: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(Array.from(words, (word) => stemOf(word)));
const plainWords = new Set([...stemsOf(stopWords), ...stemsOf(filmWords)]);

const character = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]`;
const letters = String.raw`(?:(?!${character})[\p{L}\p{N}])+`;
const pieces = new RegExp([...filmPhrases, character, letters].join('|'), 'gu');
const oneCharacter = new RegExp(`^${character}$`, 'u');
const phrases = new Set(filmPhrases);

/** Whether a token is a single character that has no spaces around it, as in Chinese. */
export const isCharacter = (text: string): boolean => oneCharacter.test(text);

function tokenOf(piece: string): Token {
  if (phrases.has(piece)) return { text: piece, written: piece, weight: 0 };
  if (isCharacter(piece)) {
    const weight = joiningCharacters.has(piece) ? 0 : characterWeight;
    return { text: piece, written: piece, weight };
  }
  const text = stemOf(piece);
  return { text, written: piece, weight: plainWords.has(text) ? 0 : 1 };
}

/** A text that says nothing but how it is filmed is compared by that. */
function weighed(tokens: readonly Token[]): readonly Token[] {
  if (tokens.some(({ weight }) => weight > 0)) return tokens;
  return tokens.map((token) => ({ ...token, weight: 1 }));
}

const sentenceEnd = /[.!?](?=\s|$)|[。！？；;\n]/u;

/** Reads a text that is folded already. */
function readFolded(folded: string): ReadText {
  const sentences = folded
    .replaceAll(/['’]/gu, '')
    .split(sentenceEnd)
    .map((sentence) => Array.from(sentence.matchAll(pieces), ([piece]) => tokenOf(piece)))
    .filter((sentence) => sentence.length > 0);
  return {
    tokens: weighed(sentences.flat()),
    sentenceLengths: sentences.map(({ length }) => length),
    folded,
  };
}

/** How texts are read before they are compared; loads the table of Chinese characters once. */
export async function loadReader(): Promise<Read> {
  const rules = await loadRules();
  return (text) => readFolded(rules.decide(text).normalised);
}

/** Whether a folded word tells what a text is about, and not how it is filmed. */
export const isTelling = (piece: string): boolean => tokenOf(piece).weight > 0;

/** What all of these say about their subject. */
export const weightOf = (tokens: readonly Token[]): number =>
  tokens.reduce((sum, { weight }) => sum + weight, 0);
