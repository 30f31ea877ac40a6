import { describe, expect, it } from 'vitest';

import { pacificDay, secondsUntilPacificMidnight } from './pacific-day.ts';

describe('the day in California', () => {
  it.each([
    ['2026-11-22T20:00:00Z', 12 * 3600],
    ['2026-07-01T20:00:00Z', 11 * 3600],
    ['2026-11-23T07:59:59Z', 1],
    ['2026-11-23T07:59:59.001Z', 1],
    ['2026-11-23T08:00:00Z', 24 * 3600],
    ['2026-07-02T06:59:59Z', 1],
    ['2026-07-02T07:00:00Z', 24 * 3600],
    // The day the clocks go forward has 23 hours, the day they go back 25.
    ['2026-03-08T08:00:00Z', 23 * 3600],
    ['2026-11-01T07:00:00Z', 25 * 3600],
    ['2026-12-31T20:00:00Z', 12 * 3600],
  ])('ends %s + %i s', (at, seconds) => {
    expect(secondsUntilPacificMidnight(new Date(at))).toBe(seconds);
  });

  it.each([
    // Winter: eight hours behind.
    ['2026-11-23T07:59:59.999Z', '2026-11-22'],
    ['2026-11-23T08:00:00Z', '2026-11-23'],
    // Summer: seven hours behind.
    ['2026-07-02T06:59:59.999Z', '2026-07-01'],
    ['2026-07-02T07:00:00Z', '2026-07-02'],
    ['2027-01-01T07:59:59Z', '2026-12-31'],
    ['2027-01-01T08:00:00Z', '2027-01-01'],
    ['2028-03-01T07:59:59Z', '2028-02-29'],
    // The days on which the clocks change begin in the old time and end in the new one.
    ['2026-03-08T07:59:59Z', '2026-03-07'],
    ['2026-03-08T08:00:00Z', '2026-03-08'],
    ['2026-03-09T06:59:59Z', '2026-03-08'],
    ['2026-03-09T07:00:00Z', '2026-03-09'],
    ['2026-11-02T07:59:59Z', '2026-11-01'],
    ['2026-11-02T08:00:00Z', '2026-11-02'],
  ])('is at %s %s', (at, day) => {
    expect(pacificDay(new Date(at))).toBe(day);
  });

  it('is the next one when the seconds until midnight have passed', () => {
    for (let hour = 0; hour < 24 * 366; hour += 5) {
      const at = new Date(Date.UTC(2026, 0, 1, hour, 17));
      const midnight = at.getTime() + secondsUntilPacificMidnight(at) * 1000;
      const today = pacificDay(at);
      expect(pacificDay(new Date(midnight - 1)), at.toISOString()).toBe(today);
      expect(pacificDay(new Date(midnight)) > today, at.toISOString()).toBe(true);
    }
  });
});
