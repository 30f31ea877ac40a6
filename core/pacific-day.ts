const pacificParts = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  hourCycle: 'h23',
});

function readPacific(at: Date): { year: number; month: number; day: number; hour: number } {
  const parts = new Map(pacificParts.formatToParts(at).map(({ type, value }) => [type, value]));
  const part = (name: 'year' | 'month' | 'day' | 'hour') => Number(parts.get(name));
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour') };
}

/** Seconds until the next midnight in Pacific time, when Google's daily quotas renew. At least 1. */
export function secondsUntilPacificMidnight(now: Date): number {
  const { year, month, day } = readPacific(now);
  const standard = Date.UTC(year, month - 1, day + 1, 8);
  // In summer 08:00 UTC is one in the morning there.
  const midnight = standard - readPacific(new Date(standard)).hour * 3_600_000;
  return Math.max(1, Math.ceil((midnight - now.getTime()) / 1000));
}

/** The day in Pacific time, such as 2026-11-23. */
export function pacificDay(at: Date): string {
  const { year, month, day } = readPacific(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}`;
}
