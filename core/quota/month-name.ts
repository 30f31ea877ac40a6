import { z } from 'zod';

/** A month of the calendar, such as 2026-11. */
export const monthSchema = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/);

/** Tells the month that a moment lies in, on the calendar of a time zone. @param timeZone IANA name. */
export function monthReader(timeZone: string): (moment: Date) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
  });
  return (moment) => {
    const parts = format.formatToParts(moment);
    const part = (type: Intl.DateTimeFormatPartTypes) =>
      parts.find((found) => found.type === type)?.value ?? '';
    return `${part('year').padStart(4, '0')}-${part('month')}`;
  };
}

/** So many months up to this one, from the oldest on. */
export function monthsUpTo(month: string, count: number): string[] {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(year, number - count + index, 1)).toISOString().slice(0, 7),
  );
}
