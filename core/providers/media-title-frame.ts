import type { Canvas } from '@napi-rs/canvas';

import { loadLibav } from './media-av.ts';
import { openClip, type Clip } from './media-clips.ts';
import { fitInto } from './media-jpeg.ts';
import { drawSample } from './media-poster.ts';
import { scoreFrame, type FrameScore } from './media-title-score.ts';

const frameCount = 12;
/** The first and the last frames of a film are often black, half faded in, or a card with names. */
const edge = 0.03;
/** Frames are compared at this size on their long side. */
const compared = 640;

/**
 * The frame that stands best for a video: of twelve spread over its length the one that is sharp, rich in
 * contrast and colourful; the earlier one of two equals.
 * @throws what the decoder throws, when no frame of the file can be decoded too.
 */
export async function bestFrame(videoPath: string): Promise<Canvas> {
  const { bunny } = await loadLibav(await import('mediabunny'));
  const clip = await openClip(bunny, videoPath);
  try {
    let best: { readonly frame: Canvas; readonly score: FrameScore } | null = null;
    const sink = new bunny.VideoSampleSink(clip.video);
    for await (const sample of sink.samplesAtTimestamps(momentsOf(clip))) {
      if (!sample) continue;
      using shown = sample;
      const frame = await drawSample(shown);
      const score = await judge(frame);
      if (!best || isBetter(score, best.score)) best = { frame, score };
    }
    if (!best) throw new Error('no frame could be decoded');
    return best.frame;
  } finally {
    clip.close();
  }
}

function momentsOf({ startsAt, endsAt }: Clip): number[] {
  const step = (1 - 2 * edge) / frameCount;
  const parts = Array.from({ length: frameCount }, (_, index) => edge + (index + 0.5) * step);
  return parts.map((part) => startsAt + part * (endsAt - startsAt));
}

async function judge(frame: Canvas): Promise<FrameScore> {
  const { createCanvas } = await import('@napi-rs/canvas');
  const { width, height } = fitInto(frame, { width: compared, height: compared });
  const small = createCanvas(width, height);
  const context = small.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(frame, 0, 0, width, height);
  return scoreFrame({ data: context.getImageData(0, 0, width, height).data, width, height });
}

/** Something to see always goes before nothing. */
const isBetter = (one: FrameScore, other: FrameScore): boolean =>
  one.isBlank === other.isBlank ? one.value > other.value : other.isBlank;
