import type { Locale } from './messages/catalogue.ts';

/** The language in which something written about `text` should be. */
export const languageOf = (text: string): Locale => (/\p{Script=Han}/u.test(text) ? 'zh' : 'en');

/** Whether a whole text is in that language; a name in the other script does not change it. */
export function isIn(language: Locale, text: string): boolean {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return han > Array.from(text).length / 10 === (language === 'zh');
}
