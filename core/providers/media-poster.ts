import { writeFile } from 'node:fs/promises';

import type { Canvas } from '@napi-rs/canvas';
import type { VideoSample } from 'mediabunny';

import { Fault } from '../fault.ts';
import type { Poster } from '../ports/media-tools.ts';
import { openClip } from './media-clips.ts';
import { encodeJpeg, fitInto } from './media-jpeg.ts';

type Bunny = typeof import('mediabunny');

const longSide = 1280;
/** Where a frame is looked for, in seconds from the start: many films begin in black. */
const moments = [0, 0.5, 1];
/** Mean luminance, of 255, above which a frame shows something. */
const darkLuminance = 12;

/**
 * Writes the first frame that is not almost black as JPEG, at most 1280 pixels on the long side and
 * below 2,000,000 bytes; the very first when all are dark.
 * @throws Fault `provider_failed` when no frame of the file can be decoded.
 */
export async function poster(videoPath: string, outputPath: string): Promise<Poster> {
  const canvas = await firstBright(videoPath).catch((error: unknown) => {
    // A missing file or a full disk is ours, not the provider's.
    if (error instanceof Error && 'syscall' in error) throw error;
    throw new Fault('provider_failed', { provider: 'The video model' }, { cause: error });
  });
  const data = await encodeJpeg(canvas);
  await writeFile(outputPath, data);
  return { width: canvas.width, height: canvas.height, bytes: data.length };
}

async function firstBright(videoPath: string): Promise<Canvas> {
  const bunny = await import('mediabunny');
  const { registerMediabunnyServer } = await import('@mediabunny/server');
  // Without the search for graphics hardware and the warnings it prints.
  registerMediabunnyServer({ hardwareContext: null });
  const clip = await openClip(bunny, videoPath);
  try {
    let first: Canvas | null = null;
    for (const moment of moments) {
      if (moment > clip.endsAt - clip.startsAt) break;
      const frame = await drawFrame(bunny, clip.video, clip.startsAt + moment);
      if (frame && luminanceOf(frame) > darkLuminance) return frame;
      first ??= frame;
    }
    if (!first) throw new Error('no frame could be decoded');
    return first;
  } finally {
    clip.close();
  }
}

type Track = ConstructorParameters<Bunny['VideoSampleSink']>[0];

/** The frame that is shown at `seconds`, as large as a poster may be; null where there is none. */
async function drawFrame(bunny: Bunny, track: Track, seconds: number): Promise<Canvas | null> {
  const sample = await new bunny.VideoSampleSink(track).getSample(seconds);
  if (!sample) return null;
  try {
    return await drawSample(sample);
  } finally {
    sample.close();
  }
}

/** A decoded frame as it is shown: upright, at most 1280 pixels on the long side. */
export async function drawSample(sample: VideoSample): Promise<Canvas> {
  const { createCanvas, ImageData } = await import('@napi-rs/canvas');
  const { codedWidth, codedHeight, displayWidth, displayHeight, rotation } = sample;
  const rect = { x: 0, y: 0, width: codedWidth, height: codedHeight };
  // The published types of WebCodecs do not name the format yet.
  const whole = { rect, format: 'RGBA' };
  const pixels = new Uint8ClampedArray(sample.allocationSize(whole));
  await sample.copyTo(pixels, whole);
  const coded = createCanvas(codedWidth, codedHeight);
  coded.getContext('2d').putImageData(new ImageData(pixels, codedWidth, codedHeight), 0, 0);
  const { width, height } = fitInto(
    { width: displayWidth, height: displayHeight },
    { width: longSide, height: longSide },
  );
  const shown = createCanvas(width, height);
  const context = shown.getContext('2d');
  const isTurned = rotation === 90 || rotation === 270;
  const [across, down] = isTurned ? [height, width] : [width, height];
  context.imageSmoothingQuality = 'high';
  context.translate(width / 2, height / 2);
  context.rotate((rotation * Math.PI) / 180);
  context.drawImage(coded, -across / 2, -down / 2, across, down);
  return shown;
}

/** Mean luminance of BT.709 over every pixel, of 255. */
function luminanceOf(canvas: Canvas): number {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let at = 0; at + 3 < data.length; at += 4) {
    sum += 0.2126 * (data[at] ?? 0) + 0.7152 * (data[at + 1] ?? 0) + 0.0722 * (data[at + 2] ?? 0);
  }
  return sum / (data.length / 4);
}
