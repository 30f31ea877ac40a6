type Local = readonly [year: number, month: number, day: number, hour: number, minute: number];

/** What the clock on the wall shows in a time zone, as if it were UTC. */
function wallClock(moment: Date, timeZone: string): number {
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
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
}

/** The moment at which the clock on the wall shows this; one that summer time skips is moved along. */
function momentOf([year, month, day, hour, minute]: Local, timeZone: string): Date {
  const shown = Date.UTC(year, month - 1, day, hour, minute);
  const guess = shown - (wallClock(new Date(shown), timeZone) - shown);
  return new Date(guess + shown - wallClock(new Date(guess), timeZone));
}

/** 20:00 in a time zone, today (0) or so many days later. */
export function atEight(now: Date, timeZone: string, daysLater: number): Date {
  const today = new Date(wallClock(now, timeZone));
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
