import type { AudioSampleSource } from 'mediabunny';

import { soundSample, type Libav } from './media-av.ts';
import type { Bunny } from './media-clips.ts';
import { createLimiter } from './media-limiter.ts';
import { decodeStereo } from './media-pcm.ts';
import type { Placed } from './media-plan.ts';
import type { Step } from './media-steps.ts';
import { ramp, silence, slice, soundRate, type Stereo } from './media-stereo.ts';
import { loadLine, type Line } from './media-voice.ts';

/** Under a voice the clips' own sound is a quarter as loud: -12 dB. */
const duckedGain = 10 ** (-12 / 20);
const duckSeconds = { fall: 0.2, rise: 0.25 };
/** The gain changes in steps of a millisecond. */
const gainFrames = soundRate / 1000;
/** So short that it is no fade, and long enough that a cut does not click. */
const edgeFrames = 5 * gainFrames;
const limiterFrames = 5 * gainFrames;
/** libav's AAC encoder begins with this much silence of its own, which stays in the sound. */
const encoderDelay = 1024;
const blockFrames = soundRate / 10;

export type Mix = {
  readonly plan: readonly Placed[];
  /** By clip, in dB. */
  readonly gains: readonly number[];
  readonly voice: readonly Line[];
};

/** The clips' sound, levelled and ducked under the voice, as samples to encode; silence where there is none. */
export async function* mixSound(
  libav: Libav,
  mix: Mix,
  target: AudioSampleSource,
): AsyncGenerator<Step, void> {
  const limiter = createLimiter(limiterFrames);
  let written = 0;
  let skip = limiterFrames + encoderDelay;
  for await (const block of withEnd(mixed(libav.bunny, mix))) {
    const limited = limiter.push(block);
    const heard = slice(limited, Math.min(skip, limited.left.length));
    skip -= limited.left.length - heard.left.length;
    if (heard.left.length === 0) continue;
    const first = written;
    written += heard.left.length;
    yield { at: first / soundRate, write: () => addSound(libav, target, heard, first) };
  }
}

/** What the limiter still holds comes out by as much silence. */
async function* withEnd(blocks: AsyncGenerator<Stereo, void>): AsyncGenerator<Stereo, void> {
  yield* blocks;
  yield silence(limiterFrames);
}

async function addSound(
  libav: Libav,
  target: AudioSampleSource,
  sound: Stereo,
  firstFrame: number,
): Promise<void> {
  using sample = soundSample(libav, sound, firstFrame);
  await target.add(sample);
}

type Speaking = { readonly from: number; readonly sound: Stereo };

/** The clips' sound with the voice over it, in blocks. */
async function* mixed(bunny: Bunny, { plan, gains, voice }: Mix): AsyncGenerator<Stereo, void> {
  const waiting = voice.toSorted((one, other) => one.at - other.at);
  let speaking: Speaking[] = [];
  let at = 0;
  for (const [index, part] of plan.entries()) {
    const gain = 10 ** ((gains[index] ?? 0) / 20);
    for await (const block of clipSound(bunny, part)) {
      const end = at + block.left.length;
      ramp(block, gain, gain);
      // A line is loaded before its time, since the sound falls before it begins.
      while (waiting[0] && (waiting[0].at - duckSeconds.fall) * soundRate < end) {
        const line = waiting.shift();
        if (!line) break;
        const from = Math.round(line.at * soundRate);
        speaking.push({ from, sound: await loadLine(bunny, line) });
      }
      if (speaking.length > 0) duck(block, at, speaking);
      for (const { from, sound } of speaking) add(block, sound, from - at);
      speaking = speaking.filter(
        ({ from, sound }) => from + sound.left.length + duckSeconds.rise * soundRate > end,
      );
      yield block;
      at = end;
    }
  }
}

/** Exactly as many frames as the clip's place has, in blocks. */
async function* clipSound(bunny: Bunny, part: Placed): AsyncGenerator<Stereo, void> {
  const { clip, offset, until, lengthSeconds } = part;
  const total = Math.round(until * soundRate) - Math.round(offset * soundRate);
  const heard = Math.min(total, Math.round(lengthSeconds * soundRate));
  let done = 0;
  const span = { from: clip.startsAt, to: clip.startsAt + lengthSeconds };
  const pieces = clip.audio ? decodeStereo(bunny, { track: clip.audio, ...span }) : [];
  for await (const piece of pieces) {
    for (let at = 0; at < piece.left.length && done < heard;) {
      const size = Math.min(blockFrames, piece.left.length - at, heard - done);
      const block = slice(piece, at, at + size);
      softenEdges(block, done, heard);
      yield block;
      at += size;
      done += size;
    }
  }
  while (done < total) {
    const size = Math.min(blockFrames, total - done);
    yield silence(size);
    done += size;
  }
}

function softenEdges({ left, right }: Stereo, from: number, total: number): void {
  const { length } = left;
  if (from >= edgeFrames && from + length <= total - edgeFrames) return;
  for (let at = 0; at < length; at += 1) {
    const edge = Math.min(from + at, total - 1 - from - at);
    if (edge >= edgeFrames) continue;
    left[at] = ((left[at] ?? 0) * edge) / edgeFrames;
    right[at] = ((right[at] ?? 0) * edge) / edgeFrames;
  }
}

function duck(block: Stereo, at: number, speaking: readonly Speaking[]): void {
  const { length } = block.left;
  for (let from = 0; from < length; from += gainFrames) {
    const part = slice(block, from, Math.min(length, from + gainFrames));
    ramp(part, gainAt(at + from, speaking), gainAt(at + from + part.left.length, speaking));
  }
}

/** The lowest gain that any line asks for at a frame. */
function gainAt(frame: number, speaking: readonly Speaking[]): number {
  let depth = 0;
  for (const { from, sound } of speaking) {
    const before = 1 - (from - frame) / (duckSeconds.fall * soundRate);
    const after = 1 - (frame - from - sound.left.length) / (duckSeconds.rise * soundRate);
    depth = Math.max(depth, Math.min(1, before, after));
  }
  return duckedGain ** depth;
}

/** Adds `sound` so that its first frame falls on frame `at` of the block. */
function add(block: Stereo, sound: Stereo, at: number): void {
  const from = Math.max(0, at);
  const to = Math.min(block.left.length, at + sound.left.length);
  for (let frame = from; frame < to; frame += 1) {
    block.left[frame] = (block.left[frame] ?? 0) + (sound.left[frame - at] ?? 0);
    block.right[frame] = (block.right[frame] ?? 0) + (sound.right[frame - at] ?? 0);
  }
}
