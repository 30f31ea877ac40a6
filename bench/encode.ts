import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { writeBenchClips } from './bench-clips.ts';

const run = promisify(execFile);
const clipSeconds = 6;

/** Time and memory of an assembly that encodes everything, for a short and a long video. */
export async function bench(say: (line: string) => void): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'jilo-bench-'));
  try {
    const paths = await writeBenchClips(folder, 10, clipSeconds);
    say(
      'Captions on every frame, a voice, 720x1280, 24 frames a second; each in a process of its own:',
    );
    const memory: number[] = [];
    for (const count of [3, 10]) {
      const script = join(import.meta.dirname, 'encode-once.ts');
      const started = performance.now();
      const { stdout } = await run(process.execPath, [
        script,
        String(clipSeconds),
        join(folder, 'out.mp4'),
        ...paths.slice(0, count),
      ]);
      const took = (performance.now() - started) / 1000;
      memory.push(Number(stdout));
      say(`${count * clipSeconds} s: ${took.toFixed(1)} s, at most ${stdout.trim()} MB resident`);
    }
    const [short = 0, long = 0] = memory;
    say(`memory, long to short: ${(long / short).toFixed(2)} (limit 1.3)`);
    return long <= short * 1.3;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
