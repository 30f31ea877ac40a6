import { fc } from '@fast-check/vitest';
import { expect, test } from 'vitest';

import { monthAfter } from './month.ts';

const after = (date: string, anchor: string): string =>
  monthAfter(new Date(date), new Date(anchor)).toISOString();

test.each([
  ['2026-01-31T10:00:00.000Z', '2026-02-28T10:00:00.000Z'],
  ['2026-02-28T10:00:00.000Z', '2026-03-31T10:00:00.000Z'],
  ['2026-03-31T10:00:00.000Z', '2026-04-30T10:00:00.000Z'],
  ['2026-12-31T10:00:00.000Z', '2027-01-31T10:00:00.000Z'],
  ['2028-01-31T10:00:00.000Z', '2028-02-29T10:00:00.000Z'],
  ['2028-02-29T10:00:00.000Z', '2028-03-31T10:00:00.000Z'],
])('months that begin on a 31st: after %s comes %s', (date, next) => {
  expect(after(date, '2026-01-31T10:00:00.000Z')).toBe(next);
});

test.each([
  ['2026-11-22T08:00:00.000Z', '2026-12-22T08:00:00.000Z'],
  ['2026-11-22T07:59:59.999Z', '2026-11-22T08:00:00.000Z'],
  ['2026-11-22T08:00:00.001Z', '2026-12-22T08:00:00.000Z'],
  // Nobody looked for months.
  ['2027-05-30T00:00:00.000Z', '2027-06-22T08:00:00.000Z'],
  // Before it all began.
  ['2026-10-23T00:00:00.000Z', '2026-11-22T08:00:00.000Z'],
  ['2025-01-01T00:00:00.000Z', '2025-01-22T08:00:00.000Z'],
])('wherever in a month one asks: after %s comes %s', (date, next) => {
  expect(after(date, '2026-11-22T08:00:00.000Z')).toBe(next);
});

test('a leap day comes back in leap years, and is the last of February in others', () => {
  expect(after('2027-02-01T00:00:00.000Z', '2028-02-29T12:00:00.000Z')).toBe(
    '2027-02-28T12:00:00.000Z',
  );
  expect(after('2032-02-01T00:00:00.000Z', '2028-02-29T12:00:00.000Z')).toBe(
    '2032-02-29T12:00:00.000Z',
  );
});

test('neither date is changed', () => {
  const [date, anchor] = [new Date('2026-01-31T00:00:00Z'), new Date('2026-01-31T00:00:00Z')];
  monthAfter(date, anchor);
  expect([date, anchor].map((one) => one.toISOString())).toEqual(
    Array.from({ length: 2 }, () => '2026-01-31T00:00:00.000Z'),
  );
});

test('step by step no month is left out, and none is over 31 days or on a wrong day', () => {
  const moments = fc.date({
    min: new Date('2020-01-01T00:00:00Z'),
    max: new Date('2040-01-01T00:00:00Z'),
    noInvalidDate: true,
  });
  const property = fc.property(moments, moments, (date, anchor) => {
    let at = monthAfter(date, anchor);
    expect(at > date).toBe(true);
    for (let step = 0; step < 30; step += 1) {
      const next = monthAfter(at, anchor);
      const months = (moment: Date) => moment.getUTCFullYear() * 12 + moment.getUTCMonth();
      expect(months(next) - months(at)).toBe(1);
      expect(monthAfter(new Date(next.getTime() - 1), anchor)).toEqual(next);
      const lastDay = new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 0));
      expect(next.getUTCDate()).toBe(Math.min(anchor.getUTCDate(), lastDay.getUTCDate()));
      expect(next.getTime() % 86_400_000).toBe(anchor.getTime() % 86_400_000);
      at = next;
    }
  });
  fc.assert(property, { numRuns: 300, seed: 7 });
});
