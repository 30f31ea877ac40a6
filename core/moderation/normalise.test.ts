import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';

import { foldText, writtenBetween } from './normalise.ts';

const same = (character: string): string => character;
const fold = (text: string): string => foldText(text, same).text;

describe('folding', () => {
  test.each([
    ['ＰＯＲＮ', 'porn'],
    ['p\u200bo\u200dr\u00adn', 'porn'],
    ['рοrո', 'porn'],
    ['𝐩𝗈𝓇𝔫', 'porn'],
    ['ⓟⓞⓡⓝ 🅿🅾🆁🅽 🇵🇴🇷🇳', 'porn porn porn'],
    ['pörñ', 'porn'],
    ['p\u0336o\u0336r\u0336n\u0336', 'porn'],
    ['ᴘᴏʀɴ', 'porn'],
    ['色\u200b情', '色情'],
    ['a😀b', 'a·b'],
    ['ﬁne ½', 'fine 1⁄2'],
    ['p0rn|s!x', 'p0rn|s!x'],
    ['', ''],
  ])('%j reads as %j', (text, expected) => {
    expect(fold(text)).toBe(expected);
  });

  test('traditional characters become what the table says, one unit each', () => {
    const table = new Map([['賭', '赌']]);
    const simplify = (character: string) => table.get(character) ?? character;
    expect(foldText('賭場', simplify).text).toBe('赌場');
    expect(foldText('賭', () => '两个字').text).toBe('·');
  });

  test('leads back to what was written', () => {
    const text = 'A 😀ｐ\u200bｏｒｎ film';
    const folded = foldText(text, same);
    const start = folded.text.indexOf('porn');
    expect(writtenBetween(text, folded, { start, end: start + 4 })).toBe('ｐ\u200bｏｒｎ');
  });

  test('any text: no throw, and positions in order and within it', () => {
    const property = fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const { text: folded, starts, ends } = foldText(text, same);
      expect(starts).toHaveLength(folded.length);
      expect(ends).toHaveLength(folded.length);
      for (const [index, start] of starts.entries()) {
        expect(start).toBeGreaterThanOrEqual(starts[index - 1] ?? 0);
        expect(ends[index]).toBeGreaterThan(start);
        expect(ends[index]).toBeLessThanOrEqual(text.length);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });
});
