import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';

import { scoreFrame } from './media-title-score.ts';

const side = 120;

function scoreOf(draw: (context: SKRSContext2D) => void) {
  const canvas = createCanvas(side, side);
  const context = canvas.getContext('2d');
  draw(context);
  return scoreFrame(context.getImageData(0, 0, side, side));
}

const fill = (colour: string) => (context: SKRSContext2D) => {
  context.fillStyle = colour;
  context.fillRect(0, 0, side, side);
};

/** Tiles of two colours. */
const tiles =
  (one: string, other: string, blur = 0) =>
  (context: SKRSContext2D) => {
    fill(one)(context);
    context.filter = blur === 0 ? 'none' : `blur(${blur}px)`;
    context.fillStyle = other;
    for (let tile = 0; tile < 36; tile += 2)
      context.fillRect(
        (tile % 6) * 20 + (Math.floor(tile / 6) % 2) * 20,
        Math.floor(tile / 6) * 20,
        20,
        20,
      );
  };

describe('a frame is worth more', () => {
  test.each([
    ['sharp than blurred', tiles('#444', '#999'), tiles('#444', '#999', 2)],
    ['a little than much blurred', tiles('#444', '#999', 2), tiles('#444', '#999', 5)],
    ['rich in contrast than pale', tiles('#333', '#ccc'), tiles('#777', '#888')],
    ['sharp and pale than rich and blurred', tiles('#777', '#aaa'), tiles('#222', '#ddd', 5)],
    ['coloured than grey', tiles('#c33', '#393'), tiles('#555', '#5f5f5f')],
  ])('%s', (_what, better, worse) => {
    expect(scoreOf(better).value).toBeGreaterThan(scoreOf(worse).value);
  });

  test('and never more than one, nor less than nothing', () => {
    expect(scoreOf(tiles('#f00', '#00f')).value).toBeLessThanOrEqual(1);
    expect(scoreOf(fill('#000')).value).toBe(0);
  });
});

describe('a frame is blank', () => {
  /** A frame of which the left part has another colour. */
  const parted = (part: number, left: string, right: string) => (context: SKRSContext2D) => {
    fill(right)(context);
    context.fillStyle = left;
    context.fillRect(0, 0, part * side, side);
  };
  test.each([
    ['all black', fill('#000'), true],
    ['all white', fill('#fff'), true],
    ['of one colour', fill('#08c'), true],
    ['almost all black', parted(0.9, '#000', '#f80'), true],
    ['almost all white', parted(0.9, '#fff', '#f80'), true],
    ['to four fifths black', parted(0.8, '#000', '#f80'), false],
    ['to four fifths white', parted(0.8, '#fff', '#f80'), false],
    ['tiled', tiles('#444', '#999'), false],
  ])('%s: %#', (_what, draw, isBlank) => {
    expect(scoreOf(draw).isBlank).toBe(isBlank);
  });
});

test('a frame of a single pixel can be scored', () => {
  const pixels = { data: Uint8ClampedArray.of(9, 9, 9, 255), width: 1, height: 1 };
  expect(scoreFrame(pixels)).toEqual({ value: 0, isBlank: true });
});
