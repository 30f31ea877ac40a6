import { silence, slice, type Stereo } from './media-stereo.ts';

/** Frames at 48 kHz: how far two windows lie apart, and how far a window may be moved to fit. */
const hop = 720;
const search = 384;
const coarse = 4;

/** Speaks faster by `speed` (above 1) at the same pitch: windows are laid over each other where they fit best. */
export function speedUp(sound: Stereo, speed: number): Stereo {
  const { length } = sound.left;
  const wanted = Math.round(length / speed);
  const out = silence(wanted + 2 * hop);
  let from = 0;
  for (let at = 0; at < wanted; at += hop) {
    overlay(out, at, sound, from);
    // What would follow this window naturally is what the next one has to look like.
    const natural = from + hop;
    const nominal = Math.round((at + hop) * speed);
    from = bestFit(sound.left, natural, nominal);
  }
  return slice(out, 0, wanted);
}

/** Adds one window of two hops; the rising half of the first one would only be a fade. */
function overlay(out: Stereo, at: number, sound: Stereo, from: number): void {
  for (let index = 0; index < 2 * hop; index += 1) {
    const weight = at === 0 && index < hop ? 1 : 0.5 - 0.5 * Math.cos((Math.PI * index) / hop);
    out.left[at + index] = (out.left[at + index] ?? 0) + (sound.left[from + index] ?? 0) * weight;
    out.right[at + index] =
      (out.right[at + index] ?? 0) + (sound.right[from + index] ?? 0) * weight;
  }
}

function bestFit(channel: Float32Array, natural: number, nominal: number): number {
  const near = strongest(channel, natural, {
    from: nominal - search,
    to: nominal + search,
    step: coarse,
  });
  return strongest(channel, natural, { from: near - coarse, to: near + coarse, step: 1 });
}

type Range = { readonly from: number; readonly to: number; readonly step: number };

/** The place where the sound is most alike to that at `natural`. */
function strongest(channel: Float32Array, natural: number, { from, to, step }: Range): number {
  let best = { place: Math.max(0, from), likeness: -Infinity };
  for (let place = Math.max(0, from); place <= to; place += step) {
    let [product, energy] = [0, 1e-9];
    for (let index = 0; index < hop; index += step) {
      const value = channel[place + index] ?? 0;
      product += value * (channel[natural + index] ?? 0);
      energy += value * value;
    }
    const likeness = product / Math.sqrt(energy);
    if (likeness > best.likeness) best = { place, likeness };
  }
  return best.place;
}
