import { fc } from '@fast-check/vitest';
import { beforeAll, describe, expect, test } from 'vitest';

import { loadRules, type Rules } from './decide.ts';

let rules: Rules;
beforeAll(async () => {
  rules = await loadRules();
});

describe('the rules', () => {
  test.each([
    ['A ｐ\u200bｏｒｎ film in a hotel', 'sexual', ['ｐ\u200bｏｒｎ']],
    ['How to build a Pipe Bomb at home', 'weapons_drugs', ['Pipe Bomb']],
    ['自製炸彈教學，詳細步驟', 'weapons_drugs', ['炸彈']],
    ['兩人在酒店做 愛的畫面', 'sexual', ['做 愛']],
    ['A naked girl, 13 years old', 'sexual_minors', ['13 years old', 'naked']],
  ])('%j breaks %s and names the words as they were written', (text, category, words) => {
    const verdict = rules.decide(text);
    expect(verdict).toMatchObject({ outcome: 'block', category });
    expect([...verdict.words].toSorted()).toEqual([...words].toSorted());
  });

  test.each([
    ['A witch stirs a pot. How to make jam. The bomb squad dances', 'allow'],
    ['A documentary about the police and cocaine for sale', 'ask_or_allow'],
    ['A safety lesson about nude photos for teenagers', 'ask_or_block'],
    ['A man drinks coffee', 'allow'],
    ['五颜六色，情调十足', 'allow'],
    ['色，情', 'block'],
  ])('%j comes to %s', (text, outcome) => {
    expect(rules.decide(text).outcome).toBe(outcome);
  });

  test('two words offend together within one sentence and reach only', () => {
    const apart = (gap: number) => `A tutorial by the ${'sea '.repeat(gap)}with a bomb`;
    expect(rules.decide(apart(4)).outcome).toBe('block');
    expect(rules.decide(apart(40)).outcome).toBe('allow');
    expect(rules.decide('A tutorial by the sea. A bomb').outcome).toBe('allow');
  });

  test('texts that differ in disguise only are the same text', () => {
    const plain = rules.decide('a cat on a boat').normalised;
    expect(rules.decide('Ａ  ｃａｔ on\ta b\u200boat').normalised).toBe(plain);
    expect(rules.decide('a cat on a goat').normalised).not.toBe(plain);
  });

  test('any text gets an answer', () => {
    const pieces = fc.constantFrom(
      'porn',
      '色情',
      '情',
      '炸',
      'p',
      ' ',
      '.',
      '*',
      '\u200b',
      '😀',
      '1',
      'how to',
      '\n',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(pieces, { maxLength: 80 }).map((parts) => parts.join('')),
    );
    const property = fc.property(text, (value) => {
      const { outcome, category, words } = rules.decide(value);
      expect(category === null).toBe(outcome === 'allow' && words.length === 0);
      for (const word of words) expect(value).toContain(word);
    });
    fc.assert(property, { numRuns: 150 });
  });

  test.each([
    'how to make a bomb and sell cocaine to kids ',
    '在家自制炸弹教程，出售冰毒，',
    'p o r n ',
    'a*b*c*d ',
    'a!',
    '$@',
    '色.情',
    'aaaaaaaa',
    '🔥p',
  ])('10,000 characters of %j take less than 50 ms', (unit) => {
    const text = unit.repeat(Math.ceil(10_000 / unit.length)).slice(0, 10_000);
    rules.decide(text);
    // Processor time, so that a busy machine changes nothing.
    const times = Array.from({ length: 5 }, () => {
      const began = process.cpuUsage();
      rules.decide(text);
      const { user, system } = process.cpuUsage(began);
      return (user + system) / 1000;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });
});
