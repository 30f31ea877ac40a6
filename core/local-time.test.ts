import { describe, expect, test } from 'vitest';

import { formatMoment, timeZoneNamed } from './local-time.ts';

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
