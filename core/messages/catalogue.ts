import { en, type Catalogue } from './en.ts';
import { zh } from './zh.ts';

export const locales = ['en', 'zh'] as const;
export type Locale = (typeof locales)[number];

const catalogues: Record<Locale, Catalogue> = { en, zh };

export const catalogue = (locale: Locale): Catalogue => catalogues[locale];

/** Sentences that follow each other; Chinese puts no space between them. */
export const joinSentences = (sentences: readonly string[], locale: Locale): string =>
  sentences.join(locale === 'zh' ? '' : ' ');

/** The language of a tag such as `zh_CN.UTF-8` or `en-GB`; English for every other one. */
export const localeOf = (tag: string): Locale => (/^zh\b|^zh[_-]/i.test(tag) ? 'zh' : 'en');
