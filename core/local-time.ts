import type { Locale } from './messages/catalogue.ts';

/** The IANA name in its usual spelling, such as `Asia/Shanghai`; null for what is none. */
export function timeZoneNamed(text: string): string | null {
  // Offsets such as +08:00 are accepted by Intl and follow no summer time: they are not names.
  if (!/^[A-Za-z]/.test(text)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/**
 * A moment as people of a time zone read it, to the minute: `2026-11-22 20:00 (Asia/Shanghai)`.
 * @param timeZone IANA name. @throws RangeError for what is none.
 */
export function formatMoment(moment: Date, timeZone: string, locale: Locale): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((found) => found.type === type)?.value ?? '';
  const day = [part('year').padStart(4, '0'), part('month'), part('day')].join('-');
  const time = `${day} ${part('hour')}:${part('minute')}`;
  return locale === 'zh' ? `${time}（${timeZone}）` : `${time} (${timeZone})`;
}
