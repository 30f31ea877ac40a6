import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether a backup of this name is one file and not a folder. */
export const isPacked = (path: string): boolean => path.endsWith('.tar');

/** Packs a folder into one file that only its owner may read. */
export async function pack(folder: string, file: string): Promise<void> {
  await tar(['--create', '--file', resolve(file), '--directory', folder, '.']);
}

/** A backup as a folder, there until it is disposed of; a packed one is unpacked below TMPDIR first. */
export async function openPacked(
  path: string,
): Promise<AsyncDisposable & { readonly folder: string }> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new Error(`There is no backup at ${path}.`);
  if (found.isDirectory()) return { folder: path, [Symbol.asyncDispose]: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'jilo-restore-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await tar(['--extract', '--file', resolve(path), '--directory', folder, '--no-same-owner']);
  } catch (error) {
    await remove();
    throw new Error(`The backup is damaged: ${path} cannot be unpacked.`, { cause: error });
  }
  return { folder, [Symbol.asyncDispose]: remove };
}

/** `tar` is part of every Debian, macOS and Windows. */
const tar = (words: readonly string[]) => run('tar', [...words]);
