import { describe, expect, test } from 'vitest';

import { plainTitle, tidyTitle, withoutMarks } from './media-title-text.ts';

describe('a title is made plain', () => {
  test.each([
    ['single spaces', '  A\n\tboat  sails ', 'A boat sails'],
    ['letters with their marks', 'Cafe\u0301', 'Café'],
    ['letters that are bold by themselves', '𝗕𝗼𝗹𝗱 𝟮', 'Bold 2'],
    ['no heaped marks', 'z\u0335\u0334\u0336a\u0489', 'za'],
    ['nothing invisible', 'a\u200db\u202ec\u00adde\ufe0f', 'abcde'],
    ['punctuation of Chinese as it is', '你好，世界！', '你好，世界！'],
  ])('%s', (_what, title, plain) => {
    expect(plainTitle(title)).toBe(plain);
  });
});

/** The title as if everything but these emoji could be drawn. */
const tidy = (text: string) => tidyTitle(text, text.replace(/[🔥🎉]/gu, ''));

describe('what cannot be drawn leaves no trace', () => {
  test.each([
    ['at the start', '🔥 A boat', 'A boat'],
    ['at the end', 'A boat 🔥🎉', 'A boat'],
    ['between words', 'A 🔥 boat', 'A boat'],
    ['between words without a space', 'A🔥boat', 'A boat'],
    ['between Chinese characters', '纸🔥船 🎉 漂流', '纸船漂流'],
    ['before punctuation', 'A boat 🔥!', 'A boat!'],
    ['after a bracket', 'A boat (🔥 new)', 'A boat (new)'],
    ['in brackets of its own', 'A boat (🔥)', 'A boat'],
    ['in a part of its own', 'A boat | 🔥', 'A boat'],
    ['before a separator', '🔥 - A boat', 'A boat'],
    ['of which there is only that', '🔥🎉', ''],
    ['with nothing to be read beside it', '🔥!? 🎉', ''],
  ])('%s', (_where, text, left) => {
    expect(tidy(text)).toBe(left);
  });

  test('and what can be drawn stays as it was written', () => {
    for (const text of ['A boat -', 'Wow !', '( )a', '船，']) expect(tidy(text)).toBe(text);
  });
});

test('a letter without its marks', () => {
  expect(['ş', 'ź', 'ł', 'Ł', 'e', '船', '🔥'].map(withoutMarks).join('')).toBe('szlLe船🔥');
});
