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
 * What the clock on the wall shows in a time zone, to the minute, as if it were UTC.
 * @param timeZone IANA name. @throws RangeError for what is none.
 */
export function wallClockOf(moment: Date, timeZone: string): Date {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((found) => found.type === type)?.value ?? 0);
  return new Date(
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute')),
  );
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * The first moment of the day that it is in a time zone; where midnight is skipped for summer time,
 * that is when the clock was moved. @param timeZone IANA name.
 */
export function startOfDay(moment: Date, timeZone: string): Date {
  const midnight = wallClockOf(moment, timeZone).setUTCHours(0, 0, 0, 0);
  const offsetAt = (time: number): number =>
    wallClockOf(new Date(time), timeZone).getTime() - Math.floor(time / minuteMs) * minuteMs;
  const near = midnight - offsetAt(moment.getTime());
  // The clock may have been moved around midnight: each side has an offset of its own.
  const starts = [-3, 0, 3].map((hours) => midnight - offsetAt(near + hours * hourMs));
  const exact = starts.filter(
    (start) => wallClockOf(new Date(start), timeZone).getTime() === midnight,
  );
  return new Date(exact.length > 0 ? Math.min(...exact) : Math.max(...starts));
}

/** A moment as people of a time zone read it, to the minute: `2026-11-22 20:00 (Asia/Shanghai)`. */
export function formatMoment(moment: Date, timeZone: string, locale: Locale): string {
  const time = wallClockOf(moment, timeZone).toISOString().slice(0, 16).replace('T', ' ');
  return locale === 'zh' ? `${time}（${timeZone}）` : `${time} (${timeZone})`;
}
