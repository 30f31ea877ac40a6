import type { Locale } from '../messages/catalogue.ts';
import { plainText } from '../untrusted.ts';

/** Length in characters, as YouTube and people count them: an emoji is one. */
export const lengthOf = (text: string): number => Array.from(text).length;

/** Angle brackets are refused; a stray # would make another hashtag, and an @ a mention. */
const marks = /[<>＜＞#＃@＠]/gu;
const dotted = /[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+/gu;
const isAddress = (name: string): boolean =>
  /\.[\p{L}_-]{2}/u.test(name) || /^\d+(?:\.\d+){3}$/u.test(name);

const isForeign = (name: string, own: string): boolean =>
  isAddress(name) && !own.toLowerCase().includes(name.toLowerCase());

/** Whether a text leads somewhere that is not in the person's own words. */
export const hasAddress = (text: string, own: string): boolean =>
  /:\/\/|www\.|[@＠][\p{L}\p{N}]|\]\(/iu.test(text) ||
  (text.match(dotted) ?? []).some((name) => isForeign(name, own));

/**
 * A text without markup, addresses, mentions, hashtags and invisible characters, about `max` long.
 * @param own the person's words: a name with a dot that stands in them, such as Node.js, is kept.
 */
export function cleanText(text: string, max: number, own: string): string {
  const separate = (name: string): string =>
    isForeign(name, own) ? name.replaceAll('.', '. ') : name;
  return plainText(text.slice(0, max * 4).replaceAll(/[*`]/gu, ''), max)
    .replaceAll(marks, ' ')
    .replaceAll(dotted, separate)
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/** What a text that was cut must not end in. */
const dangling = {
  en: /(?:[\s,;:、，；：(“‘"'|–—-]|\s(?:an?|the|of|and|or|to|for|in|on|at|by|about|with|from|as|its?|into|is|are))+$/iu,
  zh: /[\s,;:、，；：（(“‘「|｜的和与及在把被从向对是]+$/u,
} as const;

/** At most `max` characters, ended after a word; a single longer word is cut within. */
export function cutAtWord(text: string, max: number, language: Locale): string {
  if (lengthOf(text) <= max) return text;
  const words = takeWhole(text, max, new Intl.Segmenter(language, { granularity: 'word' }));
  const bare = words.replace(dangling[language], '');
  return bare || takeWhole(text, max, new Intl.Segmenter(language, { granularity: 'grapheme' }));
}

function takeWhole(text: string, max: number, segmenter: Intl.Segmenter): string {
  let taken = '';
  let length = 0;
  for (const { segment } of segmenter.segment(text)) {
    length += lengthOf(segment);
    if (length > max) break;
    taken += segment;
  }
  return taken.trim();
}

/** The sentences of a text, each with its mark. */
export const sentencesOf = (text: string): string[] =>
  text
    .split(/(?<=[.!?؟…]["'”’)]?)\s+|(?<=[。！？][”’」）]?)(?![”’」）])|\n+/u)
    .map((sentence) => sentence.trim())
    .filter(Boolean);

/** A sentence with a mark at its end. */
export const ended = (sentence: string, language: Locale): string =>
  /[.!?؟…。！？]["'”’」）)]?$/u.test(sentence)
    ? sentence
    : sentence.replace(/[\s,;:，、；：]+$/u, '') + (language === 'zh' ? '。' : '.');

/** The same for texts that differ only in case, marks and spaces. */
export const foldedOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{Extended_Pictographic}]/gu, '');

/** With a capital at its beginning. */
export const capitalised = (text: string): string => {
  const [first = '', ...rest] = Array.from(text);
  return first.toUpperCase() + rest.join('');
};

/** Without a capital where it begins with an article, for the middle of a sentence. */
export const withSmallArticle = (text: string): string =>
  text.replace(/^(?:An?|The|One|Two|Three)(?= )/u, (word) => word.toLowerCase());
