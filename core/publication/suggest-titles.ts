import { isIn } from '../text-language.ts';
import { youtubeLimits } from './limits.ts';
import type { SuggestBrief } from './suggest-brief.ts';
import { emojiOf, hasEmoji, withOneEmoji } from './suggest-emoji.ts';
import { genericTopic, titlePhrases, titleTails } from './suggest-phrases.ts';
import {
  capitalised,
  cleanText,
  cutAtWord,
  foldedOf,
  hasAddress,
  lengthOf,
} from './suggest-text.ts';

const least = 50;
const most = youtubeLimits.titleCharacters;

/** A number or a question makes people stop. */
const calls = (title: string): boolean => /\p{Nd}|[?？]/u.test(title);

const fits = (title: string): boolean =>
  lengthOf(title) >= least && lengthOf(title) <= most && calls(title);

/** Three different titles, of which those that the model has written come first. */
export function suggestTitles(
  brief: SuggestBrief,
  written: readonly string[],
): { readonly titles: string[]; readonly kept: number } {
  const repaired = written.slice(0, 10).flatMap((title) => repairTitle(title, brief) ?? []);
  const own = distinct(repaired).slice(0, 3);
  return {
    titles: distinct([...own, ...titlesByRules(brief)]).slice(0, 3),
    kept: own.length,
  };
}

function distinct(titles: readonly string[]): string[] {
  const seen = new Set<string>();
  return titles.filter((title) => {
    const folded = foldedOf(title);
    return !seen.has(folded) && seen.add(folded);
  });
}

/** Three titles without a model, around the topic of the prompt. */
function titlesByRules(brief: SuggestBrief): string[] {
  const own = titlePhrases[brief.language](brief);
  const topic = genericTopic[brief.language];
  const plain = titlePhrases[brief.language]({ ...brief, topic });
  const sign = emojiOf(brief.topic.name);
  return own.map((title, index) => {
    const chosen = brief.isCopied(title) ? (plain[index] ?? title) : title;
    const isRoomy = index === 0 && sign !== '' && lengthOf(chosen) <= most - 2;
    return isRoomy && chosen === title && !hasEmoji(title) ? `${title} ${sign}` : chosen;
  });
}

/** A title of the model within the bounds; null for one that cannot be mended or may not stand. */
function repairTitle(text: string, brief: SuggestBrief): string | null {
  const { language, isCopied, isOrder } = brief;
  if (hasAddress(text, brief.prompt)) return null;
  const title = withOneEmoji(bareTitle(cleanText(text, 300, brief.prompt)));
  if (lengthOf(foldedOf(title)) < 3 || !/\p{L}/u.test(title)) return null;
  if (!isIn(language, title) || isOrder(title) || isCopied(title)) return null;
  const named = namesSubject(title, brief);
  const whole = cutAtWord(title, most, language);
  if (named && fits(whole)) return whole;
  const tails = titleTails[language](brief).filter(
    (tail) =>
      !foldedOf(title).includes(foldedOf(brief.topic.name)) || !tail.includes(brief.topic.name),
  );
  return (
    tails
      .map((tail) => cutAtWord(title, most - lengthOf(tail), language) + tail)
      .find((longer) => fits(longer) && namesSubject(longer, brief) && !isCopied(longer)) ?? null
  );
}

/** Without its number in a list, its label and the quotes around it. */
const bareTitle = (text: string): string =>
  capitalised(
    text
      .replace(/^(?:\d{1,2}[.)、]\s+|[-•–—]\s*|(?:title|标题)\s*\d?\s*[:：]\s*)+/iu, '')
      .replace(/^["“「『'‘](?<inside>[^"”」』]*)["”」』'’]$/u, '$<inside>')
      .trim(),
  );

/** Whether a title names what the video is about, where the prompt has words for it. */
function namesSubject(title: string, { keywords, topic }: SuggestBrief): boolean {
  const folded = foldedOf(title);
  return (
    keywords.length === 0 ||
    [topic.name, ...keywords].some((word) => folded.includes(foldedOf(word)))
  );
}
