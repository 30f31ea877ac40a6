import type { Language } from './language.ts';

const tags: Readonly<Record<Language, string>> = { en: 'en-US', zh: 'zh-CN' };

/** An amount in the smallest unit of its currency, as people write it. */
export function moneyText(amount: number, currency: string, language: Language): string {
  const format = new Intl.NumberFormat(tags[language], { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

/** The day, by UTC. */
export const dayText = (date: Date, language: Language): string =>
  new Intl.DateTimeFormat(tags[language], { dateStyle: 'long', timeZone: 'UTC' }).format(date);
