import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';

import { composePrompt, cutText } from './shot-prompt.ts';

const parts = {
  picture: 'A paper boat sails by',
  camera: 'Low tracking shot',
  continuity: 'The same boat',
  look: 'warm colours',
};
const whole = 'A paper boat sails by. Low tracking shot. The same boat. warm colours.';

test.each([whole.length + 1, whole.length])('a prompt stands whole within %i', (max) => {
  expect(composePrompt(parts, max)).toBe(whole);
});

test('one character too many, and the continuity goes', () => {
  expect(composePrompt(parts, whole.length - 1)).toBe(
    'A paper boat sails by. Low tracking shot. warm colours.',
  );
});

test('then the picture is cut, and at last stands alone', () => {
  const picture = 'A paper boat sails down a long and rainy street at night';
  const cutTo = (max: number) => composePrompt({ ...parts, picture }, max);
  expect(cutTo(80)).toBe(
    'A paper boat sails down a long and rainy. Low tracking shot. warm colours.',
  );
  expect(cutTo(40)).toBe('A paper boat sails down a long and rainy');
});

test('Chinese sentences end and follow as Chinese ones do', () => {
  const zh = { picture: '纸船漂过', camera: '低角度跟拍', continuity: '', look: '暖色调！' };
  expect(composePrompt(zh, 100)).toBe('纸船漂过。低角度跟拍。暖色调！');
});

const text = fc.string({ unit: 'grapheme', maxLength: 300 });
property.prop([text, text, text, text, fc.integer({ min: 20, max: 400 })])(
  'a prompt is never longer than its limit, nor cut within a character',
  (picture, camera, continuity, look, max) => {
    const prompt = composePrompt({ picture, camera, continuity, look }, max);
    expect(prompt.length).toBeLessThanOrEqual(max);
    expect(prompt.isWellFormed()).toBe(true);
  },
);

test.each([
  [9, 'Red boat.'],
  [17, 'Red boat.'],
  [18, 'Red boat. Blue'],
  [19, 'Red boat. Blue boat'],
  [30, 'Red boat. Blue boat sails away'],
])('a text is cut to %i at a sentence or a word', (max, cut) => {
  expect(cutText('Red boat. Blue boat sails away into the dark', max)).toBe(cut);
});

test.each([
  [5, '🚤🚤'],
  [6, '🚤🚤🚤'],
  [7, '🚤🚤🚤'],
])('%i code units hold whole characters only', (max, cut) => {
  expect(cutText('🚤🚤🚤🚤', max)).toBe(cut);
});
