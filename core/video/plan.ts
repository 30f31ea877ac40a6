import { z } from 'zod';

/** One clip of a video, and what of it is used. */
const plannedShot = z.object({
  /** How long the provider makes it. */
  seconds: z.number(),
  /** How much of it the video uses. */
  keepSeconds: z.number(),
  /** What the model is asked for. */
  prompt: z.string(),
  /** What is seen, for people. */
  picture: z.string(),
  camera: z.string(),
  /** What is shown or spoken while it plays. */
  line: z.string().nullable(),
});
export type PlannedShot = z.output<typeof plannedShot>;

/** As a row keeps them; a shot that was planned before there were storyboards has its prompt alone. */
export const storedShots = z.array(
  z.preprocess((raw) => {
    const old = z.strictObject({ seconds: z.number(), prompt: z.string() }).safeParse(raw);
    if (!old.success) return raw;
    const { seconds, prompt } = old.data;
    return { seconds, keepSeconds: seconds, prompt, picture: prompt, camera: '', line: null };
  }, plannedShot),
);

/** The length of a clip, and how much of it is used, in seconds. */
export type PlannedClip = Pick<PlannedShot, 'seconds' | 'keepSeconds'>;

/** The clips of a video of `seconds`: the fewest that cover it, and together exactly as much of them. */
export function planVideo(seconds: number, lengths: readonly number[]): PlannedClip[] {
  const clips = planClips(seconds, lengths);
  const kept = shareSeconds(clips, seconds);
  return clips.map((length, index) => ({ seconds: length, keepSeconds: kept[index] ?? length }));
}

/**
 * The fewest clips whose lengths cover `seconds`, with the least left over; longer ones first.
 * @param lengths what one clip can be, in seconds, at least one.
 * @internal
 */
export function planClips(seconds: number, lengths: readonly number[]): number[] {
  const longest = Math.max(...lengths);
  const count = Math.ceil(seconds / longest);
  // Totals that `count` clips can reach, each with one way to reach it.
  let reachable = new Map<number, number[]>([[0, []]]);
  for (let clip = 0; clip < count; clip += 1) {
    const next = new Map<number, number[]>();
    for (const [total, clips] of reachable) {
      for (const length of lengths) next.set(total + length, [...clips, length]);
    }
    reachable = next;
  }
  const totals = [...reachable.keys()].filter((total) => total >= seconds);
  const best = reachable.get(Math.min(...totals));
  if (!best) throw new Error(`no clips cover ${seconds} s`);
  return best.toSorted((a, b) => b - a);
}

/** Less than this of a clip is too short to be seen. */
const leastKept = 2;

/**
 * How much of each clip is used so that they are `seconds` together: what is too much is taken evenly
 * from all, in hundredths of a second, but leaves at least 2 s of each.
 * @internal
 */
export function shareSeconds(clips: readonly number[], seconds: number): number[] {
  const kept = clips.map((clip) => Math.round(clip * 100));
  let left = kept.reduce((sum, clip) => sum + clip, 0) - Math.round(seconds * 100);
  while (left > 0) {
    const open = [...kept.keys()].filter((index) => (kept[index] ?? 0) > leastKept * 100);
    if (open.length === 0) throw new Error(`${clips.length} clips are too many for ${seconds} s`);
    const even = Math.max(1, Math.floor(left / open.length));
    // The last ones give what does not divide evenly.
    for (const index of open.toReversed()) {
      const clip = kept[index] ?? 0;
      const taken = Math.min(left, even, clip - leastKept * 100);
      kept[index] = clip - taken;
      left -= taken;
    }
  }
  return kept.map((hundredths) => hundredths / 100);
}
