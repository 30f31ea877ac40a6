import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';

import { fontFor, type TextFont } from './media-font.ts';
import type { Size } from './media-jpeg.ts';
import { wrap } from './media-wrap.ts';

/** Below this part of the height lie the buttons and titles of the apps that show it. */
const safeBottom = 0.82;
const widest = 0.86;
const maxLines = 2;
/** Parts of the shorter side; a long text is made smaller, down to the last one. */
const textSizes = [0.06, 0.052, 0.045, 0.039];
const smallestPixels = 9;
const lineHeight = 1.3;
const outline = 0.16;

/** White text with a black outline, as wide as the picture and as high as its lines. */
export type Overlay = {
  /** Even, in pixels from the top of the picture. */
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** How much of the picture is covered, and how bright what covers it is, 0 to 255. */
  readonly alpha: Uint8Array;
  readonly luma: Uint8Array;
};

/** Draws a caption of at most two lines for a picture of an even size; null when nothing of it can be drawn. */
export async function drawCaption(text: string, size: Size): Promise<Overlay | null> {
  const font = await fontFor(text);
  const { createCanvas } = await import('@napi-rs/canvas');
  const context = createCanvas(1, 1).getContext('2d');
  const { lines, pixels } = layOut(context, font, size);
  if (lines.length === 0) return null;
  const height = Math.min(size.height, evenUp((lines.length * lineHeight + outline) * pixels));
  const canvas = createCanvas(size.width, height);
  const drawing = canvas.getContext('2d');
  setFont(drawing, font, pixels);
  drawing.textAlign = 'center';
  drawing.textBaseline = 'middle';
  drawing.lineJoin = 'round';
  drawing.lineWidth = pixels * outline;
  drawing.strokeStyle = '#000000';
  drawing.fillStyle = '#ffffff';
  for (const [index, line] of lines.entries()) {
    const y = height / 2 + (index - (lines.length - 1) / 2) * lineHeight * pixels;
    drawing.strokeText(line, size.width / 2, y);
    drawing.fillText(line, size.width / 2, y);
  }
  const bottom = Math.floor((size.height * safeBottom) / 2) * 2;
  return { top: Math.max(0, bottom - height), width: size.width, height, ...inkOf(canvas) };
}

/** Two chroma rows belong together. */
const evenUp = (pixels: number): number => Math.ceil(pixels / 2) * 2;

/** Sets the type of a canvas; of weights the font has 100 to 900. */
export function setFont(
  context: SKRSContext2D,
  { families }: TextFont,
  pixels: number,
  weight = 700,
): void {
  context.font = `${pixels}px ${families}`;
  // By `font` a weight would be drawn on top of the thinnest of this variable font.
  context.fontVariationSettings = `"wght" ${weight}`;
}

function layOut(
  context: SKRSContext2D,
  font: TextFont,
  size: Size,
): { lines: string[]; pixels: number } {
  let [lines, pixels]: [string[], number] = [[], 0];
  const fits = (line: string) => context.measureText(line).width <= size.width * widest;
  for (const part of textSizes) {
    pixels = Math.max(smallestPixels, Math.round(Math.min(size.width, size.height) * part));
    setFont(context, font, pixels);
    lines = wrap(font.text, fits);
    if (lines.length <= maxLines) return { lines, pixels };
  }
  const kept = lines.slice(0, maxLines);
  let last = kept.at(-1) ?? '';
  while (last !== '' && !fits(`${last}…`)) last = last.slice(0, -1);
  return { lines: [...kept.slice(0, -1), `${last.trimEnd()}…`], pixels };
}

function inkOf(canvas: Canvas): Pick<Overlay, 'alpha' | 'luma'> {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const alpha = new Uint8Array(data.length / 4);
  const luma = new Uint8Array(data.length / 4);
  for (let at = 0; at < alpha.length; at += 1) {
    alpha[at] = data[at * 4 + 3] ?? 0;
    // Grey in the range of video.
    luma[at] = 16 + (219 * (data[at * 4] ?? 0)) / 255;
  }
  return { alpha, luma };
}

/** A picture's planes in 8 bit 4:2:0: luma, then both chromas at half the size. */
export type Plane = { readonly data: Uint8Array; readonly stride: number };

/** Draws an overlay into a picture of the size that it was made for, in place. */
export function drawOver(planes: readonly Plane[], overlay: Overlay): void {
  const [luma, ...chromas] = planes;
  if (!luma) return;
  const { top, width, alpha } = overlay;
  for (const [at, covered] of alpha.entries()) {
    if (covered === 0) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    const place = (top + y) * luma.stride + x;
    luma.data[place] = mix(luma.data[place] ?? 0, overlay.luma[at] ?? 0, covered);
    if (x % 2 === 1 || y % 2 === 1) continue;
    for (const { data, stride } of chromas) {
      const half = ((top + y) / 2) * stride + x / 2;
      data[half] = mix(data[half] ?? 0, 128, covered);
    }
  }
}

const mix = (under: number, over: number, alpha: number): number =>
  under + ((over - under) * alpha) / 255;
