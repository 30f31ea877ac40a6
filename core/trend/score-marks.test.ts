import { describe, expect, it } from 'vitest';

import { risingOf, timesChannelMedians } from './score-marks.ts';

const hourMs = 3_600_000;
const rise = (from: number, to: number, hours: number): boolean | null =>
  risingOf({ views: from, seenAt: 0 }, { views: to, seenAt: hours * hourMs });

describe('a rising video', () => {
  it.each([
    [10_000, 12_499, 24, false],
    [10_000, 12_500, 24, true],
    [10_000, 12_501, 24, true],
    // 25% in each of two days.
    [10_000, 15_624, 48, false],
    [10_000, 15_626, 48, true],
    [10_000, 10_300, 3, true],
    [10_000, 10_200, 3, false],
    [10_000, 9_000, 24, false],
  ])('from %i to %i views in %i hours: %s', (from, to, hours, expected) => {
    expect(rise(from, to, hours)).toBe(expected);
  });

  it('gained at least 100 views', () => {
    expect([rise(0, 99, 24), rise(0, 100, 24), rise(0, 101, 24)]).toStrictEqual([
      false,
      true,
      true,
    ]);
  });

  it('was looked at twice, an hour apart', () => {
    expect([rise(0, 1e6, 0.999), rise(0, 1e6, 1), rise(0, 1e6, -24)]).toStrictEqual([
      null,
      true,
      null,
    ]);
  });
});

describe('times the median of the channel', () => {
  const video = (channel: string | null, views: number | null) => ({ channel, views });

  it('compares each with the others of its channel', () => {
    const videos = [
      video('a', 100),
      video('b', 7),
      video('a', 900),
      video('a', 300),
      video('a', 200),
    ];
    expect(timesChannelMedians(videos)).toStrictEqual([100 / 300, null, 900 / 200, 1.5, 200 / 300]);
  });

  it('takes the mean of the middle two of an even number of others', () => {
    const videos = [1, 2, 4, 8, 16].map((views) => video('a', views));
    expect(timesChannelMedians(videos).at(-1)).toBe(16 / 3);
  });

  it('is unknown with fewer than three others, without a channel and without views', () => {
    const three = [video('a', 1), video('a', 2), video('a', 3)];
    expect(timesChannelMedians([...three, video('a', null), video(null, 4)])).toStrictEqual(
      Array.from({ length: 5 }, () => null),
    );
    expect(timesChannelMedians([...three, video('a', 4)])).not.toContain(null);
  });

  it('divides by one at least', () => {
    const videos = [0, 0, 0, 50].map((views) => video('a', views));
    expect(timesChannelMedians(videos)).toStrictEqual([0, 0, 0, 50]);
  });
});
