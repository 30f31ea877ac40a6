import { createReadStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Config } from '../../core/config.ts';
import { isStoredKey, storedFile, type FilesPart } from './manifest.ts';
import { measureFile, writeMeasured, type Measure } from './measured.ts';

type StoredPart = Extract<FilesPart, { kind: 'included' }>['list'][number];

/** The folder that stored files are in; null where they are in a bucket. */
export function filesFolder({
  STORAGE_URL: url = '',
  JILO_DATA_DIR: dataDir,
}: Config): string | null {
  if (url.startsWith('s3:')) return null;
  return url ? fileURLToPath(url) : join(dataDir, 'files');
}

/** Copies the file store into a backup; of a bucket it only says where it is. */
export async function saveFiles(config: Config, folder: string): Promise<FilesPart> {
  const root = filesFolder(config);
  if (root === null)
    return {
      kind: 'elsewhere',
      place: config.STORAGE_URL ?? '',
      how: 'The files are in the bucket and not in this backup. Turn on the versions of the bucket, or copy it with its own tools after each backup.',
    };
  const list: StoredPart[] = [];
  const gone: string[] = [];
  for (const key of await keysIn(root)) {
    const part = await saveFile(join(root, key), storedFile(folder, key));
    if (part) list.push({ key, ...part });
    else gone.push(key);
  }
  return { kind: 'included', list, gone };
}

/** Null where the file was removed since it was listed. */
async function saveFile(from: string, to: string): Promise<Measure | null> {
  try {
    return await writeMeasured(to, () => createReadStream(from));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Keys of the stored files; what storage would not find by a key is no file of ours. */
async function keysIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (isMissing(error)) return []; // Nothing was ever stored.
      throw error;
    },
  );
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .filter(isStoredKey)
    .toSorted();
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/**
 * Which files of a backup the folder does not have yet.
 * @throws Error when it has another file under one of the keys: nothing is overwritten.
 */
export async function missingFiles(
  root: string,
  list: readonly StoredPart[],
): Promise<StoredPart[]> {
  const missing: StoredPart[] = [];
  for (const part of list) {
    const path = join(root, part.key);
    const there = await stat(path).catch(() => null);
    if (!there) missing.push(part);
    else if (there.size !== part.bytes || (await measureFile(path)).sha256 !== part.sha256)
      throw new Error(
        `The file store is not empty: ${path} is another file. Restore into an empty folder; nothing is ever overwritten.`,
      );
  }
  return missing;
}

/** Writes files of a backup into the folder of the store, each whole or not at all. */
export async function loadFiles(
  root: string,
  folder: string,
  list: readonly StoredPart[],
): Promise<void> {
  for (const { key } of list) {
    const path = join(root, key);
    const draft = `${path}.restored`;
    await rm(draft, { force: true });
    await writeMeasured(draft, () => createReadStream(storedFile(folder, key)));
    await rename(draft, path);
  }
}
