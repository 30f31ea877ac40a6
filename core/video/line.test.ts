import { expect, test } from 'vitest';

import { fitLine, lineRoom, secondsToSay } from './line.ts';

const words = (count: number) =>
  Array.from({ length: count }, (_, index) => `word${index}`).join(' ');

test.each([
  ['Look closely now.', 3 / 2.3],
  ['仔细看', 3 / 4],
  ['AI 工具', 1 / 2.3 + 2 / 4],
  ['… ！', 0],
])('%j takes %d s to say', (line, seconds) => {
  expect(secondsToSay(line)).toBeCloseTo(seconds);
});

test('a shot has room for so many words, or characters', () => {
  expect(lineRoom(5)).toEqual({ words: 11, han: 20 });
});

test.each([10, 11])('a line of %i words fits into 5 s', (count) => {
  expect(fitLine(words(count), 5)).toBe(words(count));
});

test('a line of one word too many loses it', () => {
  expect(fitLine(words(12), 5)).toBe(words(11));
});

test.each([19, 20])('a line of %i characters fits into 5 s', (count) => {
  expect(fitLine('看'.repeat(count), 5)).toBe('看'.repeat(count));
});

test('a line of one character too many loses it', () => {
  expect(fitLine('看'.repeat(21), 5)).toBe('看'.repeat(20));
});

test.each([
  ['Then it begins, and nobody who was there that day will ever forget it', 'Then it begins'],
  ['一切悄悄开始，谁也没有想到后来会发生那样的事情', '一切悄悄开始'],
])('%j is cut at a clause', (line, cut) => {
  expect(fitLine(line, 3)).toBe(cut);
});

test.each(['', '   '])('%j is no line', (line) => {
  expect(fitLine(line, 5)).toBeNull();
});

test('a clause that says next to nothing is no place to cut', () => {
  expect(fitLine('Oh, what a wonderful day this turned out to be for all of us', 5)).toBe(
    'Oh, what a wonderful day this turned out to be for',
  );
});
