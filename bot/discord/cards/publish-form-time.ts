import { wallClockOf } from '../../../core/local-time.ts';

type Local = readonly [year: number, month: number, day: number, hour: number, minute: number];

/** The moment at which the clock on the wall shows this; one that summer time skips is moved along. */
function momentOf([year, month, day, hour, minute]: Local, timeZone: string): Date {
  const shown = Date.UTC(year, month - 1, day, hour, minute);
  const guess = shown - (wallClockOf(new Date(shown), timeZone).getTime() - shown);
  return new Date(guess + shown - wallClockOf(new Date(guess), timeZone).getTime());
}

/** 20:00 in a time zone, today (0) or so many days later. */
export function atEight(now: Date, timeZone: string, daysLater: number): Date {
  const today = wallClockOf(now, timeZone);
  const day = today.getUTCDate() + daysLater;
  return momentOf([today.getUTCFullYear(), today.getUTCMonth() + 1, day, 20, 0], timeZone);
}

/** Reads `2026-12-01 20:00` in a time zone; null for what is no such time. */
export function parseLocal(typed: string, timeZone: string): Date | null {
  const pattern = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]+(\d{1,2})[:：](\d{2})$/u;
  const found = pattern.exec(typed.trim());
  if (!found) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = found.slice(1).map(Number);
  const shown = new Date(Date.UTC(year, month - 1, day, hour, minute));
  // 30 February and 24:00 are no times of a clock.
  const isReal =
    shown.getUTCMonth() === month - 1 &&
    shown.getUTCDate() === day &&
    shown.getUTCHours() === hour &&
    shown.getUTCMinutes() === minute;
  return isReal ? momentOf([year, month, day, hour, minute], timeZone) : null;
}
