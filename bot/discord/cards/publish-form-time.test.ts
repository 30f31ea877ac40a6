import { expect, it } from 'vitest';

import { atEight, parseLocal } from './publish-form-time.ts';

const iso = (moment: Date | null) => moment?.toISOString() ?? null;

it.each([
  ['2026-12-01 20:00', 'Asia/Shanghai', '2026-12-01T12:00:00.000Z'],
  ['2026-12-01T20:00', 'Asia/Shanghai', '2026-12-01T12:00:00.000Z'],
  [' 2026/12/1  8:05 ', 'UTC', '2026-12-01T08:05:00.000Z'],
  ['2026年12月1日 20：00', 'Asia/Shanghai', '2026-12-01T12:00:00.000Z'],
  ['2026-12-01 00:00', 'Asia/Kolkata', '2026-11-30T18:30:00.000Z'],
  ['2026-07-01 12:00', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
  ['2026-12-01 12:00', 'Europe/Berlin', '2026-12-01T11:00:00.000Z'],
  // One minute before and at the first moment of summer time.
  ['2026-03-29 01:59', 'Europe/Berlin', '2026-03-29T00:59:00.000Z'],
  ['2026-03-29 03:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
  // No clock there shows this: it is moved along by the hour that is left out.
  ['2026-03-29 02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['2028-02-29 10:00', 'UTC', '2028-02-29T10:00:00.000Z'],
])('reads %s in %s', (typed, zone, moment) => {
  expect(iso(parseLocal(typed, zone))).toBe(moment);
});

it.each([
  '',
  'tonight',
  '20:00',
  '2026-12-01',
  '2026-02-29 10:00',
  '2026-13-01 10:00',
  '2026-12-00 10:00',
  '2026-12-01 24:00',
  '2026-12-01 10:60',
  '2026-12-01 10:00:00',
  '1 Dec 2026 10:00',
])('does not guess at %j', (typed) => {
  expect(parseLocal(typed, 'UTC')).toBeNull();
});

it.each([
  ['2026-11-22T08:00:00.000Z', 'Asia/Shanghai', 0, '2026-11-22T12:00:00.000Z'],
  ['2026-11-22T08:00:00.000Z', 'Asia/Shanghai', 1, '2026-11-23T12:00:00.000Z'],
  // There it is tomorrow already.
  ['2026-11-22T16:00:00.000Z', 'Asia/Shanghai', 0, '2026-11-23T12:00:00.000Z'],
  ['2026-11-22T04:59:00.000Z', 'America/New_York', 0, '2026-11-22T01:00:00.000Z'],
  ['2026-12-31T12:00:00.000Z', 'UTC', 1, '2027-01-01T20:00:00.000Z'],
  ['2026-03-28T12:00:00.000Z', 'Europe/Berlin', 1, '2026-03-29T18:00:00.000Z'],
])('finds 20:00 after %s in %s, %d days later', (now, zone, days, moment) => {
  expect(iso(atEight(new Date(now), zone, days))).toBe(moment);
});
