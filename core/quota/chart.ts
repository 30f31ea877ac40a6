import type { Services } from '../context.ts';
import type { Locale } from '../messages/catalogue.ts';
import { quotaWords } from '../messages/quota.ts';
import { readUsage, type MonthOfUse } from './usage.ts';

const languages: Record<Locale, string> = { en: 'en', zh: 'zh-CN' };

/** What was used and got in each month, as a PNG; null where there was neither. */
export async function drawUsage(
  { ports }: Pick<Services, 'ports'>,
  months: readonly MonthOfUse[],
  locale: Locale,
): Promise<Buffer | null> {
  if (months.every(({ used, granted }) => used === 0 && granted === 0)) return null;
  const words = quotaWords[locale].chart;
  const label = new Intl.DateTimeFormat(languages[locale], { timeZone: 'UTC', month: 'short' });
  const numbers = new Intl.NumberFormat(languages[locale]);
  return ports.charts.draw({
    look: 'bars',
    title: words.title({ months: months.length }),
    labels: months.map(({ month }) => label.format(new Date(`${month}-01T00:00:00Z`))),
    main: { name: words.used, values: months.map(({ used }) => used) },
    others: [{ name: words.granted, values: months.map(({ granted }) => granted) }],
    format: (value) => numbers.format(value),
  });
}

/** The same as it is now, for an account. @param who.timeZone IANA name. */
export async function drawUsageOf(
  services: Services,
  who: { readonly accountId: string; readonly locale: Locale; readonly timeZone: string },
): Promise<Buffer | null> {
  const now = services.clock.now();
  return drawUsage(services, await readUsage(services.database.db, { ...who, now }), who.locale);
}
