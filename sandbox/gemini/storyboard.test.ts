import { describe, expect, test } from 'vitest';

import type { Question } from './request.ts';
import { asksForStoryboard, writeStoryboard } from './storyboard.ts';
import type { Shape } from './wire.ts';

const text: Shape = { type: 'string' };
const shapeOf = (count: number | undefined, isLined: boolean): Shape => ({
  type: 'object',
  properties: {
    subject: text,
    palette: text,
    shots: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          picture: text,
          camera: text,
          continuity: text,
          ...(isLined ? { line: text } : {}),
        },
      },
      ...(count === undefined ? {} : { minItems: count, maxItems: count }),
    },
  },
});

const questionOf = (
  prompt: string,
  instructions = 'You draw up storyboards, in English.',
): Question => ({
  instructions,
  material: `A video of 60 seconds in exactly 4 shots.\n<untrusted kind="prompt">${prompt}</untrusted>`,
  followUp: '',
  allText: '',
  contents: [],
  shape: null,
  tools: null,
  videos: [],
  maxOutputTokens: 1000,
});

describe('a storyboard', () => {
  test.each([1, 2, 4, 10, 25])('of %i shots has as many pictures, no two alike', (count) => {
    const { shots } = writeStoryboard(
      questionOf('A paper boat in the rain'),
      shapeOf(count, false),
    );
    expect(shots).toHaveLength(count);
    expect(new Set(shots.map(({ picture }) => picture)).size).toBe(count);
    for (const shot of shots) expect(shot.picture).toContain('a paper boat in the rain');
    expect(shots.every((shot) => !('line' in shot))).toBe(true);
  });

  test('has neighbours with other cameras, and ends at rest', () => {
    const { shots } = writeStoryboard(questionOf('A red kite over the sea'), shapeOf(9, true));
    for (const [index, { camera }] of shots.entries())
      expect(camera).not.toBe(shots[index + 1]?.camera);
    expect(shots.at(-1)?.picture).toContain('comes to rest');
    expect(shots.every(({ line }) => line !== undefined && line.split(' ').length <= 5)).toBe(true);
  });

  test('is in Chinese when it is asked for in Chinese', () => {
    const asked = questionOf('雨中的纸船', 'You draw up storyboards, in Simplified Chinese.');
    const { subject, palette, shots } = writeStoryboard(asked, shapeOf(3, true));
    for (const said of [subject, palette, ...shots.flatMap((shot) => Object.values(shot))])
      expect(said).toMatch(/\p{Script=Han}/u);
  });

  test('counts the shots in words where the schema does not', () => {
    expect(
      writeStoryboard(questionOf('A paper boat'), shapeOf(undefined, false)).shots,
    ).toHaveLength(4);
  });

  test('keeps the wish whole as its subject, up to a hundred characters', () => {
    const subjectOf = (prompt: string) =>
      writeStoryboard(questionOf(prompt), shapeOf(2, false)).subject;
    expect(subjectOf('A boat, forbidden, in the rain')).toBe('A boat, forbidden, in the rain');
    expect(subjectOf('boat '.repeat(20))).toBe('boat '.repeat(20).trim());
    expect(subjectOf('boat '.repeat(30))).toBe('boat '.repeat(20).trim());
  });
});

test.each([
  [shapeOf(2, false), true],
  [{ type: 'object', properties: { subject: text, shots: text } }, false],
  [{ type: 'string' }, false],
])('%j asks for one: %s', (shape, isOne) => {
  expect(asksForStoryboard(shape)).toBe(isOne);
});
