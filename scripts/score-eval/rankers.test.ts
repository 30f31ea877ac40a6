import { expect, it } from 'vitest';

import type { CohortItem } from './cohorts.ts';
import { rankers } from './rankers.ts';

const item = (more: Partial<CohortItem>): CohortItem => ({
  views: 100,
  likes: null,
  comments: null,
  shares: null,
  publishedAt: null,
  capturedAt: '2026-01-02T00:00:00Z',
  previous: null,
  outcome: { views: null },
  ...more,
});

it('views per hour come from the age, else from the look before, else are 0', () => {
  const previous = { views: 40, capturedAt: '2026-01-01T12:00:00Z' };
  const items = [
    item({ publishedAt: '2026-01-01T00:00:00Z', previous }),
    item({ previous }),
    item({ previous: { ...previous, views: 400 } }),
    item({ publishedAt: '2026-01-01T23:59:00Z' }),
    item({}),
  ];
  expect(rankers['views per hour'](items)).toStrictEqual([100 / 24, 5, 0, 100, 0]);
});

it('the naive formula stretches each number and leaves out what nobody tells', () => {
  const naive = rankers['naive min-max'];
  const publishedAt = '2026-01-01T00:00:00Z';
  // Views 0, 1/3 and 1; growth the same; no likes: weights 40, 20 and 10 are left.
  const views = [100, 200, 400].map((count) => item({ views: count, publishedAt }));
  const expected = [5 / 0.7, (40 / 3 + 20 / 3 + 5) / 0.7, 65 / 0.7];
  for (const [index, value] of naive(views).entries())
    expect(value).toBeCloseTo(expected[index] ?? 0, 9);
  // Hidden likes count 0 beside told ones; equal values count a half.
  const likes = [item({ likes: 10, comments: 5, shares: 5 }), item({ likes: 5 }), item({})];
  const engaged = naive(likes);
  expect(engaged[0]).toBeCloseTo((20 + 30 + 5) / 0.8, 9);
  expect(engaged[1]).toBeCloseTo((20 + 7.5 + 5) / 0.8, 9);
  expect(engaged[2]).toBeCloseTo((20 + 5) / 0.8, 9);
});

it('our score is the product’s own', () => {
  const [many, few] = rankers['our score']([item({ views: 5e6 }), item({ views: 10 })]);
  expect(many).toBeGreaterThan(few ?? 100);
  expect(many).toBeLessThanOrEqual(100);
});
