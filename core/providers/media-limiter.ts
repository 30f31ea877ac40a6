import { concat, silence, type Stereo } from './media-stereo.ts';

/** About -1.4 dB: encoding to AAC makes some peaks a little higher. */
const ceiling = 0.85;

/**
 * Keeps peaks below the ceiling without a click: the gain that the loudest of the next `reach` frames needs
 * is reached gradually before it comes. Sound goes in and out in pieces, delayed by `reach` frames.
 */
export function createLimiter(reach: number): { push: (sound: Stereo) => Stereo } {
  let before = silence(2 * reach);
  return {
    push(sound) {
      const { length } = sound.left;
      const all = concat([before, sound]);
      before = concat([{ left: all.left.subarray(length), right: all.right.subarray(length) }]);
      const gain = smooth(lowest(needed(all), reach), reach);
      const out = silence(length);
      for (let at = 0; at < length; at += 1) {
        // The gain at this place looks from `reach` frames before it to `reach` after it.
        out.left[at] = (all.left[at + reach] ?? 0) * (gain[at] ?? 1);
        out.right[at] = (all.right[at + reach] ?? 0) * (gain[at] ?? 1);
      }
      return out;
    },
  };
}

/** The gain that would bring each frame by itself to the ceiling. */
function needed({ left, right }: Stereo): Float32Array {
  return left.map((value, at) => {
    const peak = Math.max(Math.abs(value), Math.abs(right[at] ?? 0));
    return peak > ceiling ? ceiling / peak : 1;
  });
}

/** The lowest of each `reach + 1` values in a row. */
function lowest(values: Float32Array, reach: number): Float32Array {
  const out = new Float32Array(values.length - reach);
  if (values.every((value) => value === 1)) return out.fill(1);
  /** Places of values that may still become the lowest, in rising order of value. */
  const places: number[] = [];
  let head = 0;
  for (const [at, value] of values.entries()) {
    while (places.length > head && (values[places.at(-1) ?? 0] ?? 1) >= value) places.pop();
    places.push(at);
    if ((places[head] ?? 0) < at - reach) head += 1;
    if (at >= reach) out[at - reach] = values[places[head] ?? 0] ?? 1;
  }
  return out;
}

/** The mean of each `reach + 1` values in a row. */
function smooth(values: Float32Array, reach: number): Float32Array {
  const out = new Float32Array(values.length - reach);
  let sum = 0;
  for (const [at, value] of values.entries()) {
    sum += value;
    if (at > reach) sum -= values[at - reach - 1] ?? 0;
    if (at >= reach) out[at - reach] = Math.min(1, sum / (reach + 1));
  }
  return out;
}
