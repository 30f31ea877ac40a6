/**
 * The first moment after `date` that is a whole number of months from `anchor`, in UTC. A month that
 * lacks the anchor's day ends on its last: 31 January, 28 February, 31 March.
 */
export function monthAfter(date: Date, anchor: Date): Date {
  const months = monthsOf(date) - monthsOf(anchor);
  const inSameMonth = monthsFrom(anchor, months);
  return inSameMonth > date ? inSameMonth : monthsFrom(anchor, months + 1);
}

const monthsOf = (date: Date): number => date.getUTCFullYear() * 12 + date.getUTCMonth();

function monthsFrom(anchor: Date, months: number): Date {
  const moved = new Date(anchor);
  // From the first day, as the day of the anchor may not exist there.
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0));
  moved.setUTCDate(Math.min(anchor.getUTCDate(), lastDay.getUTCDate()));
  return moved;
}
