import { describe, expect, it } from 'vitest';

import { mean, measureCohort, measureOrder, rank } from './measures.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('rank', () => {
  it('gives equal values the mean of their ranks', () => {
    expect(rank([30, 10, 20])).toStrictEqual([3, 1, 2]);
    expect(rank([5, 1, 5, 9])).toStrictEqual([2.5, 1, 2.5, 4]);
    expect(rank([7, 7, 7])).toStrictEqual([2, 2, 2]);
    expect(rank([])).toStrictEqual([]);
  });
});

describe('the measures', () => {
  it('are 1 for the right order and as low as can be for its reverse', () => {
    expect(measureOrder(upTo(20), upTo(20), 1)).toStrictEqual({
      spearman: 1,
      precision: 1,
      ndcg: 1,
    });
    expect(measureOrder(upTo(20).toReversed(), upTo(20), 1)).toStrictEqual({
      spearman: -1,
      precision: 0,
      ndcg: 0,
    });
  });

  it('take Spearman’s correlation of ranks', () => {
    // One exchange of neighbours among five: 1 - 6 * 2 / (5 * 24).
    expect(measureOrder([1, 2, 3, 5, 4], [10, 20, 300, 4000, 50_000], 1).spearman).toBeCloseTo(0.9);
    // Two share the lowest place: ranks 1.5, 1.5, 3 against 1, 2, 3.
    expect(measureOrder([1, 1, 2], [1, 2, 3], 1).spearman).toBeCloseTo(Math.sqrt(0.75));
    expect(measureOrder([4, 4, 4], [1, 2, 3], 1).spearman).toBe(0);
  });

  it('count the common ones among the first ten, or half of fewer than twenty', () => {
    // Of four, two are looked at: one of them is right.
    expect(measureOrder([4, 1, 3, 2], [4, 3, 2, 1], 1).precision).toBe(0.5);
    const oneWrong = upTo(30).with(20, -1);
    expect(measureOrder(oneWrong, upTo(30), 1).precision).toBe(0.9);
  });

  it('weigh the grown by their place', () => {
    // Worths of eight by growth are 7, 3, 1, 1 and four times 0; three are at the right places.
    const found = 7 + 3 / Math.log2(3) + 1 / Math.log2(4);
    const ideal = found + 1 / Math.log2(5);
    const scores = [8, 7, 6, 4, 5, 3, 2, 1];
    expect(measureOrder(scores, [8, 7, 6, 5, 4, 3, 2, 1], 1).ndcg).toBeCloseTo(found / ideal, 9);
  });

  it('break ties by the seed, the same each time', () => {
    const flat = upTo(40).map(() => 50);
    const of = (seed: number) => measureOrder(flat, upTo(40), seed).ndcg;
    expect(of(3)).toBe(of(3));
    expect(new Set(upTo(20).map(of)).size).toBeGreaterThan(5);
    // No order is as good as any: far from the ideal on the average.
    expect(mean(upTo(200).map(of))).toBeLessThan(0.5);
  });

  it('rank those that left the chart last, or leave them out', () => {
    const item = (views: number, after: number | null) => ({
      views,
      likes: null,
      comments: null,
      shares: null,
      publishedAt: null,
      capturedAt: '2026-01-01T00:00:00Z',
      previous: null,
      outcome: { views: after },
    });
    const items = [item(10, 10), item(20, null), item(30, 90), item(40, 60)];
    const cohort = { source: 'X', items };
    const scores = [1, 9, 3, 2];
    expect(measureCohort({ ...cohort, dropoutsRankLast: false }, scores, 1).spearman).toBe(1);
    // Growth 0, -1, 60, 20 ranks 2, 1, 4, 3; scores rank 1, 4, 3, 2: 1 - 6 * 12 / 60.
    expect(measureCohort({ ...cohort, dropoutsRankLast: true }, scores, 1).spearman).toBeCloseTo(
      -0.2,
    );
  });
});
