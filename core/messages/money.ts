import type { Locale } from './catalogue.ts';

const languages: Record<Locale, string> = { en: 'en-US', zh: 'zh-CN' };

/** An amount as its reader writes it: 900 and `usd` are $9.00. @param amount in the smallest unit. */
export function formatMoney(amount: number, currency: string, locale: Locale): string {
  const format = new Intl.NumberFormat(languages[locale], {
    style: 'currency',
    currency: currency.toUpperCase(),
  });
  // Some currencies have no smaller unit.
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

/** The same as a plain number for spreadsheets: 900 and `usd` are 9.00. @param amount in the smallest unit. */
export function plainMoney(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: currency.toUpperCase(),
  });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return (amount / 10 ** digits).toFixed(digits);
}
