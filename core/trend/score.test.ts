import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';

import { scoreSightings, type ScoreInput } from './score.ts';

const seenAt = new Date('2026-11-22T12:00:00Z');
const hoursAgo = (hours: number): Date => new Date(seenAt.getTime() - hours * 3_600_000);
const video = (over: Partial<ScoreInput> = {}): ScoreInput => ({
  platform: 'tiktok',
  kind: 'short',
  views: 10_000,
  likes: 400,
  comments: 20,
  shares: 10,
  publishedAt: hoursAgo(48),
  seenAt,
  previous: null,
  recommendation: 7,
  ...over,
});

const counter = fc.option(fc.oneof(fc.nat(1000), fc.nat(100_000_000), fc.constant(5e9)));
const moment = fc.date({
  min: new Date('2025-01-01'),
  max: new Date('2027-01-01'),
  noInvalidDate: true,
});
const input: fc.Arbitrary<ScoreInput> = fc.record({
  platform: fc.constantFrom('tiktok', 'youtube', 'instagram'),
  kind: fc.constantFrom('short', 'long'),
  views: counter,
  likes: counter,
  comments: counter,
  shares: counter,
  publishedAt: fc.option(moment),
  seenAt: moment,
  previous: fc.option(fc.record({ views: fc.nat(100_000_000), seenAt: moment })),
  recommendation: fc.option(fc.integer({ min: 1, max: 10 })),
});

const totalOf = (views: number, age: number): number =>
  scoreSightings([video({ views, likes: views * 0.04, publishedAt: hoursAgo(age) })])[0]?.total ??
  0;
const spread = (items: readonly ScoreInput[]): number => {
  const views = scoreSightings(items)
    .slice(0, 30)
    .map(({ parts }) => parts.views);
  return Math.max(...views) - Math.min(...views);
};

describe('the score', () => {
  test.prop([fc.array(input, { maxLength: 40 })])(
    'is defined and bounded for every mix',
    (items) => {
      const scores = scoreSightings(items);
      expect(scores).toHaveLength(items.length);
      for (const { total, parts, confidence } of scores) {
        for (const part of [...Object.values(parts), confidence, total / 100]) {
          expect(part).toBeGreaterThanOrEqual(0);
          expect(part).toBeLessThanOrEqual(1);
        }
      }
    },
  );

  test.prop([fc.array(input, { maxLength: 30 })])('does not depend on the order', (items) => {
    const totals = scoreSightings(items).map(({ total }) => total);
    const reversed = scoreSightings(items.toReversed()).map(({ total }) => total);
    expect(reversed.toReversed()).toEqual(totals);
  });

  test.prop([fc.array(fc.nat(50_000_000), { minLength: 2, maxLength: 40 })])(
    'never falls with more views, all else being equal',
    (views) => {
      const sorted = views.toSorted((a, b) => a - b);
      const scores = scoreSightings(
        sorted.map((count) => video({ views: count, likes: null, comments: null, shares: null })),
      );
      for (const [index, { total, parts }] of scores.entries()) {
        const before = scores[index - 1];
        expect(total).toBeGreaterThanOrEqual((before?.total ?? 0) - 1e-9);
        expect(parts.views).toBeGreaterThanOrEqual(before?.parts.views ?? 0);
      }
    },
  );

  test.prop([input, fc.integer({ min: 1, max: 20 })])(
    'is the same for identical items',
    (item, times) => {
      const scores = scoreSightings(Array.from({ length: times }, () => ({ ...item })));
      for (const score of scores) expect(score).toEqual(scores[0]);
    },
  );

  test.prop([fc.array(input, { minLength: 1, maxLength: 20 })])(
    'of one platform and kind does not depend on the others',
    (items) => {
      const own = items.filter((item) => item.platform === 'tiktok' && item.kind === 'short');
      const mixed = scoreSightings(items).filter(
        (_, index) => items[index]?.platform === 'tiktok' && items[index]?.kind === 'short',
      );
      expect(mixed).toEqual(scoreSightings(own));
    },
  );

  test.prop([
    fc.record({
      views: fc.double(),
      likes: fc.double(),
      seenAt: fc.date(),
      publishedAt: fc.date(),
      recommendation: fc.double(),
    }),
  ])('is never NaN, whatever is put in', (odd) => {
    for (const { total } of scoreSightings([video(odd), video()])) {
      expect(total).toBeGreaterThanOrEqual(0);
      expect(total).toBeLessThanOrEqual(100);
    }
  });

  it('counts a missing part as a half and says so', () => {
    const [score] = scoreSightings([
      video({ views: null, likes: null, publishedAt: null, recommendation: null }),
    ]);
    expect(score).toMatchObject({
      total: 50,
      parts: { views: 0.5, engagement: 0.5, growth: 0.5, quality: 0.5 },
      incomplete: true,
      confidence: 0,
    });
  });

  it('is complete and surer where everything is known and many can be compared', () => {
    const [alone] = scoreSightings([video()]);
    const [among] = scoreSightings(Array.from({ length: 40 }, () => video()));
    expect(alone?.incomplete).toBe(false);
    expect(among?.confidence).toBeGreaterThan(alone?.confidence ?? 1);
  });

  it('gives a lone video a sane absolute score', () => {
    expect(totalOf(459, 30 * 24)).toBeLessThan(45);
    expect(totalOf(20_000_000, 48)).toBeGreaterThan(75);
  });

  it('is not impressed by two likes on three views', () => {
    const usual = Array.from({ length: 20 }, (_, index) => video({ views: 5000 + index }));
    const tiny = scoreSightings([video({ views: 3, likes: 3, comments: 2 }), ...usual])[0];
    expect(tiny?.parts.engagement).toBeLessThan(0.6);
  });

  it('lets no absurd item press the others together', () => {
    const usual = Array.from({ length: 30 }, (_, index) => video({ views: 1000 * 1.2 ** index }));
    expect(spread([...usual, video({ views: 5e12 })])).toBeGreaterThan(0.6 * spread(usual));
  });

  it('reads growth from the age, and from two looks where the age is unknown', () => {
    const [young, old] = scoreSightings([
      video({ publishedAt: hoursAgo(6) }),
      video({ publishedAt: hoursAgo(600) }),
    ]);
    expect(young?.parts.growth).toBeGreaterThan(old?.parts.growth ?? 1);
    const look = { seenAt: hoursAgo(24) };
    const [fast, slow] = scoreSightings([
      video({ publishedAt: null, previous: { ...look, views: 1000 } }),
      video({ publishedAt: null, previous: { ...look, views: 9999 } }),
    ]);
    expect(fast?.parts.growth).toBeGreaterThan(slow?.parts.growth ?? 1);
  });

  it('lets no video near the top lose by its own views', () => {
    const others = [8, 10, 12, 13, 13.9, 14, 14.1, 14.2, 14.3, 18];
    const near = (power: number) =>
      scoreSightings([...others, power].map((one) => video({ views: Math.exp(one) }))).at(-1)?.parts
        .views ?? 0;
    for (let power = 14.4; power < 18; power += 0.1)
      expect(near(power + 0.1)).toBeGreaterThanOrEqual(near(power));
  });

  it('places the recommendation between 1 and 10', () => {
    const quality = (recommendation: number) =>
      scoreSightings([video({ recommendation })])[0]?.parts.quality;
    expect([1, 5.5, 10].map(quality)).toStrictEqual([0, 0.5, 1]);
    expect([0, 11].map(quality)).toStrictEqual([0, 1]);
  });

  it('counts a measured gain beside the age where both are known', () => {
    const growth = (gained: number, hours = 24) =>
      scoreSightings([
        video({ previous: { views: 10_000 - gained, seenAt: hoursAgo(hours) } }),
        video({ views: 3000 }),
        video({ views: 90_000 }),
      ])[0]?.parts.growth ?? 0;
    const guessed = scoreSightings([video(), video({ views: 3000 }), video({ views: 90_000 })])[0];
    expect(growth(9000)).toBeGreaterThan(guessed?.parts.growth ?? 1);
    expect(growth(100)).toBeLessThan(guessed?.parts.growth ?? 0);
    // Within minutes nothing is measured, so nothing is concluded.
    expect(growth(0, 0.01)).toBeGreaterThan(0.95 * (guessed?.parts.growth ?? 1));
    expect(growth(0, 1)).toBeLessThan(0.8 * (guessed?.parts.growth ?? 0));
  });

  it('takes no look from the future for an earlier one', () => {
    const future = { views: 1, seenAt: hoursAgo(-5) };
    const [alone] = scoreSightings([video({ previous: future })]);
    expect(alone).toStrictEqual(scoreSightings([video()])[0]);
    expect(scoreSightings([video({ publishedAt: null, previous: future })])[0]?.parts.growth).toBe(
      0.5,
    );
  });

  it('keeps the four weights', () => {
    const unknown = { views: null, likes: null, publishedAt: null, recommendation: null };
    const [best] = scoreSightings([
      video({ ...unknown, recommendation: 10 }),
      video({ ...unknown }),
    ]);
    expect(best).toMatchObject({ total: 55, confidence: 0.1 });
    for (const { total, parts } of scoreSightings([video(), video({ views: 77_777, likes: 9 })])) {
      const { views, engagement, growth, quality } = parts;
      expect(total).toBeCloseTo(40 * views + 30 * engagement + 20 * growth + 10 * quality, 9);
    }
  });

  it('is as sure as its parts are known and can be compared', () => {
    const sure = (items: readonly ScoreInput[]) => scoreSightings(items)[0]?.confidence;
    // One of one weighs 1/9, eight weigh 1/2.
    expect(sure([video()])).toBeCloseTo(0.9 * (5 / 9) + 0.1, 9);
    expect(sure(Array.from({ length: 8 }, () => video()))).toBeCloseTo(0.9 * 0.75 + 0.1, 9);
    expect(sure([video({ likes: null })])).toBeCloseTo(0.6 * (5 / 9) + 0.1, 9);
    const previous = { views: 1, seenAt: hoursAgo(24) };
    expect(sure([video({ publishedAt: null, previous })])).toBeCloseTo(0.9 * (5 / 9) + 0.1, 9);
    const hidden = Array.from({ length: 7 }, () => video({ likes: null }));
    expect(sure([video(), ...hidden])).toBeCloseTo(0.6 * 0.75 + 0.3 * (5 / 9) + 0.1, 9);
  });

  it('tells beside the score what rises and what stands out in its channel', () => {
    const look = { views: 2000, seenAt: hoursAgo(24) };
    const [one, other] = scoreSightings([
      video({ channel: 'a', previous: look }),
      video({ channel: 'a', previous: { ...look, views: 9999 } }),
      video({ channel: 'a', views: 2500 }),
      video({ channel: 'a', views: 2500 }),
    ]);
    expect(one).toMatchObject({ rising: true, timesChannelMedian: 4 });
    expect(other).toMatchObject({ rising: false });
    expect(scoreSightings([video()])[0]).toMatchObject({ rising: null, timesChannelMedian: null });
  });

  it('scores 10,000 videos in well under a second', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => video({ views: index * 37 }));
    const started = performance.now();
    expect(scoreSightings(many)).toHaveLength(10_000);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
