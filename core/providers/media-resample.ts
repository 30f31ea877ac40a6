import { concat, silence, slice, type Stereo } from './media-stereo.ts';

/** Samples of the source on each side of the wanted one. */
const reach = 16;
const maxPhases = 1024;

export type Resampler = {
  /** What can be told so far. */
  readonly push: (sound: Stereo) => Stereo;
  /** The rest. */
  readonly end: () => Stereo;
};

/** Changes the sample rate by a windowed sinc, piece by piece and without a seam. */
export function createResampler(from: number, to: number): Resampler {
  if (from === to) return { push: (sound) => sound, end: () => silence(0) };
  const step = from / to;
  // Between the usual rates every wanted sample falls on one of a few hundred places between two given ones.
  const phases = Math.min(to / divisor(from, to), maxPhases);
  const taps = table(phases, Math.min(1, to / from));
  let kept = silence(reach);
  /** The number of the first kept sample, and of the next wanted one. */
  let [first, next] = [-reach, 0];
  const push = (sound: Stereo): Stereo => {
    const source = concat([kept, sound]);
    const end = first + source.left.length;
    const count = Math.max(0, Math.ceil((end - reach) / step) - next);
    const out = silence(count);
    for (let index = 0; index < count; index += 1) {
      const position = (next + index) * step;
      // Rounding may reach the place of the sample after.
      const place = Math.round(position * phases);
      const whole = Math.floor(place / phases);
      const row = (place - whole * phases) * 2 * reach;
      const at = whole - reach + 1 - first;
      out.left[index] = weigh(source.left, at, taps, row);
      out.right[index] = weigh(source.right, at, taps, row);
    }
    next += count;
    const keepFrom = Math.max(
      0,
      Math.min(source.left.length, Math.floor(next * step) - reach - first),
    );
    // A copy: a view would keep the whole piece in memory.
    kept = concat([slice(source, keepFrom)]);
    first += keepFrom;
    return out;
  };
  return { push, end: () => push(silence(reach)) };
}

function weigh(source: Float32Array, at: number, taps: Float32Array, row: number): number {
  let sum = 0;
  for (let tap = 0; tap < 2 * reach; tap += 1)
    sum += (source[at + tap] ?? 0) * (taps[row + tap] ?? 0);
  return sum;
}

/** The taps of every phase; `cutoff` is relative to the source's own limit. */
function table(phases: number, cutoff: number): Float32Array {
  const taps = new Float32Array(phases * 2 * reach);
  for (let phase = 0; phase < phases; phase += 1) {
    const row = phase * 2 * reach;
    let sum = 0;
    for (let tap = 0; tap < 2 * reach; tap += 1) {
      const x = tap - reach + 1 - phase / phases;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x * cutoff) / (Math.PI * x * cutoff);
      const value = sinc * Math.max(0, Math.cos((Math.PI * x) / (2 * reach))) ** 2;
      taps[row + tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < 2 * reach; tap += 1) taps[row + tap] = (taps[row + tap] ?? 0) / sum;
  }
  return taps;
}

const divisor = (one: number, other: number): number =>
  other === 0 ? one : divisor(other, one % other);
