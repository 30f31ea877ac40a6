import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';

import { formatMoment, startOfDay, timeZoneNamed, wallClockOf } from './local-time.ts';

describe('a moment', () => {
  const evening = new Date('2026-11-22T12:00:59.999Z');

  test.each([
    ['Asia/Shanghai', 'en', '2026-11-22 20:00 (Asia/Shanghai)'],
    ['Asia/Shanghai', 'zh', '2026-11-22 20:00（Asia/Shanghai）'],
    ['America/New_York', 'en', '2026-11-22 07:00 (America/New_York)'],
    ['Asia/Kathmandu', 'en', '2026-11-22 17:45 (Asia/Kathmandu)'],
  ] as const)('is that of %s (%s)', (timeZone, locale, text) => {
    expect(formatMoment(evening, timeZone, locale)).toBe(text);
  });

  test('changes the day, and midnight is 00', () => {
    const last = new Date('2026-12-31T16:00:00Z');
    expect(formatMoment(last, 'Asia/Shanghai', 'en')).toBe('2027-01-01 00:00 (Asia/Shanghai)');
    expect(formatMoment(last, 'UTC', 'en')).toBe('2026-12-31 16:00 (UTC)');
  });

  test('follows summer time', () => {
    const hour = (moment: string) => formatMoment(new Date(moment), 'Europe/Berlin', 'en');
    expect(hour('2026-07-01T12:00:00Z')).toBe('2026-07-01 14:00 (Europe/Berlin)');
    expect(hour('2026-12-01T12:00:00Z')).toBe('2026-12-01 13:00 (Europe/Berlin)');
  });
});

test.each([
  ['Asia/Shanghai', 'Asia/Shanghai'],
  ['asia/shanghai', 'Asia/Shanghai'],
  ['UTC', 'UTC'],
  ['Europe/Berlin', 'Europe/Berlin'],
  ['+08:00', null],
  ['8', null],
  ['Mars/Base', null],
  ['', null],
  ['Asia/Shanghai; drop', null],
])('the time zone %j is %j', (text, name) => {
  expect(timeZoneNamed(text)).toBe(name);
});

describe('a day begins', () => {
  test.each([
    ['at midnight', 'UTC', '2026-11-22T08:00:00.000Z', '2026-11-22T00:00:00.000Z'],
    ['with its first moment', 'UTC', '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:00.000Z'],
    ['before its last moment', 'UTC', '2026-11-22T23:59:59.999Z', '2026-11-22T00:00:00.000Z'],
    ['there', 'Asia/Shanghai', '2026-11-22T15:59:59.999Z', '2026-11-21T16:00:00.000Z'],
    ['anew there', 'Asia/Shanghai', '2026-11-22T16:00:00.000Z', '2026-11-22T16:00:00.000Z'],
    ['in summer time', 'Europe/Berlin', '2026-03-29T12:00:00.000Z', '2026-03-28T23:00:00.000Z'],
    ['in winter time', 'Europe/Berlin', '2026-10-25T12:00:00.000Z', '2026-10-24T22:00:00.000Z'],
    [
      'at one without a midnight',
      'Africa/Cairo',
      '2026-04-24T12:00:00Z',
      '2026-04-23T22:00:00.000Z',
    ],
    [
      'at the first of two midnights',
      'America/Havana',
      '2026-11-01T12:00:00Z',
      '2026-11-01T04:00:00.000Z',
    ],
    ['between two midnights', 'America/Havana', '2026-11-01T04:30:00Z', '2026-11-01T04:00:00.000Z'],
  ])('%s (%s, %s)', (_, timeZone, moment, start) => {
    expect(startOfDay(new Date(moment), timeZone).toISOString()).toBe(start);
  });

  test('where another one has ended, whatever the zone and the moment', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const moments = fc.date({
      min: new Date('2020-01-01T00:00:00Z'),
      max: new Date('2035-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    const dayOf = (time: number, zone: string) =>
      wallClockOf(new Date(time), zone).toISOString().slice(0, 10);
    const property = fc.property(zones, moments, (zone, moment) => {
      const start = startOfDay(moment, zone).getTime();
      expect(start).toBeLessThanOrEqual(moment.getTime());
      expect(dayOf(start, zone)).toBe(dayOf(moment.getTime(), zone));
      expect(dayOf(start - 1, zone)).not.toBe(dayOf(start, zone));
    });
    fc.assert(property, { numRuns: 600, seed: 7 });
  });
});
