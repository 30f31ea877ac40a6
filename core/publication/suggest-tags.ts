import { fittingTags } from './limits.ts';
import type { SuggestBrief } from './suggest-brief.ts';
import { commonHashtags, commonTags } from './suggest-phrases.ts';
import { cleanText, foldedOf, hasAddress, lengthOf } from './suggest-text.ts';

const tagBounds = { least: 10, most: 15, characters: 30 } as const;
const hashtagBounds = { least: 3, most: 5, characters: 20 } as const;

/** 10 to 15 tags of at most 30 characters that fit together: the model's, the words of prompt and trend, and common ones. */
export function suggestTags(brief: SuggestBrief, written: readonly string[]): string[] {
  const { keywords, trendWords, language, isOrder, prompt } = brief;
  const own = written
    .slice(0, 40)
    .filter((tag) => !hasAddress(tag, prompt))
    .map((tag) => tagOf(tag, prompt))
    .filter((tag) => !isOrder(tag));
  // The words of the video come before those that fit any.
  const ours = [...keywords.slice(0, 8), ...trendWords.slice(0, 3)].map((tag) =>
    tagOf(tag, prompt),
  );
  const enough = Math.max(0, tagBounds.most - own.length);
  const others = [...ours.slice(0, enough), ...commonTags[language]];
  return fittingTags(distinct([...own, ...others]), tagBounds.most);
}

/** Commas part tags from each other, and quotes are YouTube's own. */
const tagOf = (text: string, prompt: string): string =>
  cleanText(text, 120, prompt)
    .replaceAll(/[,，、"“”;；]+/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();

function distinct(tags: readonly string[]): string[] {
  const seen = new Set<string>();
  return tags.filter((tag) => {
    const folded = foldedOf(tag);
    const isGood = /[\p{L}\p{N}]/u.test(tag) && lengthOf(tag) <= tagBounds.characters;
    return isGood && !seen.has(folded) && seen.add(folded);
  });
}

/** 3 to 5 hashtags with their sign, at most 21 characters each. */
export function suggestHashtags(brief: SuggestBrief, written: readonly string[]): string[] {
  const { subjects, trendWords, language, isOrder, prompt } = brief;
  const own = written
    .slice(0, 20)
    .filter((word) => !hasAddress(word, prompt))
    .map((word) => hashtagWord(cleanText(word.replaceAll(/[#＃]/gu, ''), 60, prompt)))
    .filter((word) => !isOrder(word));
  const [first = '', second = ''] = subjects;
  const ours = [first, second, trendWords[0] ?? '', ...commonHashtags[language]].map(hashtagWord);
  const seen = new Set<string>();
  const good = (words: readonly string[]): string[] =>
    words.filter((word) => {
      const folded = foldedOf(word);
      const isGood = /\p{L}/u.test(word) && lengthOf(word) <= hashtagBounds.characters;
      return isGood && !seen.has(folded) && seen.add(folded);
    });
  const kept = good(own).slice(0, hashtagBounds.most);
  const others = good(ours);
  const enough = kept.length >= hashtagBounds.least ? kept.length : hashtagBounds.most;
  return [...kept, ...others].slice(0, enough).map((word) => `#${word}`);
}

const hashtagWord = (text: string): string => text.replaceAll(/[^\p{L}\p{M}\p{N}_]/gu, '');
