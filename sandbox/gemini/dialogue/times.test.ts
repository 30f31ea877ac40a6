import { describe, expect, it } from 'vitest';
import { readWhen } from './times.ts';
import { formatMoment, readNow } from './zone.ts';

const fallback = new Date('2026-01-01T00:00:00Z');
const shanghai = readNow('Rules.\nNow: 2026-11-22T16:05:00+08:00 (Asia/Shanghai)\n', fallback);
const newYork = readNow('Now: 2026-10-31T16:05:00-04:00 (America/New_York)', fallback);

const at = (text: string, now = shanghai): string | undefined => {
  const when = readWhen(text, now)?.when;
  return when?.kind === 'at' ? when.at : undefined;
};

describe('the moment of the request', () => {
  it('is read with its zone', () => {
    expect(formatMoment(shanghai)).toBe('2026-11-22T16:05:00+08:00');
    expect(shanghai.zone).toBe('Asia/Shanghai');
  });

  it.each([
    ['Now: 2026-11-22T16:05:00+08:00 (Nowhere/Town)', '+08:00', '2026-11-22T16:05:00+08:00'],
    ['Now: 2026-11-22T16:05:00+05:30', '+05:30', '2026-11-22T16:05:00+05:30'],
    ['Now: 2026-11-22T16:05:00Z', 'UTC', '2026-11-22T16:05:00+00:00'],
    ['nothing', 'UTC', '2026-01-01T00:00:00+00:00'],
  ])('%s', (line, zone, text) => {
    const now = readNow(line, fallback);
    expect([now.zone, formatMoment(now)]).toEqual([zone, text]);
  });
});

describe('times', () => {
  it.each([
    ['晚上8点发到我的频道', '2026-11-22T20:00'],
    ['明天早上9点', '2026-11-23T09:00'],
    ['明早八点半', '2026-11-23T08:30'],
    ['今晚十点一刻', '2026-11-22T22:15'],
    ['晚上12点', '2026-11-23T00:00'],
    ['凌晨1点', '2026-11-23T01:00'],
    ['后天中午', '2026-11-24T12:00'],
    ['11月25日20:00', '2026-11-25T20:00'],
    ['11月2日20:00', '2027-11-02T20:00'],
    ['周五晚上8点', '2026-11-27T20:00'],
    ['周日下午5点', '2026-11-22T17:00'],
    ['周日下午3点', '2026-11-29T15:00'],
    ['下周一上午10点', '2026-11-23T10:00'],
    ['8点发', '2026-11-22T20:00'],
    ['半小时后', '2026-11-22T16:35'],
    ['两个半小时后', '2026-11-22T18:35'],
    ['at 8pm', '2026-11-22T20:00'],
    ['at 8', '2026-11-22T20:00'],
    ['at 3pm', '2026-11-23T15:00'],
    ['tomorrow 9:30', '2026-11-23T09:30'],
    ['tomorrow at 9', '2026-11-23T09:00'],
    ['tonight at 11', '2026-11-22T23:00'],
    ['in 2 hours', '2026-11-22T18:05'],
    ['in an hour and a half', '2026-11-22T17:35'],
    ['in half an hour', '2026-11-22T16:35'],
    ['at noon tomorrow', '2026-11-23T12:00'],
    ['at midnight', '2026-11-23T00:00'],
    ['on Friday at 6pm', '2026-11-27T18:00'],
    ['next Monday at 10', '2026-11-23T10:00'],
    ['Nov 25 at 20:00', '2026-11-25T20:00'],
    ['the day after tomorrow at 7 a.m.', '2026-11-24T07:00'],
    ['2026-12-01 09:00', '2026-12-01T09:00'],
    ['2026-12-01T09:00:00Z', '2026-12-01T17:00'],
  ])('%s', (text, wanted) => {
    expect(at(text)).toBe(`${wanted}:00+08:00`);
  });

  it.each([
    ['16:04', '2026-11-23T16:04'],
    ['16:05', '2026-11-23T16:05'],
    ['16:06', '2026-11-22T16:06'],
  ])('what has passed today is tomorrow: %s', (text, wanted) => {
    expect(at(text)).toBe(`${wanted}:00+08:00`);
  });

  it('keeps the wall clock over a change of the offset', () => {
    expect(at('tomorrow at 9am', newYork)).toBe('2026-11-01T09:00:00-05:00');
    expect(at('today at 9pm', newYork)).toBe('2026-10-31T21:00:00-04:00');
  });

  it.each([
    ['明天发', '明天'],
    ['tonight', 'tonight'],
    ['tomorrow morning', 'tomorrow morning'],
  ])('asks for the hour of %s', (text, words) => {
    expect(readWhen(text, shanghai)?.when).toEqual({ kind: 'vague', words });
  });

  it.each(['马上发', 'right now'])('at once: %s', (text) => {
    expect(readWhen(text, shanghai)?.when).toEqual({ kind: 'now' });
  });

  it.each(['30秒竖屏视频', '快一点', 'a 15 second video', 'shape 9x16', '第二个', 'at 30 seconds'])(
    'finds none in %s',
    (text) => {
      expect(readWhen(text, shanghai)).toBeNull();
    },
  );
});
