import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';

import { drawCaption, drawOver, type Overlay } from './media-captions.ts';
import { fontFor } from './media-font.ts';

const size = { width: 720, height: 1280 };

async function drawn(text: string, picture = size): Promise<Overlay> {
  const overlay = await drawCaption(text, picture);
  if (!overlay) throw new Error(`nothing was drawn of ${text}`);
  return overlay;
}

/** Rows that hold ink, as runs. */
function runsOfRows({ alpha, width, height }: Overlay): number {
  let [runs, wasInk] = [0, false];
  for (let row = 0; row < height; row += 1) {
    // The outlines of two lines may touch; their white does not.
    const isInk = alpha.subarray(row * width, (row + 1) * width).some((value) => value > 0);
    if (isInk && !wasInk) runs += 1;
    wasInk = isInk;
  }
  return runs;
}

describe('the font', () => {
  test('has glyphs for Chinese and Latin, each its own and none the box for a missing one', async () => {
    const texts = Array.from('你好世界龘繁體Aé9，。？！');
    const { families, text } = await fontFor(texts.join(''));
    expect(text).toBe(texts.join(''));
    const pixelsOf = (one: string) => {
      const context = createCanvas(64, 64).getContext('2d');
      context.font = `48px ${families}`;
      context.fillText(one, 4, 50);
      return Buffer.from(context.getImageData(0, 0, 64, 64).data).toString('base64');
    };
    const missing = pixelsOf('\u{10fffd}');
    const seen = texts.map(pixelsOf);
    expect(seen).not.toContain(missing);
    expect(new Set(seen).size).toBe(texts.length);
  });

  test('leaves out what it has no glyph for', async () => {
    expect((await fontFor('ok 👍好')).text).toBe('ok 好');
    // In the ranges that the files announce, and in none of the files.
    expect((await fontFor('好⚡✨✅❤⭐łok')).text).toBe('好ok');
  });
});

describe('a caption', () => {
  test('stands in the middle, above the lowest 18 percent', async () => {
    const { top, height, width, alpha } = await drawn('你好');
    expect(top + height).toBeLessThanOrEqual(0.82 * size.height);
    expect(top + height).toBeGreaterThan(0.8 * size.height);
    const columns = [...alpha.keys()].filter((at) => alpha[at] !== 0).map((at) => at % width);
    const [left, right] = [Math.min(...columns), Math.max(...columns)];
    expect(Math.abs((left + right) / 2 - width / 2)).toBeLessThan(4);
  });

  test('is white with a black edge', async () => {
    const { alpha, luma } = await drawn('Hello');
    const solid = [...luma].filter((_, at) => alpha[at] === 255);
    expect(solid.filter((value) => value > 230).length).toBeGreaterThan(500);
    expect(solid.filter((value) => value < 20).length).toBeGreaterThan(500);
  });

  test.each([
    ['one line', '你好', 1],
    ['two lines', '这是一段比较长的字幕，一行放不下它的全部文字。', 2],
    ['two lines, cut, when it is much too long', '很长的字幕'.repeat(40), 2],
    ['two lines in Latin', 'a rather long caption that does not fit on one line alone', 2],
  ])('takes %s', async (_what, text, lines) => {
    const overlay = await drawn(text);
    expect(runsOfRows(overlay)).toBeLessThanOrEqual(lines);
    expect(overlay.height).toBeLessThan(lines * 70);
    expect(overlay.height).toBeGreaterThan(lines * 30);
  });

  test('is nothing for an empty text', async () => {
    expect(await drawCaption(' ', size)).toBeNull();
  });

  test('is made smaller for a small picture', async () => {
    expect((await drawn('你好', { width: 72, height: 128 })).height).toBeLessThan(20);
  });
});

test('an overlay covers its rows of all three planes, and colour goes where it is', () => {
  const overlay = {
    top: 2,
    width: 4,
    height: 2,
    alpha: Uint8Array.of(255, 0, 128, 0, 0, 0, 0, 0),
    luma: Uint8Array.of(235, 0, 235, 0, 0, 0, 0, 0),
  };
  const plane = (length: number, stride: number) => ({
    data: new Uint8Array(length).fill(100),
    stride,
  });
  const planes = [plane(5 * 6, 5), plane(3 * 3, 3), plane(3 * 3, 3)];
  drawOver(planes, overlay);
  const [luma, blue] = planes.map(({ data }) => [...data]);
  expect(luma?.[10]).toBe(235);
  expect(luma?.[12]).toBe(167);
  expect(luma?.filter((value) => value !== 100)).toHaveLength(2);
  expect(blue?.[3]).toBe(128);
  expect(blue?.[4]).toBe(114);
  expect(blue?.filter((value) => value !== 100)).toHaveLength(2);
});
