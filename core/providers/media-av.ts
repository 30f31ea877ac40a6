import type { AudioSample, VideoSample } from 'mediabunny';

import type { Bunny } from './media-clips.ts';
import { soundRate, type Stereo } from './media-stereo.ts';

/** mediabunny, its decoders and encoders, and libav beneath them. */
export type Libav = {
  readonly bunny: Bunny;
  readonly server: typeof import('@mediabunny/server');
  readonly av: typeof import('node-av');
};

/** Loads what decodes and encodes. */
export async function loadLibav(bunny: Bunny): Promise<Libav> {
  const server = await import('@mediabunny/server');
  // Without the search for graphics hardware and the warnings it prints.
  server.registerMediabunnyServer({ hardwareContext: null });
  return { bunny, server, av: await import('node-av') };
}

/**
 * Sound in a buffer of libav's own. From any other the encoder of @mediabunny/server 1.59.0 copies into one
 * that it neither frees nor makes larger.
 */
export function soundSample(
  { bunny, server, av }: Libav,
  { left, right }: Stereo,
  firstFrame: number,
): AudioSample {
  const frame = new av.Frame();
  frame.alloc();
  frame.format = av.AV_SAMPLE_FMT_FLTP;
  frame.nbSamples = left.length;
  frame.sampleRate = soundRate;
  frame.channelLayout = av.AV_CHANNEL_LAYOUT_STEREO;
  frame.timeBase = new av.Rational(1, soundRate);
  frame.pts = BigInt(firstFrame);
  av.FFmpegError.throwIfError(frame.allocBuffer(), 'allocBuffer');
  for (const [index, { buffer, byteOffset, byteLength }] of [left, right].entries()) {
    frame.data?.[index]?.set(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return new bunny.AudioSample(new server.AvFrameAudioSampleResource(frame));
}

/** A decoded frame for a filter, which may take it apart; free it. */
export async function frameOf({ server, av }: Libav, sample: VideoSample, at: number) {
  const frame = new av.Frame();
  frame.alloc();
  await server.toAvFrame(sample, frame);
  frame.pts = BigInt(Math.round(at * 1e6));
  return frame;
}
