import type { Locale } from '../messages/catalogue.ts';
import { cleanText, cutAtWord, foldedOf, lengthOf } from './suggest-text.ts';

/** A part of a video that YouTube lists under it: where it begins, in whole seconds, and its name. */
export type Chapter = { readonly at: number; readonly name: string };

/** One shot as it is seen: its length, and its picture in words where a storyboard was drawn. */
export type ShotSeen = { readonly seconds: number; readonly picture: string | null };

/** YouTube makes chapters of at least three that last 10 s or more; shorter videos need none. */
const least = { chapters: 3, seconds: 10, video: 30 } as const;
/** Longest name, in characters. */
const mostInName = { en: 28, zh: 14 } as const;

const usualNames: Readonly<Record<Locale, readonly string[]>> = {
  en: [
    'Opening',
    'The idea unfolds',
    'A closer look',
    'The turn',
    'Towards the end',
    'Last picture',
  ],
  zh: ['开场', '故事展开', '靠近细看', '出现转折', '临近尾声', '最后的画面'],
};

/** The chapters of a video that begin with its shots; none where YouTube would make none of them. */
export function findChapters(shots: readonly ShotSeen[], language: Locale): Chapter[] {
  const total = shots.reduce((sum, { seconds }) => sum + seconds, 0);
  if (shots.length < least.chapters || total < least.video) return [];
  const begun: { at: number; picture: string | null }[] = [];
  let start = 0;
  for (const { seconds, picture } of shots) {
    const at = Math.round(start);
    const before = begun.at(-1);
    if (!before || at - before.at >= least.seconds) begun.push({ at, picture });
    start += seconds;
  }
  while (begun.length > 0 && total - (begun.at(-1)?.at ?? 0) < least.seconds) begun.pop();
  if (begun.length < least.chapters) return [];
  const names = fitNames(
    begun.map(({ picture }) => firstClause(picture ?? '')),
    begun.length,
    language,
  );
  return begun.map(({ at }, index) => ({
    at,
    name: names?.[index] ?? usualName(index, begun.length, language),
  }));
}

/** The part of a picture's description before its first mark. */
const firstClause = (picture: string): string => picture.split(/[,;:.，。；：、]/u)[0] ?? '';

/** Names for so many chapters, made to fit; null when one is missing, or two are the same. */
export function fitNames(
  names: readonly string[],
  count: number,
  language: Locale,
): string[] | null {
  const fit = names
    .slice(0, count)
    .map((name) => cleanText(name, 200, '').replace(/^[\d:.\s–—-]+/u, ''))
    .map((name) => cutAtWord(name, mostInName[language], language))
    .filter((name) => lengthOf(foldedOf(name)) >= 2 && /\p{L}/u.test(name));
  const isWhole = fit.length === count && new Set(fit.map(foldedOf)).size === count;
  return isWhole ? fit : null;
}

function usualName(index: number, count: number, language: Locale): string {
  const names = usualNames[language];
  const last = names.length - 1;
  const at = index === count - 1 ? last : index % last;
  return names[at] ?? '';
}

/** One line: `0:00 Opening`. */
export const chapterLine = ({ at, name }: Chapter): string =>
  `${Math.floor(at / 60)}:${String(at % 60).padStart(2, '0')} ${name}`;
