import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Files that an emulator hands out: in a folder, or in memory where none is given. */
export type MediaStore = {
  save(name: string, bytes: Uint8Array): void;
  /** Null when there is no such file. */
  read(name: string): Buffer | null;
  drop(name: string): void;
};

/** Opens the store in `folder`, which is made when it is first written to. */
export function openMediaStore(folder: string | null): MediaStore {
  const memory = new Map<string, Buffer>();
  return {
    save(name, bytes) {
      if (folder === null) memory.set(name, Buffer.from(bytes));
      else writeWhole(join(folder, basename(name)), bytes);
    },
    read: (name) =>
      folder === null ? (memory.get(name) ?? null) : readIfThere(join(folder, basename(name))),
    drop(name) {
      if (folder === null) memory.delete(name);
      else rmSync(join(folder, basename(name)), { force: true });
    },
  };
}

/** Never leaves a half-written file behind its name; 0600, as it may hold keys. */
export function writeWhole(file: string, data: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}.part`;
  try {
    writeFileSync(draft, data, { mode: 0o600 });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The bytes of a file; null when there is none. */
export function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
