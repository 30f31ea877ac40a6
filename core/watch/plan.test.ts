import { describe, expect, test } from 'vitest';

import type { Platform } from '../ports/trend-source.ts';
import { leastDailyUsd, planLook } from './plan.ts';

const all: readonly Platform[] = ['tiktok', 'youtube', 'instagram'];

describe('what a look may cost', () => {
  test.each([
    [1, 24, 0.03],
    [2, 24, 0.05],
    [3, 24, 0.08],
    [2, 12, 0.1],
    [2, 6, 0.2],
    [3, 6, 0.3],
  ])('%i platforms every %i h need %d US dollars a day', (count, everyHours, usd) => {
    expect(leastDailyUsd({ platforms: all.slice(0, count), everyHours })).toBe(usd);
  });

  test('is its share of the day, as far as 20 videos on each platform go', () => {
    const settings = { platforms: all.slice(0, 2), everyHours: 12, dailyUsd: 0.5 };
    expect(planLook(settings, 0.5)).toEqual({ maxItems: 20, maxCostUsd: 0.1 });
    expect(planLook({ ...settings, dailyUsd: 0.2 }, 0.2)).toEqual({
      maxItems: 10,
      maxCostUsd: 0.05,
    });
  });

  test.each([
    [0.051, { maxItems: 5, maxCostUsd: 0.025 }],
    [0.05, { maxItems: 5, maxCostUsd: 0.025 }],
    [0.049, null],
    [0, null],
    [-1, null],
  ])('with %d US dollars left', (left, plan) => {
    const settings = { platforms: all.slice(0, 2), everyHours: 12, dailyUsd: 0.5 };
    expect(planLook(settings, left)).toEqual(plan);
  });

  test('never adds up to more than the cap of a day', () => {
    for (const count of [1, 2, 3])
      for (const everyHours of [6, 12, 24])
        for (const dailyUsd of [0.05, 0.07, 0.1, 0.2, 0.3, 0.31, 0.5, 1, 5]) {
          const platforms = all.slice(0, count);
          const plan = planLook({ platforms, everyHours, dailyUsd }, dailyUsd);
          const isEnough = dailyUsd >= leastDailyUsd({ platforms, everyHours });
          expect(plan !== null || !isEnough).toBe(true);
          const usd = (plan?.maxCostUsd ?? 0) * count * (24 / everyHours);
          expect(usd).toBeLessThanOrEqual(dailyUsd + 1e-9);
        }
  });
});
