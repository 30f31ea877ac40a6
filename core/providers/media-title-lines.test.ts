import { describe, expect, test } from 'vitest';

import { setTitle, type TitleRoom } from './media-title-lines.ts';

/** A wide character is as wide as it is high, any other half of that. */
const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, one) => sum + ((one.codePointAt(0) ?? 0) > 0x2e7f ? 1 : 0.5), 0);

/** 100 pixels wide and 48 high; the last line is 80 wide. */
const room: TitleRoom = {
  sizes: Array.from({ length: 17 }, (_, index) => 24 - index),
  maxLines: 3,
  widthOf,
  limitOf: (line, lines, size) => (lines * size > 48 ? null : line === lines - 1 ? 80 : 100),
};
const linesOf = (text: string) => setTitle(text, room)?.lines;
const sizeOf = (text: string) => setTitle(text, room)?.size;

describe('a title is set', () => {
  test.each([
    ['in one line when it is short', 'A boat', ['A boat']],
    ['in lines of about one length', 'I built a robot brain', ['I built a', 'robot brain']],
    ['with whole words', 'Extraordinary boats', ['Extraordinary', 'boats']],
    ['where the sentence pauses', '今天天气好，去公园', ['今天天气好，', '去公园']],
    ['between words of Chinese', '今天天气很好我们去公园', ['今天天气很好', '我们去公园']],
  ])('%s', (_how, text, lines) => {
    expect(linesOf(text)).toEqual(lines);
  });

  test('as large as it fits', () => {
    // 3 wide and at most 24 high; then 5 of 16 within 80, and one more than fits there.
    expect(sizeOf('A boat')).toBe(24);
    expect(sizeOf('a'.repeat(10))).toBe(16);
    expect(sizeOf('a'.repeat(11))).toBeLessThan(16);
  });

  test('with a word broken that is longer than a line', () => {
    const lines = linesOf('a'.repeat(54)) ?? [];
    expect(lines.join('')).toBe('a'.repeat(54));
    expect(lines).toHaveLength(3);
    expect(sizeOf('a'.repeat(54))).toBeGreaterThan(8);
  });

  test('whole when it just fits, and with an ellipsis when it is one too long', () => {
    // At the smallest size 25 characters and twice 20 more of half its width.
    const most = [25, 25, 20].map((length) => 'a'.repeat(length));
    expect(linesOf(most.join(' '))).toEqual(most);
    const long = linesOf(`${most.join(' ')}a`) ?? [];
    expect(long.at(-1)).toMatch(/a…$/u);
    expect(long).toHaveLength(3);
  });

  test('cut at the end of a word, without what it pauses with', () => {
    const words = 'One two three, four five six, seven eight nine ten, eleven twelve thirteen';
    const cut = linesOf(words) ?? [];
    expect(cut).toHaveLength(3);
    expect(cut.join(' ')).toMatch(/^One two .*\w…$/u);
    expect(words.startsWith(cut.join(' ').slice(0, -1))).toBe(true);
    expect(words[cut.join(' ').length - 1]).toMatch(/[ ,]/u);
  });

  test('never wider than its lines may be, never in more lines, and without losing a character', () => {
    const whole = '今天天气很好，我们去公园 and then to the old harbour，看纸船！Really? 是的。';
    for (let length = 1; length <= whole.length; length += 1) {
      const text = whole.slice(0, length);
      const set = setTitle(text, room);
      if (!set) throw new Error(`nothing was set of ${text}`);
      expect(set.lines.length).toBeLessThanOrEqual(3);
      for (const [line, words] of set.lines.entries()) {
        const limit = room.limitOf(line, set.lines.length, set.size) ?? 0;
        expect(widthOf(words) * set.size).toBeLessThanOrEqual(limit);
        expect(words).not.toMatch(/^[，。！？,?]/u);
      }
      const [shown, wanted] = [set.lines.join(''), text].map((one) => one.replace(/\s/gu, ''));
      expect(`${wanted}…`.startsWith(shown ?? '')).toBe(
        !shown?.endsWith('…') || shown === `${wanted}…`,
      );
    }
  });
});
