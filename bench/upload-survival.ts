import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { loadSurroundings } from '../core/config.ts';
import { chunkBytesOf } from '../core/publication/upload.ts';
import { planFaults } from './upload-faults-plan.ts';
import { openJilo, type BenchJilo } from './upload-jilo.ts';
import { peakKilobytes } from './upload-memory.ts';
import { startYouTube, type YouTubeProcess } from './upload-youtube.ts';

/** What a process that uploads may hold, in MB resident. */
export const memoryLimitMb = 160;

export type Survival = {
  readonly status: string;
  readonly faults: readonly string[];
  readonly plannedFaults: number;
  /** Videos on the channel. */
  readonly videos: number;
  readonly isIdentical: boolean;
  /** What came in beyond the file, in bytes, and what may. */
  readonly extraBytes: number;
  readonly extraBytesLimit: number;
  /** The most that any of the uploading processes held. */
  readonly peakMb: number;
  readonly seconds: number;
};

/** Uploads a file of so many MiB through the faults of the seed, with real processes that are killed. */
export async function surviveFaults(mebibytes: number, seed: string): Promise<Survival> {
  const folder = await mkdtemp(join(tmpdir(), 'jilo-upload-'));
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const youtube = await startYouTube(join(folder, 'youtube'));
  opened.defer(() => youtube.close());
  const jilo = await openJilo(join(folder, 'jilo'), youtube.settings, mebibytes);
  opened.defer(() => jilo.app.close());
  const before = (await youtube.report()).receivedBytes;
  const chunkBytes = chunkBytesOf(jilo.file.bytes);
  const planned = planFaults(seed, jilo.file.bytes, chunkBytes);
  youtube.tell({ kind: 'faults', faults: planned });
  const publication = await jilo.publish('Bench');
  const started = performance.now();
  const workers = keepWorking(jilo, youtube);
  opened.defer(() => workers.stop());
  const row = await ended(jilo, publication, workers.failed);
  const seconds = (performance.now() - started) / 1000;
  const lastPeak = workers.peakKilobytes();
  const report = await youtube.report();
  const [video] = report.videos;
  return {
    status: row.status,
    faults: report.struck,
    plannedFaults: planned.length,
    videos: report.videos.length,
    isIdentical: video?.sha256 === jilo.file.sha256 && video.bytes === jilo.file.bytes,
    extraBytes: report.receivedBytes - before - jilo.file.bytes,
    extraBytesLimit: planned.length * chunkBytes,
    peakMb: Math.ceil(Math.max(report.peakKilobytes, lastPeak) / 1024),
    seconds,
  };
}

/** Waits until it is over, however that is. */
async function ended(jilo: BenchJilo, id: string, failed: Promise<never>) {
  for (;;) {
    const row = await jilo.read(id);
    if (row.status !== 'uploading' && row.status !== 'processing') return row;
    await Promise.race([delay(100), failed]);
  }
}

/** Runs a worker, and another one as soon as it is killed. */
function keepWorking(jilo: BenchJilo, youtube: YouTubeProcess) {
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  let isStopping = false;
  let current: ChildProcess;
  const start = (): void => {
    const child = startWorker(jilo.settings);
    current = child;
    youtube.tell({ kind: 'worker', pid: child.pid ?? 0 });
    let said = '';
    child.stderr?.on('data', (part) => (said += String(part)));
    child.once('exit', (code, signal) => {
      if (isStopping) return;
      if (signal === 'SIGKILL') start();
      else failed.reject(new Error(`a worker ended with ${code}: ${said}`));
    });
  };
  start();
  return {
    failed: failed.promise,
    peakKilobytes: () => peakKilobytes(current.pid ?? 0),
    async stop() {
      isStopping = true;
      current.kill('SIGKILL');
      if (current.exitCode === null && current.signalCode === null) await once(current, 'exit');
    },
  };
}

/**
 * As npm starts every entry, with the heap that Node has on a small machine: on a large one it lets
 * garbage lie for much longer.
 */
const prepared = [
  '--max-old-space-size=48',
  '--max-semi-space-size=1',
  '--import',
  join(import.meta.dirname, '../scripts/require-node.mjs'),
];

function startWorker(settings: Readonly<Record<string, string>>): ChildProcess {
  const script = join(import.meta.dirname, 'upload-worker.ts');
  return spawn(process.execPath, [...prepared, script], {
    // Where no settings of this machine lie.
    cwd: settings['JILO_DATA_DIR'],
    env: { PATH: loadSurroundings().path, ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
