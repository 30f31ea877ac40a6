import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeBenchClips } from './bench-clips.ts';
import { measureMemory, memoryLimit } from './encode-memory.ts';

const clipSeconds = 6;
const size = { width: 720, height: 1280 };

/** Time and memory of an assembly that encodes everything, for a short and a long video; true when within the limit. */
export async function bench(say: (line: string) => void): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'jilo-bench-'));
  try {
    const clips = await writeBenchClips(folder, 10, clipSeconds);
    say(
      'Captions on every frame, a voice, 720x1280, 24 frames a second; each in a process of its own:',
    );
    const measure = async (count: number): Promise<number> => {
      const started = performance.now();
      const paths = clips.slice(0, count);
      const outputPath = join(folder, 'out.mp4');
      const memory = await measureMemory({ paths, clipSeconds, size, outputPath });
      const took = (performance.now() - started) / 1000;
      say(`${count * clipSeconds} s: ${took.toFixed(1)} s, at most ${memory} MB resident`);
      return memory;
    };
    const short = await measure(3);
    const ratio = (await measure(10)) / short;
    say(`memory, long to short: ${ratio.toFixed(2)} (limit ${memoryLimit})`);
    return ratio <= memoryLimit;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
