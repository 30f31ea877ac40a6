import { describe, expect, it } from 'vitest';

import { wordsOf } from './lookup.ts';

describe('the words of what was typed', () => {
  it.each([
    ['', []],
    [' \n\t ', []],
    ['paper  boats\n纸船', ['paper', 'boats', '纸船']],
    ['a\0b', ['a', 'b']],
    ['1 2 3 4 5 6 7', ['1', '2', '3', '4', '5', '6', '7']],
    ['1 2 3 4 5 6 7 8', ['1', '2', '3', '4', '5', '6', '7', '8']],
    ['1 2 3 4 5 6 7 8 9', ['1', '2', '3', '4', '5', '6', '7', '8']],
    [`${' '.repeat(199)}boat`, ['b']],
    [`${' '.repeat(200)}boat`, []],
    ['\ud800', ['\ufffd']],
  ])('of %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it('are cut between whole characters', () => {
    expect(wordsOf('🛶'.repeat(201))).toEqual(['🛶'.repeat(200)]);
  });
});
