import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

import { Fault } from '../fault.ts';
import type { StoredFile } from '../ports/storage.ts';

/** No space on the disk, or none left in what this user may take of it. */
const fullDisk = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Writes content to a new file that only its owner may read, and syncs it.
 * @throws Fault `storage_full`, and `provider_failed` for more than `maxBytes`.
 */
export async function spool(
  path: string,
  content: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<StoredFile> {
  try {
    return await writeAll(path, content, maxBytes);
  } catch (error) {
    if (error instanceof Error && 'code' in error && fullDisk.has(String(error.code)))
      throw new Fault('storage_full', {}, { cause: error });
    throw error;
  }
}

async function writeAll(
  path: string,
  content: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<StoredFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  await using file = await open(path, 'wx', 0o600);
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
