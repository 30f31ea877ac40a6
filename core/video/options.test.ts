import { expect, test } from 'vitest';

import {
  hasLines,
  lookOf,
  optionsOf,
  optionsSchema,
  storedOptions,
  usualOptions,
} from './options.ts';

const { style, tone, pace } = optionsSchema.shape;
const choices = [
  ...style.options.map((value) => ({ style: value })),
  ...tone.options.map((value) => ({ tone: value })),
  ...pace.options.map((value) => ({ pace: value })),
];

test('a row of before the options has the usual ones', () => {
  expect(storedOptions.parse({})).toEqual(usualOptions);
  expect(optionsOf({ tone: 'warm', style: undefined })).toEqual({ ...usualOptions, tone: 'warm' });
  expect(storedOptions.safeParse({ tone: 'mauve' }).success).toBe(false);
});

test.each(choices)('%j has words of its own in both languages, or none at all', (choice) => {
  const options = optionsOf(choice);
  const isUsual = JSON.stringify(options) === JSON.stringify(usualOptions);
  const [en, zh] = [lookOf(options, 'en'), lookOf(options, 'zh')];
  expect([en === '', zh === '']).toEqual([isUsual, isUsual]);
  expect(en).not.toMatch(/\p{Script=Han}/u);
  expect(zh).not.toMatch(/[a-z]/u);
});

test('no two choices read the same', () => {
  const looks = choices.map((choice) => lookOf(optionsOf(choice), 'en')).filter(Boolean);
  expect(new Set(looks).size).toBe(looks.length);
});

test('the choices follow one another', () => {
  const options = optionsOf({ style: '3d', tone: 'neon', pace: 'fast' });
  expect(lookOf(options, 'en')).toBe(
    'polished 3D render, blue and purple neon light, fast, energetic movement',
  );
  expect(lookOf(options, 'zh')).toBe('精致的三维渲染，蓝紫色霓虹光，节奏明快，动作有力');
});

test.each([
  [{}, false],
  [{ captions: true }, true],
  [{ voice: 'female' }, true],
  [{ captions: true, voice: 'male' }, true],
] as const)('%j needs lines: %s', (chosen, isNeeded) => {
  expect(hasLines(optionsOf(chosen))).toBe(isNeeded);
});
