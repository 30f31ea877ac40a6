import type { Locale } from '../messages/catalogue.ts';
import { holdsOrder } from '../prompt/orders.ts';
import { isTelling, type Read } from '../prompt/read-text.ts';
import { capitalised, cutAtWord, lengthOf, sentencesOf, withSmallArticle } from './suggest-text.ts';

/** What a video is about: in a few words, and in a sentence without a mark at its end. */
export type Topic = { readonly name: string; readonly opening: string };

/** Longest texts, in characters. */
const most = {
  name: { en: 42, zh: 18 },
  opening: { en: 140, zh: 70 },
  keyword: { en: 24, zh: 8 },
} as const;
const mostKeywords = 12;

const english = String.raw`(?:(?:please )?(?:make|create|generate|film|show|write|produce)(?: me| us)? )?(?:an? |the |one )?`;
/** How a prompt speaks of the film before it comes to what is seen. */
const filmTalk: Readonly<Record<Locale, readonly RegExp[]>> = {
  en: [
    new RegExp(
      String.raw`^${english}(?:[\w-]+ ){0,5}?(?:shot|close-?up|clip|short|film|video|scene|footage|journey|piece|loop|animation|time-?lapse) (?:of|about|around|with|showing|that shows|where|in which) `,
      'iu',
    ),
    /^\d+ seconds? (?:with|of|about) /iu,
    /^(?:make|create|generate|film|show)(?: me| us)? /iu,
  ],
  zh: [
    /^[^，。：:；;]{0,14}?(?:短视频|视频|短片|画面|镜头|特写|旅程|广告|动画)(?:[：:]|，?(?:主题|内容)(?:是|为|[：:])|，(?:围绕|讲述?|关于)|，?讲(?:的是|述))\s*/u,
    /^用\s*\d+\s*秒(?:倒着)?(?:讲述|展示|拍)/u,
    /^(?:请|帮我|给我)*(?:生成|制作|做|拍摄?|创作|来)(?:一[个支段条部])(?:关于)?/u,
  ],
};

const withoutFilmTalk = (sentence: string, language: Locale): string =>
  filmTalk[language].reduce((text, pattern) => text.replace(pattern, ''), sentence.trim()) ||
  sentence;

const clausesOf = (sentence: string): string[] =>
  sentence
    .split(/[,;:!?。，；：！？،؛؟…|\n]+|\.(?=\s|$)/u)
    .map((clause) => clause.trim())
    .filter(Boolean);

type Reading = { readonly language: Locale; readonly read: Read };

const tells = (clause: string, read: Read): boolean =>
  read(clause).tokens.some(({ text }) => isTelling(text));

/** What is called like a function is code, and nothing that can be seen. */
const code = /[\w$.]+\([^()]*\);?/gu;

/**
 * The sentences of a prompt without how it speaks of the film.
 * @param isTrusted whether all of it is the person's own: otherwise orders in it are left out.
 */
export function findSentences(
  prompt: string,
  { language, read, isTrusted }: Reading & { readonly isTrusted: boolean },
): string[] {
  return sentencesOf(prompt.replaceAll(code, ' '))
    .filter((sentence) => isTrusted || !holdsOrder(read(sentence).folded))
    .map((sentence) => withoutFilmTalk(sentence.trim(), language));
}

/** What the sentences of a prompt are about, without how it is filmed; null when nothing can be said. */
export function findTopic(sentences: readonly string[], { language, read }: Reading): Topic | null {
  const clauses = sentences
    .map((sentence) => clausesOf(sentence).filter((clause) => tells(clause, read)))
    .find(({ length }) => length > 0);
  const [first] = clauses ?? [];
  if (!clauses || first === undefined) return wordlessTopic(sentences.join(' '));
  const longest = most.name[language];
  const glue = language === 'zh' ? '，' : ', ';
  const name = cutAtWord(nameOf(clauses, glue, language), longest, language);
  const isOneWord = firstWordOf(first, language) > longest;
  const opening = isOneWord
    ? `${name}…`
    : cutAtWord(clauses.join(glue), most.opening[language], language);
  return { name: capitalised(name), opening: withSmallArticle(opening) };
}

const firstWordOf = (text: string, language: Locale): number => {
  const [first] = new Intl.Segmenter(language, { granularity: 'word' }).segment(text);
  return lengthOf(first?.segment ?? '');
};

/** A clause that only says where or when, before what happens there. */
const setting: Readonly<Record<Locale, RegExp>> = {
  en: /^(?:in|on|at|under|inside|beneath|during|when|while|as|after|before|high above|deep in)\b/iu,
  zh: /(?:[上里中下内外旁边间]|时|后|前|之际|时分)$/u,
};

/** The first clause; with or without it the next one, where the first only leads to that. */
function nameOf([first = '', second]: readonly string[], glue: string, language: Locale): string {
  const few = language === 'zh' ? 4 : 8;
  const leads = lengthOf(first) < few || setting[language].test(first);
  if (second === undefined || !leads) return first;
  const both = `${first}${glue}${second}`;
  if (lengthOf(both) <= most.name[language]) return both;
  return lengthOf(second) < few ? first : second;
}

/** Film talk alone, or a few emoji. */
function wordlessTopic(prompt: string): Topic | null {
  const pictures = prompt.match(/\p{Extended_Pictographic}/gu) ?? [];
  if (/\p{L}/u.test(prompt) || pictures.length === 0) return null;
  const name = [...new Set(pictures)].slice(0, 4).join('');
  return { name, opening: name };
}

/** Words that say little about a video, in addition to those of prompts. */
const plain: ReadonlySet<string> = new Set(
  `beautiful amazing style people person thing things way day time inside across along behind near
   while seen looking look looks watch showing shown shows create generate second seconds short
   video videos past tiny small big little old new first last during among between under over
   可以 没有 什么 怎么 怎样 非常 以及 正在 之后 之前 里面 外面 上面 下面 自己 因为 所以 如果 但是 视频 短片
   时候 一个 一只 一支 整个 各种 进行 这个 那个 生成 制作 第一次 抓住 注意力
   看到 三个 两个 依次 前景 背景 主体 每个 一样`
    .trim()
    .split(/\s+/u),
);

/** The words that carry a text, in its order: pairs that belong together first where words have spaces. */
export function findKeywords(text: string, language: Locale): string[] {
  const words: string[] = [];
  const pairs: string[] = [];
  let before = '';
  for (const { segment, isWordLike } of new Intl.Segmenter(language, {
    granularity: 'word',
  }).segment(text)) {
    if (segment.trim() === '') continue;
    const word = segment.normalize('NFKC').toLowerCase();
    const isTold = isWordLike === true && isKeyword(word, language);
    if (isTold) words.push(word);
    const pair = `${before} ${word}`;
    const isPair = isTold && before !== '' && language === 'en' && !/(?:ing|ed|ly)$/u.test(word);
    if (isPair && lengthOf(pair) <= most.keyword.en) pairs.push(pair);
    before = isTold && !isPair ? word : '';
  }
  return [...new Set([...pairs.slice(0, 4), ...words])].slice(0, mostKeywords);
}

function isKeyword(word: string, language: Locale): boolean {
  const length = lengthOf(word);
  if (plain.has(word) || !/^[\p{L}\p{M}\p{N}'’-]+$/u.test(word) || !/\p{L}/u.test(word))
    return false;
  if (/\p{Script=Han}/u.test(word)) {
    const characters = Array.from(word).filter((character) => isTelling(character));
    return characters.length >= 2 && length <= most.keyword.zh && isTelling(word);
  }
  return (
    length >= 3 && length <= most.keyword[language === 'zh' ? 'en' : language] && isTelling(word)
  );
}
