import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { measureMemory, memoryLimit } from '../../bench/encode-memory.ts';
import { writeClip } from '../kit/media-clips.ts';

// Small, and yet large enough that a second of frames in memory would be seen.
const size = { width: 288, height: 512 };
const clipSeconds = 6;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jilo-memory-'));
  const sound = { hertz: 440, level: 0.5 };
  await writeClip(join(folder, 'clip.mp4'), { ...size, seconds: clipSeconds, sound });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** In MB, of a video of so many clips. */
const memoryOf = (count: number): Promise<number> =>
  measureMemory({
    paths: Array.from({ length: count }, () => join(folder, 'clip.mp4')),
    clipSeconds,
    size,
    outputPath: join(folder, `out-${count}.mp4`),
  });

test('the memory of an assembly stays flat in its length', async () => {
  const short = await memoryOf(2);
  const long = await memoryOf(10);
  expect(long / short, `${long} MB for 60 s, ${short} MB for 12 s`).toBeLessThan(memoryLimit);
}, 240_000);
