import { describe, expect, test } from 'vitest';

import { wrap } from './media-wrap.ts';

/** A wide character counts two, as in a terminal. */
const lengthOf = (line: string): number =>
  Array.from(line).reduce((sum, one) => sum + ((one.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1), 0);
const within = (limit: number) => (line: string) => lengthOf(line) <= limit;

describe('a caption is broken', () => {
  test.each([
    ['between words', 'the quick brown fox', 10, ['the quick', 'brown fox']],
    ['not at all when it just fits', 'the quick', 9, ['the quick']],
    ['when it is one too long', 'the quick', 8, ['the', 'quick']],
    ['between Chinese characters', '今天天气很好', 6, ['今天天', '气很好']],
    ['not after opening punctuation', '今天天“气好”', 8, ['今天天', '“气好”']],
    ['not before closing punctuation', '今天天气，很好', 8, ['今天天', '气，很好']],
    ['between Chinese and Latin', '今天 hello 世界', 10, ['今天 hello', '世界']],
    ['within a word that fits no line', 'abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['with its white space evened out', '  a \n b  ', 20, ['a b']],
    ['into nothing when it is empty', ' ', 20, []],
  ])('%s', (_where, text, limit, lines) => {
    expect(wrap(text, within(limit))).toEqual(lines);
  });

  test('without losing a character', () => {
    const text = '你好，world！这是 a long caption，用来测试换行。Really?';
    for (let limit = 4; limit < 60; limit += 1) {
      const joined = wrap(text, within(limit)).join('').replaceAll(' ', '');
      expect(joined).toBe(text.replaceAll(' ', ''));
    }
  });
});
