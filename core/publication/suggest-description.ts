import { isIn } from '../text-language.ts';
import type { SuggestBrief } from './suggest-brief.ts';
import { chapterLine, fitNames } from './suggest-chapters.ts';
import { bodyPhrases, genericTopic, introduction, linksArea } from './suggest-phrases.ts';
import {
  cleanText,
  cutAtWord,
  ended,
  foldedOf,
  hasAddress,
  lengthOf,
  sentencesOf,
} from './suggest-text.ts';

const least = 300;
const most = 500;
/** So much is written beyond the least, so that a person may take a few words out. */
const reserve = 20;

/** What of a description a model has written. */
export type WrittenDescription = {
  readonly text: string;
  readonly chapters: readonly string[];
};

/**
 * A description of 300 to 500 characters: an introduction and what else there is to say, timestamps
 * where YouTube makes chapters of them, a place for links, and the hashtags.
 */
export function suggestDescription(
  brief: SuggestBrief,
  hashtags: readonly string[],
  written: WrittenDescription | null,
): { readonly description: string; readonly isWritten: boolean } {
  const rest = [...chaptersOf(brief, written), linksArea[brief.language], hashtags.join(' ')];
  const room = roomFor(rest);
  const own = written ? repairSentences(written.text, brief) : [];
  const sentences = own.length > 0 ? withIntroduction(own, brief) : [introduce(brief)];
  const wanted = { ...room, low: own.length > 0 ? room.low : room.low + reserve };
  const body = fillBody(sentences, brief, wanted);
  return { description: [body, ...rest].join('\n\n'), isWritten: own.length > 0 };
}

/** How many characters a model is asked for beside what is added to them. */
export function askedLength(brief: SuggestBrief): { readonly low: number; readonly high: number } {
  const usualHashtags = 60;
  const { low, high } = roomFor([...chaptersOf(brief, null), linksArea[brief.language]]);
  const [from, to] = [low - usualHashtags, high - usualHashtags];
  return { low: Math.max(80, from + 20), high: Math.max(150, to - 20) };
}

const roomFor = (rest: readonly string[]): { readonly low: number; readonly high: number } => {
  const taken = rest.reduce((sum, part) => sum + lengthOf(part) + 2, 0);
  return { low: least - taken, high: most - taken };
};

function chaptersOf(
  { chapters, language, isOrder, isCopied }: SuggestBrief,
  written: WrittenDescription | null,
): string[] {
  if (chapters.length === 0) return [];
  const names = fitNames(written?.chapters ?? [], chapters.length, language);
  const isGood = names?.every((name) => isIn(language, name) && !isOrder(name) && !isCopied(name));
  const lines = chapters.map(({ at, name }, index) =>
    chapterLine({ at, name: isGood ? (names?.[index] ?? name) : name }),
  );
  return [lines.join('\n')];
}

/** The introduction by rules; in other words where the prompt repeats its trend. */
function introduce(brief: SuggestBrief): string {
  const { language, topic } = brief;
  const own = ended(introduction[language](brief, topic.opening), language);
  const opening = genericTopic[language].opening;
  return brief.isCopied(own) ? ended(introduction[language](brief, opening), language) : own;
}

/** What a model has written may begin with a question or a call; the introduction goes before it. */
function withIntroduction(sentences: readonly string[], brief: SuggestBrief): readonly string[] {
  const [first = ''] = sentences;
  const folded = foldedOf(first);
  const isPlain =
    !/[?？!！]["'”’」]?$/u.test(first) &&
    (brief.keywords.length === 0 || brief.keywords.some((word) => folded.includes(foldedOf(word))));
  return isPlain ? sentences : [introduce(brief), ...sentences];
}

/** The sentences of the model that may stand; none when it has written in another language. */
function repairSentences(text: string, brief: SuggestBrief): string[] {
  const { language, prompt, isOrder, isCopied } = brief;
  const lines = text
    .slice(0, 20_000)
    .split(/\r?\n/u)
    // Times, hashtags and places for links are added apart.
    .filter(
      (line) =>
        !/^\s*(?:[-•*]\s*)?\d{1,2}:\d{2}|^\s*[#＃]|^\s*(?:🔗\s*)?(?:links?|链接|相关链接)\s*[:：]/iu.test(
          line,
        ),
    )
    .join(' ')
    .replaceAll(/[#＃][\p{L}\p{M}\p{N}_]+/gu, ' ');
  const bare = sentencesOf(lines).filter((sentence) => !hasAddress(sentence, prompt));
  const seen = new Set<string>();
  const sentences = sentencesOf(cleanText(bare.join(' '), 2000, prompt)).filter((sentence) => {
    const folded = foldedOf(sentence);
    if (lengthOf(folded) < 4 || seen.has(folded) || !/\p{L}/u.test(sentence)) return false;
    seen.add(folded);
    return !/\d{1,2}:\d{2}/u.test(sentence) && !isOrder(sentence) && !isCopied(sentence);
  });
  const whole = sentences.join(' ');
  return whole === '' || !isIn(language, whole) || isCopied(whole) ? [] : sentences;
}

/** As many of the sentences as there is room for, and of the rules' as it takes to reach the least. */
function fillBody(
  sentences: readonly string[],
  brief: SuggestBrief,
  { low, high }: { readonly low: number; readonly high: number },
): string {
  const { language } = brief;
  const glue = language === 'zh' ? '' : ' ';
  const [first = '', ...others] = sentences;
  const ellipsis = '…';
  const head =
    lengthOf(ended(first, language)) <= high
      ? ended(first, language)
      : cutAtWord(first, high - 1, language) + ellipsis;
  let body = '';
  const length = (): number => lengthOf(head) + (body === '' ? 0 : 2 + lengthOf(body));
  const add = (sentence: string): void => {
    const longer = body === '' ? sentence : body + glue + sentence;
    if (lengthOf(head) + 2 + lengthOf(longer) <= high) body = longer;
  };
  for (const sentence of others) add(ended(sentence, language));
  const seen = foldedOf(head + body);
  for (const sentence of bodyPhrases[language](brief)) {
    if (length() < low && !seen.includes(foldedOf(sentence)) && !brief.isCopied(sentence))
      add(sentence);
  }
  return body === '' ? head : `${head}\n\n${body}`;
}
