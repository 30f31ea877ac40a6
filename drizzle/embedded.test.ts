import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

import postgres from 'postgres';
import { afterEach, describe, expect, it } from 'vitest';

import { loadSurroundings } from '../core/config.ts';
import { openEmbedded, removeEmbedded, type EmbeddedOptions } from './embedded.ts';
import { findServerBinaries } from './server-binaries.ts';

const { path } = loadSurroundings();
const isRoot = process.getuid?.() === 0;
const folders: string[] = [];
const children: ChildProcess[] = [];

/** A fresh data folder that the server's user can reach. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jilo-embedded-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

const open = (dataDir: string, over: Partial<EmbeddedOptions> = {}) =>
  openEmbedded({ dataDir, path, throwaway: true, ...over });

async function query<T extends Record<string, unknown>>(url: string, text: string): Promise<T[]> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => undefined });
  try {
    return [...(await sql.unsafe<T[]>(text))];
  } finally {
    await sql.end({ timeout: 5 });
  }
}

const pidFile = (dataDir: string): string => join(dataDir, 'postgres/cluster/data/postmaster.pid');
const isUp = (dataDir: string): boolean => existsSync(pidFile(dataDir));
const pidOf = (dataDir: string): number =>
  Number(readFileSync(pidFile(dataDir), 'utf8').split('\n')[0]);

/** Until the condition holds, which takes well under a second. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('what was waited for did not happen');
    await new Promise((settle) => setImmediate(settle));
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Another process that opens the folder, prints the address, and releases when its input ends. */
function spawnOpener(dataDir: string, before = '') {
  const code = `
    ${before}
    const { openEmbedded } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'embedded.ts')).href)});
    const server = await openEmbedded(${JSON.stringify({ dataDir, path, throwaway: true })});
    console.log(server.url);
    process.stdin.on('end', () => void server.release()).resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const exited = new Promise<number | null>((settle) => child.once('exit', settle));
  const lines = createInterface({ input: child.stdout });
  const url = new Promise<string>((settle, fail) => {
    lines.once('line', settle);
    lines.once('close', () => fail(new Error('the opener ended without an address')));
  });
  url.catch(() => undefined); // Whoever kills the opener does not ask for its address.
  return {
    url,
    exited,
    kill: () => child.kill('SIGKILL'),
    release: async () => {
      child.stdin.end();
      return exited;
    },
  };
}

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) {
    if (isUp(folder)) {
      const pid = pidOf(folder);
      process.kill(pid, 'SIGQUIT');
      await until(() => !isAlive(pid));
    }
    removeEmbedded(folder);
    rmSync(folder, { recursive: true, force: true });
  }
});

describe.each(['npm', 'system'] as const)('the %s binaries', (only) => {
  it('make a database, keep it, and open it again', async (context) => {
    const found = findServerBinaries({
      major: null,
      path,
      only,
      usable: () => true,
      copyTo: join(tmpdir(), 'jilo-embedded-unused'),
    });
    if (!found) context.skip(`this machine has no ${only} Postgres`);
    const major = found?.major;
    const dataDir = makeFolder();
    const first = await open(dataDir, { only, throwaway: false });
    await query(first.url, 'create table kept as select 42 as answer');
    const [version] = await query<{ server_version_num: string }>(
      first.url,
      'show server_version_num',
    );
    expect(Math.floor(Number(version?.server_version_num) / 10_000)).toBe(major);
    const pid = pidOf(dataDir);
    await first.release();
    expect(isUp(dataDir)).toBe(false);
    await until(() => !isAlive(pid));
    // Whatever is preferred on this machine, the folder is opened by the version that made it.
    const again = await open(dataDir);
    expect(await query(again.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect(statSync(join(dataDir, 'postgres/cluster')).mode & 0o077).toBe(0);
    await again.release();
    expect(isUp(dataDir)).toBe(false);
  });
});

describe('several processes on one folder', () => {
  it('that start at once get one server, which the last one stops', async () => {
    const dataDir = makeFolder();
    const [first, second] = [spawnOpener(dataDir), spawnOpener(dataDir)];
    const url = await first.url;
    expect(await second.url).toBe(url);
    const third = await open(dataDir);
    expect(third.url).toBe(url);
    expect(readdirSync(join(dataDir, 'postgres'))).toEqual(['cluster']);
    expect(await first.release()).toBe(0);
    await third.release();
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await second.release()).toBe(0);
    expect(isUp(dataDir)).toBe(false);
  });

  it('find their way when some leave while others come', async () => {
    const dataDir = makeFolder();
    const [one, two] = [await open(dataDir), await open(dataDir)];
    // A database that was renamed or dropped (as the tests do) does not keep the server up.
    await query(one.url.replace(/jilo$/, 'postgres'), 'alter database jilo rename to elsewhere');
    await Promise.all([one.release(), two.release(), two.release()]);
    expect(isUp(dataDir)).toBe(false);
    let last = await open(dataDir);
    for (let round = 0; round < 3; round += 1) {
      const [next] = await Promise.all([open(dataDir), last.release()]);
      expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      last = next;
    }
    const guest = postgres(last.url, { max: 1 });
    await guest`select 1`;
    await last.release();
    expect(await guest`select 2 as two`).toEqual([{ two: 2 }]);
    await guest.end();
  });
});

describe('a folder after an accident', () => {
  it('comes back with its data when the server was killed', async () => {
    const dataDir = makeFolder();
    const first = await open(dataDir, { throwaway: false });
    await query(first.url, 'create table kept as select 42 as answer');
    const pid = pidOf(dataDir);
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid));
    expect(isUp(dataDir)).toBe(true);
    const again = await open(dataDir);
    expect(await query(again.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await first.release();
    expect(await query(again.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await again.release();
    expect(isUp(dataDir)).toBe(false);
  });

  it('is usable when an opener was killed while it made the database', async () => {
    const dataDir = makeFolder();
    const home = join(dataDir, 'postgres');
    const opener = spawnOpener(dataDir);
    await until(
      () =>
        existsSync(home) && readdirSync(home).some((name) => existsSync(join(home, name, 'data'))),
    );
    opener.kill();
    await opener.exited;
    // What it left behind, and a draft from long ago, are nobody's database.
    mkdirSync(join(home, 'cluster-000000/data'), { recursive: true });
    writeFileSync(join(home, 'cluster-000000/data/PG_VERSION'), '9\n');
    const server = await open(dataDir);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.release();
  });

  it('hands the running server of a killed opener over', async () => {
    const dataDir = makeFolder();
    const opener = spawnOpener(dataDir);
    const url = await opener.url;
    const pid = pidOf(dataDir);
    opener.kill();
    await opener.exited;
    const server = await open(dataDir);
    expect([server.url, pidOf(dataDir)]).toEqual([url, pid]);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.release();
    expect(isUp(dataDir)).toBe(false);
  });

  it('is not opened by another version, and says which one made it', async () => {
    const dataDir = makeFolder();
    const data = join(dataDir, 'postgres/cluster/data');
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'PG_VERSION'), '9\n');
    await expect(open(dataDir)).rejects.toThrow(
      `The database in ${data} was made by Postgres 9, which is not installed here. Install it, or set DATABASE_URL.`,
    );
  });
});

describe('a folder that the server cannot reach', () => {
  it.runIf(isRoot)('keeps its database elsewhere', async () => {
    const parent = makeFolder();
    chmodSync(parent, 0o700);
    const dataDir = join(parent, 'data');
    const server = await open(dataDir);
    const [row] = await query<{ data_directory: string }>(server.url, 'show data_directory');
    const place = row?.data_directory ?? '';
    expect(place).toMatch(/^\/var\/lib\/jilo\/[0-9a-f]{16}\/cluster\/data$/);
    await server.release();
    expect(existsSync(join(place, 'postmaster.pid'))).toBe(false);
    rmSync(parent, { recursive: true });
    removeEmbedded(dataDir);
    expect(existsSync(dirname(dirname(place)))).toBe(false);
  });

  it.runIf(isRoot)('is made reachable where the umask is strict', async () => {
    const dataDir = makeFolder();
    const opener = spawnOpener(dataDir, 'process.umask(0o077);');
    expect(await query(await opener.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await opener.release()).toBe(0);
  });
});

describe('binaries that the server cannot reach', () => {
  it('are copied, with their links, next to nothing of an earlier version', (context) => {
    const folder = makeFolder();
    const copyTo = join(folder, 'new/binaries');
    const search = { major: null, path: '', only: 'npm' as const, copyTo };
    if (!findServerBinaries({ ...search, usable: () => true }))
      context.skip('this platform has no npm Postgres');
    mkdirSync(`${copyTo}-0.0.0/native/bin`, { recursive: true });
    const usable = (file: string) => file.startsWith(folder);
    const found = findServerBinaries({ ...search, usable });
    expect(found?.folder).toMatch(/\/new\/binaries-\d+\.\d+\.\d+[^/]*\/native\/bin$/);
    const lib = join(dirname(found?.folder ?? ''), 'lib');
    expect(readdirSync(lib).filter((name) => !existsSync(join(lib, name)))).toEqual([]);
    expect(findServerBinaries({ ...search, usable })).toEqual(found);
  });

  it('are found in PATH, and only in the version that is asked for', () => {
    const folder = join(makeFolder(), 'bin');
    mkdirSync(folder);
    const script = join(folder, 'postgres');
    writeFileSync(script, '#!/bin/sh\necho "postgres (PostgreSQL) 7.4"\n', { mode: 0o755 });
    symlinkSync(script, join(folder, 'initdb'));
    const search = {
      path: folder,
      only: 'system' as const,
      usable: () => true,
      copyTo: join(folder, 'copy'),
    };
    expect(findServerBinaries({ ...search, major: null })).toEqual({ folder, major: 7 });
    expect(findServerBinaries({ ...search, major: 7 })).toEqual({ folder, major: 7 });
    expect(findServerBinaries({ ...search, major: 8 })).toBe(null);
    expect(findServerBinaries({ ...search, major: 7, usable: () => false })).toBe(null);
  });
});
