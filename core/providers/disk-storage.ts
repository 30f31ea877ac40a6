import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';

import { Fault } from '../fault.ts';
import type { Ids } from '../ids.ts';
import type { Storage, StoredFile } from '../ports/storage.ts';

const keyShape = /^[a-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*\.[a-z0-9]{2,4}$/;

/** No space on the disk, or none left in what this user may take of it. */
const fullDisk = new Set(['ENOSPC', 'EDQUOT']);

/** Files in a folder. A write goes to a temporary file, is synced, and is moved into place whole. */
export function createDiskStorage(folder: string, ids: Ids): Storage {
  const root = resolve(folder);
  const path = (key: string): string => {
    const target = join(root, key);
    if (!keyShape.test(key) || !target.startsWith(root + sep))
      throw new Error(`not a storage key: ${key}`);
    return target;
  };
  const draftPath = async (key: string): Promise<string> => {
    await mkdir(dirname(path(key)), { recursive: true });
    return path(key);
  };
  return {
    path,
    draftPath,
    async write(key, content, maxBytes) {
      const target = path(key);
      const draft = `${target}.${ids.next('part')}`;
      try {
        await draftPath(key);
        const stored = await writeWhole(draft, content, maxBytes);
        await rename(draft, target);
        return stored;
      } catch (error) {
        await rm(draft, { force: true });
        if (error instanceof Error && 'code' in error && fullDisk.has(String(error.code)))
          throw new Fault('storage_full', {}, { cause: error });
        throw error;
      }
    },
    read: (key, start, end) => createReadStream(path(key), { start, end }),
    has: (key) =>
      access(path(key)).then(
        () => true,
        () => false,
      ),
    remove: (key) => rm(path(key), { force: true }),
  };
}

async function writeWhole(
  draft: string,
  content: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<StoredFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  await using file = await open(draft, 'wx', 0o600);
  for await (const part of content) {
    bytes += part.length;
    if (bytes > maxBytes)
      throw new Fault(
        'provider_failed',
        { provider: 'Storage' },
        { cause: new Error(`over ${maxBytes} bytes`) },
      );
    hash.update(part);
    await file.writeFile(part);
  }
  await file.sync();
  return { bytes, sha256: hash.digest('hex') };
}
