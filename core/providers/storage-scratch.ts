import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { Ids } from '../ids.ts';
import type { LocalFile } from '../ports/storage.ts';

/** Nothing that still runs works on one file for so long. */
const leftAfterMs = 24 * 60 * 60 * 1000;

/** An unused place in a folder, which is made; what was put there goes with its disposal. */
export async function openScratch(folder: string, ids: Ids, extension: string): Promise<LocalFile> {
  if (!/^[a-z0-9]{2,4}$/.test(extension)) throw new Error(`not an extension: ${extension}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(resolve(folder), `${ids.next('scratch')}.${extension}`);
  return { path, [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

/** Removes what a killed process left in a folder of scratch files more than a day before `now`. */
export async function sweepScratch(folder: string, now: Date): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    // Another process may sweep at the same time.
    const facts = await stat(path).catch(() => null);
    if (facts?.isFile() && now.getTime() - facts.mtimeMs > leftAfterMs)
      await rm(path, { force: true });
  }
}
