import { describe, expect, test } from 'vitest';

import { formsOf, isMaskOf, readWords } from './words.ts';

const readings = (text: string): string[] =>
  readWords(text).flatMap((place) => place.flatMap(({ forms }) => [...forms]));

describe('words', () => {
  test.each([
    ['p0rn', 'porn'],
    ['b0mb5', 'bombs'],
    ['$ex', 'sex'],
    ['m@$turb@t!0n', 'masturbation'],
    ['k1ll', 'kill'],
    ['g1rl', 'girl'],
    ['poooorn', 'porn'],
    ['ppoorrnn', 'porn'],
    ['p*o*r*n', 'porn'],
  ])('%j can be %j', (text, word) => {
    expect(formsOf(text)).toContain(word);
  });

  test.each(['4k', '1080p', '50', 'hello', 'book'])('%j keeps its own form first', (text) => {
    expect(formsOf(text)[0]).toBe(text);
  });

  test.each([
    ['a p o r n film', 'porn'],
    ['a p.o.r.n film', 'porn'],
    ['a p-o-r-n film', 'porn'],
    ['a p·o·r·n film', 'porn'],
    ['po rn film', 'porn'],
    ['por.n film', 'porn'],
    ['s e x   t a p e', 'tape'],
    ['g.o.r.e t.o.r.t.u.r.e', 'torture'],
  ])('%j holds %j', (text, word) => {
    expect(readings(text)).toContain(word);
  });

  test.each([
    ['an us map', 'anus'],
    ['the pen is red', 'penis'],
    ['p\no\nr\nn', 'porn'],
    ['we saw, as said', 'wesaw'],
  ])('%j does not hold %j', (text, word) => {
    expect(readings(text)).not.toContain(word);
  });

  test.each([
    ['s*x', 'sex', true],
    ['p**n', 'porn', true],
    ['p***', 'porn', true],
    ['****', 'porn', false],
    ['s*x', 'six sides', false],
    ['sex', 'sex', false],
    ['p_key', 'pikey', false],
    ['sa*', 'sex', false],
  ])('%j as a mask of %j: %j', (masked, term, expected) => {
    expect(isMaskOf(masked, term)).toBe(expected);
  });
});
