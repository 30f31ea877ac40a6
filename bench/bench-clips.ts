import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createClipRenderer } from '../sandbox/clips/clips.ts';

/** Writes upright clips of 720x1280 with sound, as the emulated models make them. */
export async function writeBenchClips(
  folder: string,
  count: number,
  seconds: number,
): Promise<string[]> {
  const renderer = createClipRenderer(1);
  const paths: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const path = join(folder, `clip-${index}.mp4`);
    const shape = { width: 720, height: 1280, fps: 24, seconds, audio: true };
    await writeFile(path, await renderer.render({ ...shape, prompt: 'bench', seed: index }));
    paths.push(path);
  }
  await renderer.close();
  return paths;
}

/** The one in the middle, or between the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const [below = NaN, above = below] = sorted.slice(
    Math.ceil(sorted.length / 2) - 1,
    Math.floor(sorted.length / 2) + 1,
  );
  return (below + above) / 2;
}
