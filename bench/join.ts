import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createMediaTools } from '../core/providers/media.ts';
import { assemble } from './assembly.ts';
import { median, writeBenchClips } from './bench-clips.ts';

const run = promisify(execFile);
const clipCount = 10;
const clipSeconds = 6;
const rounds = 21;
const coldRounds = 5;
const limit = 1.5;

/** Joining without encoding, against ffmpeg's stream copy of the same clips; true when within the limit. */
export async function bench(say: (line: string) => void): Promise<boolean> {
  try {
    await run('ffmpeg', ['-version']);
  } catch {
    say('ffmpeg, the yardstick of this benchmark, is missing: apt-get install ffmpeg');
    return false;
  }
  const folder = await mkdtemp(join(tmpdir(), 'jilo-bench-'));
  try {
    const paths = await writeBenchClips(folder, clipCount, clipSeconds);
    return await compare(folder, paths, say);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(
  folder: string,
  paths: readonly string[],
  say: (line: string) => void,
): Promise<boolean> {
  const [ours, theirs] = [join(folder, 'ours.mp4'), join(folder, 'theirs.mp4')];
  const list = join(folder, 'list.txt');
  await writeFile(list, paths.map((path) => `file '${path}'\n`).join(''));
  const input = ['-v', 'error', '-y', '-f', 'concat', '-safe', '0', '-i', list];
  const copying = () => run('ffmpeg', [...input, '-c', 'copy', '-movflags', '+faststart', theirs]);
  const joining = () => assemble(paths, clipSeconds, ours);
  // Once each beforehand, for the modules of the one and the pages of the other.
  await joining();
  await copying();
  const times: { ours: number; theirs: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    times.push({ ours: await timeOf(joining), theirs: await timeOf(copying) });
  }
  const cold: number[] = [];
  const script = join(import.meta.dirname, 'join-once.ts');
  for (let round = 0; round < coldRounds; round += 1) {
    const once = () => run(process.execPath, [script, String(clipSeconds), ours, ...paths]);
    cold.push(await timeOf(once));
  }
  const [we, they] = [median(times.map((one) => one.ours)), median(times.map((one) => one.theirs))];
  const { durationSeconds } = await createMediaTools().probe(ours);
  say(
    `${clipCount} clips of ${clipSeconds} s, 720x1280 with sound, joined to ${durationSeconds.toFixed(2)} s; medians of ${rounds} rounds in turns:`,
  );
  say(`assemble, in a running process:                         ${we.toFixed(0)} ms`);
  say(`ffmpeg -f concat -c copy, with the start of its process: ${they.toFixed(0)} ms`);
  say(`assemble in a new process, with the start of Node:      ${median(cold).toFixed(0)} ms`);
  // Some room is left over where the index was reserved.
  const [size, copied] = [(await stat(ours)).size, (await stat(theirs)).size];
  if (Math.abs(size - copied) > copied * 0.1) {
    say(`assemble encoded what ffmpeg copied: ${size} bytes against ${copied}`);
    return false;
  }
  const ratio = we / they;
  say(`ratio of the first two: ${ratio.toFixed(2)} (limit ${limit})`);
  return ratio <= limit;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
