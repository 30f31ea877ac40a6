import type { InputVideoTrack, VideoSample, VideoSampleSource } from 'mediabunny';
import type { Frame } from 'node-av';

import type { Assembly } from '../ports/media-tools.ts';
import type { Libav } from './media-av.ts';
import { drawCaption, drawOver, type Overlay } from './media-captions.ts';
import { decoded } from './media-clips.ts';
import type { Size } from './media-jpeg.ts';
import type { Placed } from './media-plan.ts';
import { createShaper, type Shaper } from './media-shape.ts';
import type { Step } from './media-steps.ts';

/** Rates that players know; a measured one next to one of them is that one. */
const usualRates = [24_000 / 1001, 24, 25, 30_000 / 1001, 30, 48, 50, 60_000 / 1001, 60];
const fallbackRate = 30;

export type Look = Pick<Assembly, 'fit' | 'captions'> & {
  readonly size: Size;
  readonly frameRate: number;
};

/** Frames a second of a track, at most 60. */
export async function frameRateOf(track: InputVideoTrack): Promise<number> {
  const { averagePacketRate } = await track.computePacketStats();
  if (!Number.isFinite(averagePacketRate) || averagePacketRate < 1) return fallbackRate;
  const usual = usualRates.find((rate) => Math.abs(rate - averagePacketRate) < rate * 0.0004);
  return Math.min(60, usual ?? Math.round(averagePacketRate));
}

/** Frames at a constant rate, of the asked size and with their captions; the target encodes them. */
export async function* drawFrames(
  libav: Libav,
  plan: readonly Placed[],
  look: Look,
  target: VideoSampleSource,
): AsyncGenerator<Step, void> {
  const captionAt = createCaptions(look);
  for (const part of plan) {
    const numbers = frameNumbers(part, look.frameRate);
    const sink = new libav.bunny.VideoSampleSink(part.clip.video);
    const times = numbers.map((number) => timeInClip(part, number, look.frameRate));
    const shaper = createShaper(libav, look.size, look.fit);
    try {
      let index = 0;
      for await (const frame of decoded(sink.samplesAtTimestamps(times))) {
        const at = (numbers[index] ?? 0) / look.frameRate;
        index += 1;
        yield { at, write: () => addFrame({ libav, look, target, shaper, captionAt }, at, frame) };
      }
    } finally {
      shaper.close();
    }
  }
}

function frameNumbers({ offset, until }: Placed, frameRate: number): number[] {
  const first = Math.round(offset * frameRate);
  const count = Math.round(until * frameRate) - first;
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index);
}

/** Time stamps are rounded in many files, so a frame is looked for shortly after it begins. */
function timeInClip({ clip, offset, lengthSeconds }: Placed, number: number, rate: number): number {
  const wanted = number / rate - offset + 0.25 / rate;
  return clip.startsAt + Math.max(0, Math.min(wanted, lengthSeconds - 0.001));
}

type Studio = {
  readonly libav: Libav;
  readonly look: Look;
  readonly target: VideoSampleSource;
  readonly shaper: Shaper;
  readonly captionAt: (at: number) => Promise<Overlay | null>;
};

async function addFrame(studio: Studio, at: number, frame: VideoSample | null): Promise<void> {
  const { libav, look, target, shaper } = studio;
  if (!frame) throw new Error('a clip has no frame for a time within it');
  using source = frame;
  const caption = await studio.captionAt(at);
  const shaped = await shaper.shape(source, at);
  using sample = new libav.bunny.VideoSample(new libav.server.AvFrameVideoSampleResource(shaped), {
    timestamp: at,
    duration: 1 / look.frameRate,
  });
  if (caption) drawInto(libav, shaped, caption);
  await target.add(sample);
}

function drawInto({ av }: Libav, frame: Frame, caption: Overlay): void {
  // A filter that has nothing to change hands out the decoder's own memory.
  av.FFmpegError.throwIfError(frame.makeWritable(), 'makeWritable');
  const planes = frame.data?.map((data, index) => ({ data, stride: frame.linesize[index] ?? 0 }));
  drawOver(planes ?? [], caption);
}

/** Draws each caption when it is first shown, and keeps only the last one. */
function createCaptions({ captions, size }: Look): Studio['captionAt'] {
  let drawn: { readonly text: string; readonly overlay: Overlay | null } | null = null;
  return async (at) => {
    const shown = captions.find(({ from, to }) => from <= at + 1e-6 && at < to - 1e-6);
    if (!shown) return null;
    if (drawn?.text !== shown.text) {
      drawn = { text: shown.text, overlay: await drawCaption(shown.text, size) };
    }
    return drawn.overlay;
  };
}
