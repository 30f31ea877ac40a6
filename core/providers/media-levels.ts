import type { InputAudioTrack } from 'mediabunny';

import type { Libav } from './media-av.ts';
import { decoded, type Bunny } from './media-clips.ts';
import { glimpse } from './media-glance.ts';
import { LoudnessMeter } from './media-loudness.ts';
import type { Placed } from './media-plan.ts';

/** Clips that differ by no more than this from the median sound alike, in LU. */
const alikeLu = 2;
/** A clip that is almost silent is not made loud, in dB. */
const largestGain = 20;
/** How much of a clip a first look decodes, and how often, in seconds. */
const glance = { seconds: 0.5, every: 2.5 };

/**
 * Whether clips that all have AAC sound are alike, by some short spans of each; decoding all of it would
 * take several times as long as copying the packets.
 */
export async function soundAlike(libav: Libav, plan: readonly Placed[]): Promise<boolean> {
  const loudness: number[] = [];
  for (const { clip, lengthSeconds } of plan) {
    if (!clip.audio) continue;
    const meter = await meterFor(clip.audio);
    const spans = glances(clip.startsAt, lengthSeconds);
    await glimpse(libav, { track: clip.audio, spans, take: (channels) => meter.add(channels) });
    loudness.push(meter.integrated());
  }
  return gainsOf(loudness).every((gain) => gain === 0);
}

/** The gain for each clip in dB that brings the sound of all together; decodes all of it. */
export async function levelGains(
  bunny: Bunny,
  plan: readonly Placed[],
  signal: AbortSignal,
): Promise<number[]> {
  const loudness: number[] = [];
  for (const part of plan) {
    signal.throwIfAborted();
    loudness.push(await loudnessOf(bunny, part));
  }
  return gainsOf(loudness);
}

/** On the clip's own time line. */
function glances(startsAt: number, length: number): [from: number, to: number][] {
  const count = Math.max(2, Math.ceil(length / glance.every));
  return Array.from({ length: count }, (_, index) => {
    const from = ((index + 0.5) * length) / count - glance.seconds / 2;
    return [startsAt + Math.max(0, from), startsAt + Math.min(length, from + glance.seconds)];
  });
}

/** LUFS of what is used of a clip; minus infinity without sound. */
async function loudnessOf(bunny: Bunny, { clip, lengthSeconds }: Placed): Promise<number> {
  const { audio, startsAt } = clip;
  if (!audio) return -Infinity;
  const meter = await meterFor(audio);
  const sink = new bunny.AudioSampleSink(audio);
  for await (const sample of decoded(sink.samples(startsAt, startsAt + lengthSeconds))) {
    const channels = Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
      const data = new Float32Array(sample.numberOfFrames);
      sample.copyTo(data, { planeIndex, format: 'f32-planar' });
      return data;
    });
    sample.close();
    meter.add(channels);
  }
  return meter.integrated();
}

/** Of more than two channels the first two are measured. */
async function meterFor(track: InputAudioTrack): Promise<LoudnessMeter> {
  const channelCount = (await track.getNumberOfChannels()) === 1 ? 1 : 2;
  return new LoudnessMeter(await track.getSampleRate(), channelCount);
}

/** dB for each, 0 for what is near the median already or silent. */
function gainsOf(loudness: readonly number[]): number[] {
  const middle = median(loudness.filter(Number.isFinite));
  return loudness.map((value) => {
    const gain = middle - value;
    if (!Number.isFinite(gain) || Math.abs(gain) <= alikeLu) return 0;
    return Math.max(-largestGain, Math.min(largestGain, gain));
  });
}

/** NaN of nothing. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const [below = NaN, above = below] = sorted.slice(
    Math.ceil(sorted.length / 2) - 1,
    Math.floor(sorted.length / 2) + 1,
  );
  return (below + above) / 2;
}
