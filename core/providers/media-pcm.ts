import type { AudioSample, InputAudioTrack } from 'mediabunny';

import { decoded, type Bunny } from './media-clips.ts';
import { createResampler } from './media-resample.ts';
import { silence, slice, soundRate, type Stereo } from './media-stereo.ts';

export type Span = {
  readonly track: InputAudioTrack;
  /** Seconds on the track's own time line. */
  readonly from: number;
  readonly to: number;
  readonly provider?: string;
};

/**
 * Decodes a span of a track to stereo of 48 kHz that begins exactly at `from`, with silence where there is
 * a gap; it may end a little before or after `to`.
 */
export async function* decodeStereo(
  bunny: Bunny,
  { track, from, to, provider }: Span,
): AsyncGenerator<Stereo, void> {
  const rate = await track.getSampleRate();
  const resample = createResampler(rate, soundRate);
  const sink = new bunny.AudioSampleSink(track);
  let written = 0;
  for await (const sample of decoded(sink.samples(from, to), provider)) {
    const begins = Math.round((sample.timestamp - from) * rate);
    const sound = stereoOf(sample);
    sample.close();
    // Time stamps are rounded in many files; only what is off by more than a millisecond is a gap.
    const gap = Math.abs(begins - written) > rate / 1000 ? begins - written : 0;
    if (gap > 0) yield resample.push(silence(gap));
    const rest = gap < 0 ? slice(sound, -gap) : sound;
    written += Math.max(gap, 0) + rest.left.length;
    if (rest.left.length > 0) yield resample.push(rest);
  }
  yield resample.end();
}

/** Of more than two channels the front ones with the centre between them. */
function stereoOf(sample: AudioSample): Stereo {
  const plane = (planeIndex: number): Float32Array => {
    const data = new Float32Array(sample.numberOfFrames);
    sample.copyTo(data, { planeIndex, format: 'f32-planar' });
    return data;
  };
  const left = plane(0);
  if (sample.numberOfChannels === 1) return { left, right: left.slice() };
  const right = plane(1);
  if (sample.numberOfChannels > 2) {
    const centre = plane(2);
    for (const channel of [left, right]) {
      for (const [at, value] of centre.entries()) channel[at] = (channel[at] ?? 0) + 0.7 * value;
    }
  }
  return { left, right };
}
