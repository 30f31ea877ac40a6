import type { Locale } from '../messages/catalogue.ts';
import { isIn } from '../text-language.ts';
import { plainText } from '../untrusted.ts';
import { pictureSigns } from './common-words.ts';
import { copiedRuns, copyRisk, copyRiskLimit } from './copy-risk.ts';
import { holdsOrder } from './orders.ts';
import type { Read, ReadText } from './read-text.ts';
import { findMostLike, samenessLimit, type EarlierVideo } from './sameness.ts';

/** What a prompt must stay within, in characters, and what a model is asked for. */
export const promptLimits = { min: 10, max: 500, askedMin: 100, askedMax: 300 } as const;

/** What a new prompt is compared with. */
export type Surroundings = {
  readonly read: Read;
  readonly source: readonly ReadText[];
  /** What a model has said of the source. */
  readonly hearsay: readonly ReadText[];
  readonly videos: readonly EarlierVideo[];
};

/** What a prompt may be too close to. */
export const resemblances = ['source', 'own_videos'] as const;
export type Resemblance = (typeof resemblances)[number];

/** A prompt, compared. */
export type Measured = {
  readonly prompt: string;
  /** 0 to 1. */
  readonly copyRisk: number;
  /** 0 to 1. */
  readonly sameness: number;
  /** The video that it is most like; null when none has a word of it. */
  readonly mostLike: string | null;
  /** Where it is over the limit; empty for a prompt that can go out as it is. */
  readonly tooCloseTo: readonly Resemblance[];
};

/** Compares a prompt with its source and with the account's last videos. */
export function measurePrompt(prompt: string, around: Surroundings): Measured {
  const { read, source, hearsay, videos } = around;
  const text = read(prompt);
  const risk = copyRisk(text, source);
  // An order that came in by the analysis is no copy of the source, but must not get through either.
  const isCopy = risk >= copyRiskLimit || copyRisk(text, hearsay) >= copyRiskLimit;
  const { sameness, mostLike } = findMostLike(text, videos);
  return {
    prompt,
    copyRisk: risk,
    sameness,
    mostLike,
    tooCloseTo: resemblances.filter((each) =>
      each === 'source' ? isCopy : sameness >= samenessLimit,
    ),
  };
}

/** How far a prompt is from what it must not be like, by its limits: below 1 is within. */
export const closenessOf = ({ copyRisk: risk, sameness }: Measured): number =>
  Math.max(risk / copyRiskLimit, sameness / samenessLimit);

/** What of a prompt stands in its source, to be told to whoever writes the next version. */
export const runsOf = ({ prompt }: Measured, { read, source, hearsay }: Surroundings): string[] =>
  copiedRuns(read(prompt), [...source, ...hearsay]);

/**
 * Whether this can be a prompt at all: long enough, in the language, of pictures, and no order from
 * the source; without one there is nobody but the person to give orders.
 */
export function isUsable(prompt: string, language: Locale, around: Surroundings): boolean {
  if (Array.from(prompt).length < promptLimits.min || !isIn(language, prompt)) return false;
  const { folded } = around.read(prompt);
  const isOrdered = around.source.length > 0 && holdsOrder(folded);
  return pictureSigns[language].test(folded) && !isOrdered;
}

/** Plain text within the limit, cut after the last sentence that fits. */
export function fitPrompt(text: string): string {
  const { max, askedMin } = promptLimits;
  const plain = plainText(text, 2000);
  if (Array.from(plain).length <= max) return plain;
  const head = plainText(plain, max);
  const end = Math.max(...['。', '！', '. ', '! '].map((mark) => head.lastIndexOf(mark)));
  return end > askedMin ? head.slice(0, end + 1).trim() : head.trim();
}
