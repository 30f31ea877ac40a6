import { describe, expect, test } from 'vitest';

import {
  descriptionProblem,
  fittingTags,
  splitTags,
  tagsLength,
  tagsProblem,
  titleProblem,
} from './limits.ts';

describe('a title', () => {
  test.each([
    ['Latin', 'b'],
    ['Chinese', '纸'],
    ['emoji', '🚤'],
  ])('has at most 100 characters, counted as people do, in %s', (_, letter) => {
    expect(titleProblem(letter.repeat(99))).toBeNull();
    expect(titleProblem(letter.repeat(100))).toBeNull();
    expect(titleProblem(letter.repeat(101))).toEqual({
      problem: 'too_many_characters',
      params: { count: 101, most: 100 },
    });
  });

  test.each(['a < b', 'a > b', '<'])('holds no angle brackets: %s', (title) => {
    expect(titleProblem(title)).toEqual({ problem: 'angle_brackets', params: null });
  });
});

describe('a description', () => {
  test.each([
    ['b', 5000, 5001],
    ['纸', 1666, 1667],
    ['🚤', 1250, 1251],
  ])('of %s has at most 5,000 bytes', (letter, most, over) => {
    expect(descriptionProblem(letter.repeat(most - 1))).toBeNull();
    expect(descriptionProblem(letter.repeat(most))).toBeNull();
    expect(descriptionProblem(letter.repeat(over))).toMatchObject({
      problem: 'too_many_bytes',
      params: { most: 5000 },
    });
  });

  test('holds no angle brackets', () => {
    expect(descriptionProblem('see <b>this</b>')).toEqual({
      problem: 'angle_brackets',
      params: null,
    });
  });
});

describe('tags', () => {
  test('count with commas between them and quotes around spaces', () => {
    expect(tagsLength([])).toBe(0);
    expect(tagsLength(['boat'])).toBe(4);
    expect(tagsLength(['boat', 'rain'])).toBe(9);
    expect(tagsLength(['paper boat', '纸船'])).toBe(10 + 2 + 1 + 2);
  });

  test.each([
    ['one long tag', (total: number) => ['b'.repeat(total)]],
    ['a tag with a space', (total: number) => [`a ${'b'.repeat(total - 4)}`]],
    ['many tags', (total: number) => [...Array(99).fill('abcd'), 'e'.repeat(total - 495)]],
  ])('have at most 500 together: %s', (_, make) => {
    expect(tagsProblem(make(499))).toBeNull();
    expect(tagsProblem(make(500))).toBeNull();
    expect(tagsProblem(make(501))).toEqual({
      problem: 'too_many_together',
      params: { count: 501, most: 500 },
    });
  });

  test('hold no angle brackets', () => {
    expect(tagsProblem(['fine', '<b>'])).toEqual({ problem: 'angle_brackets', params: null });
  });

  test('are split at commas of both scripts, without repeats, gaps and hashes', () => {
    expect(splitTags(' #boat, rain ，纸船、雨,,boat\n##night ')).toEqual([
      'boat',
      'rain',
      '纸船',
      '雨',
      'night',
    ]);
    expect(splitTags('')).toEqual([]);
  });

  test('that fit together are kept, in order', () => {
    const long = 'b'.repeat(494);
    expect(fittingTags(['one', long, 'two', 'three'], 10)).toEqual(['one', long]);
    expect(fittingTags(['a', 'b', 'c'], 2)).toEqual(['a', 'b']);
  });
});
