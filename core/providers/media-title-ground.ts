import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';

import type { Size } from './media-jpeg.ts';

/** A frame is cropped as long as this part of it remains; otherwise the whole of it is shown. */
const leastKept = 0.7;
/** Parts of the height. */
const blur = 0.045;
const frameShadow = 0.06;
/** How much of the light of the copy behind a whole frame is taken away. */
const behindShade = 0.45;

/** The frame over the whole of a wide picture: cropped, or before a blurred and darkened copy of itself. */
export async function layGround(frame: Canvas, size: Size): Promise<Canvas> {
  const { createCanvas } = await import('@napi-rs/canvas');
  const canvas = createCanvas(size.width, size.height);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  const filling = scaled(frame, size, Math.max);
  const kept = (size.width * size.height) / (filling.width * filling.height);
  if (kept >= leastKept) {
    drawCentred(context, frame, filling, size);
    return canvas;
  }
  const pixels = blur * size.height;
  // The blur of an edge would let the empty canvas shine through.
  const larger = 1 + (4 * pixels) / size.height;
  context.filter = `blur(${pixels}px)`;
  drawCentred(
    context,
    frame,
    { width: filling.width * larger, height: filling.height * larger },
    size,
  );
  context.filter = 'none';
  context.fillStyle = `rgba(0, 0, 0, ${behindShade})`;
  context.fillRect(0, 0, size.width, size.height);
  context.shadowColor = 'rgba(0, 0, 0, 0.6)';
  context.shadowBlur = frameShadow * size.height;
  drawCentred(context, frame, scaled(frame, size, Math.min), size);
  return canvas;
}

function scaled(frame: Size, box: Size, choose: (one: number, other: number) => number): Size {
  const scale = choose(box.width / frame.width, box.height / frame.height);
  return { width: frame.width * scale, height: frame.height * scale };
}

function drawCentred(
  context: SKRSContext2D,
  frame: Canvas,
  { width, height }: Size,
  box: Size,
): void {
  context.drawImage(frame, (box.width - width) / 2, (box.height - height) / 2, width, height);
}
