import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';

import { secondsAfter } from '../clock.ts';
import { platforms } from '../ports/trend-source.ts';
import { planSamples, type Asked, type Candidate } from './sample-plan.ts';

const now = new Date('2026-11-22T12:00:00Z');
const hoursAgo = (hours: number) => secondsAfter(now, -hours * 3600);
const trend = (id: string, hours: number, over: Partial<Candidate> = {}): Candidate => ({
  id,
  platform: 'youtube',
  url: `https://www.youtube.com/shorts/${id}`,
  seenAt: hoursAgo(hours),
  ...over,
});
const plan = (candidates: readonly Candidate[], asked: readonly Asked[] = [], budgetUsd = 1) =>
  planSamples(candidates, asked, { now, budgetUsd });
const chosen = (...given: Parameters<typeof plan>) =>
  plan(...given).flatMap(({ trendIds }) => trendIds);

describe('what is looked at again', () => {
  test.each([
    [5.999, []],
    [6, ['a']],
    [6.001, ['a']],
  ])('after %f hours: %o', (hours, ids) => {
    expect(chosen([trend('a', hours)])).toEqual(ids);
    const { url } = trend('a', 0);
    expect(chosen([trend('a', 99)], [{ address: url, at: hoursAgo(hours) }])).toEqual(ids);
  });

  test('goes oldest first, one errand for each platform, with what it may cost', () => {
    const tiktok = { platform: 'tiktok', url: 'https://www.tiktok.com/@a/video/7' } as const;
    const found = [trend('a', 7), trend('b', 30), trend('c', 9, tiktok), trend('d', 8)];
    expect(plan(found, [], 0.0159)).toEqual([
      {
        errand: {
          platform: 'youtube',
          addresses: ['https://www.youtube.com/shorts/b', 'https://www.youtube.com/shorts/d'],
          maxCostUsd: 0.01,
        },
        trendIds: ['b', 'd'],
      },
      {
        errand: { platform: 'tiktok', addresses: [tiktok.url], maxCostUsd: 0.005 },
        trendIds: ['c'],
      },
    ]);
  });

  test.each([
    [-0.2, 0],
    [0, 0],
    [0.0049, 0],
    [0.005, 1],
    [0.0099, 1],
    [0.01, 2],
    [0.1 + 0.05, 30],
    [100, 40],
  ])('for %f dollars is %i of 40', (budget, count) => {
    const found = Array.from({ length: 40 }, (_, at) => trend(`t${at}`, 10 + at));
    expect(chosen(found, [], budget)).toHaveLength(count);
  });

  test('waits from when it was asked for, so that pages which bring nothing do not crowd out others', () => {
    const missing = trend('gone', 500);
    const asked = [{ address: missing.url, at: hoursAgo(7) }];
    expect(chosen([missing, trend('b', 8)], asked)).toEqual(['b', 'gone']);
  });

  test.each([
    [2, ['a']],
    [3, []],
    [4, []],
  ])('is no page that %i looks in a row have not found: %o', (misses, ids) => {
    const { url } = trend('a', 0);
    const asked = Array.from({ length: misses }, (_, at) => ({
      address: url,
      at: hoursAgo(10 + at),
    }));
    expect(chosen([trend('a', 100)], asked)).toEqual(ids);
    // Seen since: it was found after all.
    expect(chosen([trend('a', 10)], asked)).toEqual(['a']);
  });

  const candidate = fc.record({
    id: fc.stringMatching(/^[a-z]{1,3}$/u),
    platform: fc.constantFrom(...platforms),
    hours: fc.integer({ min: 0, max: 100 }),
  });
  property.prop([fc.array(candidate), fc.float({ min: 0, max: 1, noNaN: true })])(
    'never costs more than it may, and takes nothing twice',
    (found, budget) => {
      const trends = found.map(({ id, platform, hours }) =>
        trend(id, hours, { platform, url: `https://x.example/${platform}/${id}` }),
      );
      const samples = plan(trends, [], budget);
      const cost = samples.reduce((sum, { errand }) => sum + errand.maxCostUsd, 0);
      expect(cost).toBeLessThanOrEqual(budget + 1e-6);
      for (const { errand } of samples) {
        expect(errand.addresses.length).toBeGreaterThan(0);
        expect(new Set(errand.addresses).size).toBe(errand.addresses.length);
      }
      expect(new Set(samples.map(({ errand }) => errand.platform)).size).toBe(samples.length);
    },
  );
});
