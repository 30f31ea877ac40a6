import type { Locale } from '../../../core/messages/catalogue.ts';
import { cut, escapeText } from '../view.ts';

const languages: Record<Locale, string> = { en: 'en', zh: 'zh-CN' };

/** A count as people read it: 8.2M, and 820万 in Chinese. */
export const formatCount = (count: number, locale: Locale): string =>
  new Intl.NumberFormat(languages[locale], {
    notation: 'compact',
    maximumFractionDigits: 1,
  }).format(count);

/** A share (0..1) in percent: 3.9%. */
export const formatShare = (share: number, locale: Locale): string =>
  new Intl.NumberFormat(languages[locale], { style: 'percent', maximumFractionDigits: 1 }).format(
    share,
  );

/** A moment that each reader's own Discord puts into words: `R` as "3 days ago", `f` as a date. */
export const moment = (iso: string | Date, style: 'R' | 'f' | 't' = 'R'): string =>
  `<t:${Math.floor(new Date(iso).getTime() / 1000)}:${style}>`;

/** A part (0..1) as five characters. */
export function tinyBar(part: number): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * 5);
  return `${'▰'.repeat(full)}${'▱'.repeat(5 - full)}`;
}

/** Words of people and of strangers: at most `most` characters, and nothing in them is markup. */
export const quoted = (words: string, most: number): string => escapeText(cut(words.trim(), most));

/** Secondary facts in small print, on one line. */
export const small = (...facts: readonly (string | null)[]): string =>
  `-# ${facts.filter((fact) => fact !== null).join(' · ')}`;

/** An address of the web that Discord takes in a button (512 characters) or as media (2,048), else null. */
export function webAddress(address: string | null, most: number): string | null {
  if (address === null || address.length > most) return null;
  const url = URL.parse(address);
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? address : null;
}
