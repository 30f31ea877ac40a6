import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';

import { loadReader } from './read-text.ts';
import { findMostLike, sameness, samenessLimit } from './sameness.ts';

const read = await loadReader();
const likeness = (one: string, other: string): number => sameness(read(one), read(other));

/** Written for this test: whether the second video would be the first one over again. */
const pairs: readonly (readonly [boolean, string, string])[] = [
  [
    true,
    'A paper boat sails down a rainy street at night, neon reflected in the water, the camera follows close to the surface.',
    'At night a paper boat sails down the rainy street; close to the surface the camera follows, neon reflected in water.',
  ],
  [
    true,
    'A cat learns to surf on a small wave, falls, shakes its fur and tries again. Low waterproof camera, sunset light.',
    'A cat learns to surf on small waves, falls, shakes its wet fur, tries again. Low camera, golden light.',
  ],
  [
    true,
    'Grandmother kneads dough at dawn, flour drifts through a beam of light, children steal the first cookie.',
    'Children steal the first cookie while grandmother kneads dough at dawn; flour drifts through the beam. Soft tones, slow push-in.',
  ],
  [
    false,
    'A paper boat sails down a rainy street at night, neon reflected in the water, the camera follows close to the surface.',
    'A paper boat dries on a window sill; a child draws a captain on it with a blue pencil. Morning light, macro lens, slow tilt.',
  ],
  [
    false,
    'Cinematic shot of latte art in soft morning light. The camera pushes in slowly from a medium shot to an extreme close-up, shallow depth of field, warm highlights, deep shadows.',
    'Cinematic shot of a welding robot in soft morning light. The camera pushes in slowly from a medium shot to an extreme close-up, shallow depth of field, warm highlights, deep shadows.',
  ],
  [
    false,
    'A cat learns to surf on a small wave, falls, shakes its fur and tries again. Low waterproof camera, sunset light.',
    'A cat guards a bookshop, stretches on a ladder and knocks a novel onto a sleeping clerk. Handheld, amber lamps.',
  ],
  [
    true,
    '夜晚下雨的城市里，一只纸船贴着水面驶过街道，霓虹倒映在水中，镜头跟随。',
    '一只纸船在夜晚下雨的城市里贴着水面驶过街道，霓虹倒映水中，特写，柔和光线。',
  ],
  [
    true,
    '外婆在清晨揉面，面粉飘进光束，孩子们偷走第一块饼干，镜头缓慢推进。',
    '孩子们偷走第一块饼干，外婆在揉面，面粉飘进光束，暖色调，手持镜头。',
  ],
  [
    false,
    '夜晚下雨的城市里，一只纸船贴着水面驶过街道，霓虹倒映在水中，镜头跟随。',
    '窗台上晾着一只纸船，小女孩用蓝色铅笔画上船长，微距镜头，清晨的光。',
  ],
  [
    false,
    '电影感画面：清晨柔光中的拉花，镜头由中景缓慢推进到大特写，浅景深，高光温暖，暗部深沉。',
    '电影感画面：清晨柔光中的焊接机器人，镜头由中景缓慢推进到大特写，浅景深，高光温暖，暗部深沉。',
  ],
];

test.each(pairs)('%s: %s', (isSame, one, other) => {
  expect(likeness(one, other) >= samenessLimit).toBe(isSame);
});

describe('the nearest video', () => {
  const videos = [
    { id: 'vid_fox', prompt: read('A fox crosses the frozen lake') },
    { id: 'vid_boat', prompt: read('A paper boat crosses a puddle') },
    { id: 'vid_again', prompt: read('A paper boat crosses a puddle') },
  ];

  test('is named with its value, the first of equals', () => {
    const found = findMostLike(read('paper boats crossing one puddle'), videos);
    expect(found).toEqual({ sameness: 1, mostLike: 'vid_boat' });
  });

  test('is none where nothing is shared, and without videos', () => {
    const none = { sameness: 0, mostLike: null };
    expect(findMostLike(read('Lanterns over the harbour'), videos)).toEqual(none);
    expect(findMostLike(read('A paper boat'), [])).toEqual(none);
  });

  test('has twice the words of both by the words of the two', () => {
    expect(likeness('fox lantern kettle', 'kettle mango')).toBeCloseTo(2 / 5, 10);
    expect(likeness('fox fox fox kettle', 'kettle mango')).toBeCloseTo(2 / 4, 10);
    expect(likeness('纸船灯', '纸船猫')).toBeCloseTo(2 / 4, 10);
  });
});

const word = fc.constantFrom(
  ...'boat lantern kettle fox camera light the 纸船 狐狸 镜头 港口'.split(' '),
);
const words = fc.array(word, { minLength: 1, maxLength: 25 });
// Pairs of Chinese characters depend on what stands beside them.
const spacedWords = words.map((list) => list.filter((one) => /^[a-z]/u.test(one)));
const anything = fc.oneof(
  words.map((list) => list.join(' ')),
  fc.string({ maxLength: 80, unit: 'binary' }),
);

describe('for any texts', () => {
  property.prop([anything, anything])('it is from 0 to 1 and the same both ways', (one, other) => {
    const value = likeness(one, other);
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThanOrEqual(1);
    expect(likeness(other, one)).toBe(value);
  });

  property.prop([anything])('a text is the same as itself', (one) => {
    expect(likeness(one, one)).toBe(read(one).tokens.length > 0 ? 1 : 0);
  });

  property.prop([spacedWords, spacedWords])(
    'order, case and punctuation do not matter',
    (ones, others) => {
      const value = likeness(ones.join(' '), others.join(' '));
      expect(likeness(ones.toReversed().join(', ').toUpperCase(), others.join('! '))).toBe(value);
    },
  );

  test('nothing shared is nothing the same', () => {
    expect(likeness('fox lantern kettle', '纸船灯笼')).toBe(0);
  });
});
