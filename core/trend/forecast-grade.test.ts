import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';

import { gradeForecasts, type GradedForecast } from './forecast-grade.ts';

const forecast: fc.Arbitrary<GradedForecast> = fc.record({
  // Few values, so that many are tied.
  score: fc.oneof(fc.integer({ min: 68, max: 72 }), fc.double({ min: 0, max: 100, noNaN: true })),
  views: fc.oneof(fc.nat(3), fc.nat(9_000_000_000)),
});
const forecasts = fc.array(forecast, { maxLength: 30 });
const pairs = (...list: readonly (readonly [number, number])[]): GradedForecast[] =>
  list.map(([score, views]) => ({ score, views }));
const correlationOf = (list: readonly GradedForecast[]): number | null =>
  gradeForecasts(list).correlation;

/** By the definition: how many are below, and half of those that are equal. */
const slowRank = (values: readonly number[]): number[] =>
  values.map(
    (value) =>
      values.filter((other) => other < value).length +
      (values.filter((other) => other === value).length + 1) / 2,
  );

function slowCorrelation(list: readonly GradedForecast[]): number {
  const a = slowRank(list.map(({ score }) => score));
  const b = slowRank(list.map(({ views }) => views));
  const sum = (of: (index: number) => number) =>
    a.reduce((total, _, index) => total + of(index), 0);
  const n = a.length;
  const [x, y] = [(index: number) => a[index] ?? NaN, (index: number) => b[index] ?? NaN];
  const covariance = n * sum((i) => x(i) * y(i)) - sum(x) * sum(y);
  const spread = (of: (index: number) => number) => n * sum((i) => of(i) ** 2) - sum(of) ** 2;
  return covariance / Math.sqrt(spread(x) * spread(y));
}

describe('the rank correlation', () => {
  test.each<[string, GradedForecast[], number | null]>([
    ['same order', pairs([10, 1], [20, 2], [30, 300], [40, 301], [50, 9e9]), 1],
    ['reversed', pairs([10, 5], [20, 4], [30, 3], [40, 2], [50, 1]), -1],
    ['one pair exchanged', pairs([10, 1], [20, 2], [30, 3], [40, 5], [50, 4]), 0.9],
    // Worked by hand: ranks 1.5 1.5 3 4 5 and 1 2 3.5 3.5 5.
    ['ties', pairs([10, 0], [10, 5], [30, 7], [40, 7], [50, 8]), 9 / 9.5],
    ['four', pairs([10, 1], [20, 2], [30, 3], [40, 4]), null],
    ['none', [], null],
    ['equal scores', pairs([70, 1], [70, 2], [70, 3], [70, 4], [70, 5]), null],
    ['equal views', pairs([10, 0], [20, 0], [30, 0], [40, 0], [50, 0]), null],
  ])('of %s', (_, list, expected) => {
    const found = correlationOf(list);
    expect(found === null ? null : Number(found.toFixed(12))).toBe(
      expected === null ? null : Number(expected.toFixed(12)),
    );
  });

  property.prop([forecasts])('is within -1 and 1, or absent for a stated reason', (list) => {
    const found = correlationOf(list);
    const kinds = (values: readonly number[]) => new Set(values).size;
    const canTell =
      list.length >= 5 &&
      kinds(list.map(({ score }) => score)) > 1 &&
      kinds(list.map(({ views }) => views)) > 1;
    expect(found !== null).toBe(canTell);
    if (found === null) return;
    expect(found).toBeGreaterThanOrEqual(-1);
    expect(found).toBeLessThanOrEqual(1);
    expect(found).toBeCloseTo(slowCorrelation(list), 9);
  });

  property.prop([forecasts, fc.infiniteStream(fc.nat())])(
    'does not depend on the order of the list',
    (list, keys) => {
      const shuffled = list
        .map((entry) => ({ entry, key: keys.next().value ?? 0 }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ entry }) => entry);
      expect(gradeForecasts(shuffled)).toEqual(gradeForecasts(list));
    },
  );

  property.prop([forecasts])('knows the order only, and turns around with it', (list) => {
    const found = correlationOf(list);
    // Exact in floating point for whole numbers of this size.
    const grown = list.map(({ score, views }) => ({ score, views: views * 1024 + 7 }));
    expect(correlationOf(grown)).toBe(found);
    const turned = correlationOf(list.map(({ score, views }) => ({ score: -score, views })));
    if (found === null) expect(turned).toBeNull();
    else expect(turned).toBeCloseTo(-found, 12);
  });
});

describe('the median views', () => {
  test('are told apart at a score of 70', () => {
    const list = pairs([69.9, 10], [70, 300], [70.1, 100], [100, 200], [0, 20]);
    expect(gradeForecasts(list)).toMatchObject({
      graded: 5,
      medianViews: { high: 200, low: 15 },
    });
  });

  test('are unknown where there are none', () => {
    expect(gradeForecasts([]).medianViews).toEqual({ high: null, low: null });
    expect(gradeForecasts(pairs([70, 0])).medianViews).toEqual({ high: 0, low: null });
    expect(gradeForecasts(pairs([69.99, 4])).medianViews).toEqual({ high: null, low: 4 });
  });

  property.prop([forecasts])('have as many above as below', (list) => {
    const { high, low } = gradeForecasts(list).medianViews;
    for (const [found, isHigh] of [
      [high, true],
      [low, false],
    ] as const) {
      const own = list.filter(({ score }) => score >= 70 === isHigh).map(({ views }) => views);
      expect(found !== null).toBe(own.length > 0);
      if (found === null) continue;
      const below = own.filter((views) => views < found).length;
      const above = own.filter((views) => views > found).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(own.length / 2);
    }
  });
});
