import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';

import { parseRange } from './byte-range.ts';

test.each([
  ['bytes=0-0', 10, { start: 0, end: 0 }],
  ['bytes=0-8', 10, { start: 0, end: 8 }],
  ['bytes=0-9', 10, { start: 0, end: 9 }],
  ['bytes=0-10', 10, { start: 0, end: 9 }],
  ['bytes=9-', 10, { start: 9, end: 9 }],
  ['bytes=10-', 10, 'none'],
  ['bytes=11-12', 10, 'none'],
  ['bytes=-9', 10, { start: 1, end: 9 }],
  ['bytes=-10', 10, { start: 0, end: 9 }],
  ['bytes=-11', 10, { start: 0, end: 9 }],
  ['bytes=-1', 10, { start: 9, end: 9 }],
  ['bytes=-0', 10, 'none'],
  ['bytes=5-4', 10, null],
  ['bytes=5-5', 10, { start: 5, end: 5 }],
  ['bytes=-', 10, null],
  ['bytes=', 10, null],
  ['bytes=a-b', 10, null],
  ['bytes=0-1,3-4', 10, null],
  ['lines=0-1', 10, null],
  ['bytes=+1-2', 10, null],
  ['', 10, null],
  ['bytes=0-', 0, 'none'],
  ['bytes=-1', 0, 'none'],
  ['bytes=0-99999999999999999999', 10, { start: 0, end: 9 }],
  ['bytes=99999999999999999999-', 10, 'none'],
])('%s of %i bytes', (header, bytes, range) => {
  expect(parseRange(header, bytes)).toEqual(range);
});

property.prop([fc.nat(20), fc.option(fc.nat(25)), fc.option(fc.nat(25))])(
  'what is answered lies inside the file',
  (bytes, first, last) => {
    const range = parseRange(`bytes=${first ?? ''}-${last ?? ''}`, bytes);
    if (range === null || range === 'none') return;
    expect(range.start).toBeGreaterThanOrEqual(0);
    expect(range.end).toBeGreaterThanOrEqual(range.start);
    expect(range.end).toBeLessThan(bytes);
    if (first !== null) expect(range.start).toBe(first);
  },
);
