import { createReadStream } from 'node:fs';
import { access, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';

import type { Ids } from '../ids.ts';
import type { Storage } from '../ports/storage.ts';
import { isMissing } from './storage-faults.ts';
import { checkKey } from './storage-key.ts';
import { openScratch } from './storage-scratch.ts';
import { spool } from './storage-spool.ts';

/** Read at once: far less work than with the usual 64 KiB, and still little in memory. */
const pieceBytes = 512 * 1024;

/** Where the scratch files of this storage lie: on its own disk, so that one can be moved into place. */
export const diskScratch = (folder: string): string => join(folder, '.scratch');

/** Files in a folder. A write goes to a scratch file, is synced, and is moved into place whole. */
export function createDiskStorage(folder: string, ids: Ids): Storage {
  const root = resolve(folder);
  const pathOf = (key: string): string => {
    const path = join(root, checkKey(key));
    if (!path.startsWith(root + sep)) throw new Error(`not a storage key: ${key}`);
    return path;
  };
  const scratch = (extension: string) => openScratch(diskScratch(root), ids, extension);
  return {
    async write(key, content, maxBytes) {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true });
      await using draft = await scratch('part');
      const stored = await spool(draft.path, content, maxBytes);
      await rename(draft.path, path);
      return stored;
    },
    read: (key, start, end) =>
      createReadStream(pathOf(key), { start, end, highWaterMark: pieceBytes }),
    async stat(key) {
      const facts = await stat(pathOf(key), { bigint: true }).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      });
      if (!facts?.isFile()) return null;
      const version = `${facts.size.toString(36)}-${facts.mtimeNs.toString(36)}`;
      return { bytes: Number(facts.size), version };
    },
    remove: async (key) => rm(pathOf(key), { force: true }),
    async local(key) {
      const path = pathOf(key);
      await access(path);
      return { path, [Symbol.asyncDispose]: async () => {} };
    },
    scratch,
  };
}
