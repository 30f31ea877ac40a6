import type { Canvas } from '@napi-rs/canvas';

import { setFont } from './media-captions.ts';
import { fontFor, type TextFont } from './media-font.ts';
import type { Size } from './media-jpeg.ts';
import { setTitle, type TitleLines, type TitleRoom } from './media-title-lines.ts';
import type { Block } from './media-title-shade.ts';
import { plainTitle, tidyTitle, withoutMarks } from './media-title-text.ts';

/** Parts of the width and of the height that stay empty. */
const margin = { side: 0.045, bottom: 0.065 };
/** Right of and below this the host shows how long the video is; on small cards its label is this large. */
const label = { left: 0.78, top: 0.79 };
/** Of the height. The smallest is 13 pixels high in a card of 320 by 180. */
const largest = 0.18;
const smallest = 0.072;
const sizeSteps = 32;
/** How much of the height the words may take, and how many lines. */
const most = 0.42;
const maxLines = 3;
const weight = 900;
/** Parts of the size of the type. */
const lineHeight = 1.16;
const outline = 0.1;
/** What letters reach beyond their width, or stand closer together than they were measured. */
const overhang = 0.06;
/** From the line that letters stand on down to the lower edge of the longest one. */
const descent = 0.33;

/** Large white words with a dark edge, at the lower left of an otherwise empty picture. */
type TitleInk = TitleLines & { readonly canvas: Canvas; readonly block: Block };

/** Draws a title for a picture of this size; null when the font has no glyph for any of it. */
export async function drawTitle(title: string, size: Size): Promise<TitleInk | null> {
  const { font, text } = await fontOf(plainTitle(title));
  const { createCanvas } = await import('@napi-rs/canvas');
  const canvas = createCanvas(size.width, size.height);
  const context = canvas.getContext('2d');
  const ems = 100;
  setFont(context, font, ems, weight);
  const widthOf = (words: string) => context.measureText(words).width / ems;
  const set = text === '' ? null : setTitle(text, roomOf(size, widthOf));
  if (!set) return null;
  write(canvas, font, set);
  return { ...set, canvas, block: blockOf(canvas) };
}

/** The font, and what it can draw of a title. */
async function fontOf(title: string): Promise<{ font: TextFont; text: string }> {
  const known = new Set((await fontFor(title)).text);
  const simpler = Array.from(title, (one) => (known.has(one) ? one : withoutMarks(one))).join('');
  const font = await fontFor(simpler);
  return { font, text: tidyTitle(simpler, font.text) };
}

function roomOf({ width, height }: Size, widthOf: TitleRoom['widthOf']): TitleRoom {
  const step = (largest - smallest) / (sizeSteps - 1);
  return {
    sizes: Array.from({ length: sizeSteps }, (_, index) => (largest - index * step) * height),
    maxLines,
    widthOf,
    limitOf(line, lines, size) {
      if (lines * lineHeight * size > most * height) return null;
      const lowest = baselineOf({ line, lines, size }, height) + descent * size;
      const right = lowest > label.top * height ? label.left : 1 - margin.side;
      return (right - margin.side) * width - (outline + overhang) * size;
    },
  };
}

type Place = { readonly line: number; readonly lines: number; readonly size: number };

const baselineOf = ({ line, lines, size }: Place, height: number): number =>
  (1 - margin.bottom) * height - (descent + (lines - 1 - line) * lineHeight) * size;

function write(canvas: Canvas, font: TextFont, { lines, size }: TitleLines): void {
  const context = canvas.getContext('2d');
  setFont(context, font, size, weight);
  context.textBaseline = 'alphabetic';
  context.lineJoin = 'round';
  context.lineWidth = outline * size;
  context.strokeStyle = '#0a0a0a';
  context.fillStyle = '#ffffff';
  const left = margin.side * canvas.width + (outline / 2) * size;
  const placed = lines.map((text, line) => ({
    text,
    // Full-width quotes begin late.
    x: left + context.measureText(text).actualBoundingBoxLeft,
    y: baselineOf({ line, lines: lines.length, size }, canvas.height),
  }));
  // All edges first: the edge of one line must not cover the letters of another.
  for (const { text, x, y } of placed) context.strokeText(text, x, y);
  for (const { text, x, y } of placed) context.fillText(text, x, y);
}

function blockOf(canvas: Canvas): Block {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  let [top, bottom, right] = [height, 0, 0];
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    if (data[pixel * 4 + 3] === 0) continue;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    top = Math.min(top, y);
    bottom = y + 1;
    right = Math.max(right, x + 1);
  }
  return { top, bottom, right };
}
