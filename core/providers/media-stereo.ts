/** Frames a second of everything that is mixed. */
export const soundRate = 48_000;

/** Two channels of the same length, -1 to 1. */
export type Stereo = { readonly left: Float32Array; readonly right: Float32Array };

export const silence = (frames: number): Stereo => ({
  left: new Float32Array(frames),
  right: new Float32Array(frames),
});

/** The same memory from `from` up to `to`, in frames. */
export const slice = ({ left, right }: Stereo, from: number, to?: number): Stereo => ({
  left: left.subarray(from, to),
  right: right.subarray(from, to),
});

/** Multiplies in place by a gain that goes from `from` to `to` over the length. */
export function ramp(sound: Stereo, from: number, to: number): void {
  const { length } = sound.left;
  for (const channel of [sound.left, sound.right]) {
    for (let at = 0; at < length; at += 1) {
      channel[at] = (channel[at] ?? 0) * (from + ((to - from) * at) / length);
    }
  }
}

/** All of it in one piece. */
export function concat(parts: readonly Stereo[]): Stereo {
  const all = silence(parts.reduce((sum, { left }) => sum + left.length, 0));
  let at = 0;
  for (const { left, right } of parts) {
    all.left.set(left, at);
    all.right.set(right, at);
    at += left.length;
  }
  return all;
}
