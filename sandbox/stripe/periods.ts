import type { LineRecord, PriceRecord, SubscriptionRecord } from './records.ts';

type Interval = NonNullable<PriceRecord['interval']>;

/** The end of the first period that begins at `anchor` and ends after `start`, in seconds. */
export function periodEndAfter(anchor: number, start: number, interval: Interval): number {
  for (let count = 1; ; count += 1) {
    const end = moved(anchor, interval, count);
    if (end > start) return end;
  }
}

function moved(anchor: number, interval: Interval, count: number): number {
  if (interval === 'day') return anchor + count * 86_400;
  if (interval === 'week') return anchor + count * 7 * 86_400;
  const months = interval === 'month' ? count : 12 * count;
  const from = new Date(anchor * 1000);
  const day = from.getUTCDate();
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(to.getUTCMonth() + months);
  const last = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(day, last));
  return to.getTime() / 1000;
}

type Change = {
  readonly item: string;
  readonly before: PriceRecord;
  readonly after: PriceRecord;
  readonly quantityBefore: number;
  readonly quantity: number;
};

type ProrationLine = Omit<LineRecord, 'id'>;

/** Credit for the rest of the period at the old price, and the charge for it at the new one. */
export function prorate(
  { periodStart, periodEnd }: SubscriptionRecord,
  change: Change,
  at: number,
): ProrationLine[] {
  const rest = Math.max(0, periodEnd - at) / (periodEnd - periodStart);
  const common = { item: change.item, isProration: true, periodStart: at, periodEnd } as const;
  const { before, after, quantityBefore, quantity } = change;
  return [
    {
      ...common,
      amount: -Math.round(before.amount * quantityBefore * rest),
      description: `Unused time on ${before.name}`,
      price: before.id,
      quantity: quantityBefore,
    },
    {
      ...common,
      amount: Math.round(after.amount * quantity * rest),
      description: `Remaining time on ${after.name}`,
      price: after.id,
      quantity,
    },
  ];
}
