import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import postgres from 'postgres';

import { findServerBinaries, type ServerBinaries } from './server-binaries.ts';

const run = promisify(execFile);
/** `nobody`: Postgres refuses to run as root. */
const unprivileged = 65_534;
const startDeadlineMs = 60_000;

export type EmbeddedServer = {
  /** The address of the database `jilo`. */
  readonly url: string;
  /** Stops the server when no other process uses it; the last one out turns off the light. */
  release(): Promise<void>;
};

export type EmbeddedOptions = {
  readonly dataDir: string;
  /** Where system binaries are looked for. */
  readonly path: string;
  readonly only?: 'npm' | 'system';
  /** Gives up durability for speed; for tests. */
  readonly throwaway?: boolean;
};

/**
 * A real Postgres whose files live in `<dataDir>/postgres`. The first process starts it, others on
 * the same folder find it running, and one left over from a killed process is taken over.
 * @throws Error naming what to do when this machine has no Postgres binaries.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const cluster = join(homeOf(resolve(options.dataDir)), 'cluster');
  const data = join(cluster, 'data');
  const binaries = requireBinaries(options, cluster);
  if (!existsSync(cluster)) await createCluster(binaries, cluster);
  const password = readFileSync(join(cluster, 'password'), 'utf8').trim();
  const began = performance.now();
  let lastStart = Number.NEGATIVE_INFINITY;
  let failure: unknown = null;
  while (performance.now() - began < startDeadlineMs) {
    const port = readyPort(data);
    if (port !== null && (await hasDatabase(port, password))) {
      const url = `postgres://jilo:${password}@127.0.0.1:${port}/jilo`;
      return { url, release: () => release(url, data) };
    }
    // A process id may have been given to another program: after a while Postgres itself is asked.
    const silent = performance.now() - Math.max(began, lastStart) > 10_000;
    if (runningPid(data) === null || silent) {
      lastStart = performance.now();
      failure = await startServer(binaries, cluster, options);
    }
    await delay(25);
  }
  throw new Error(`Postgres did not start; see ${join(cluster, 'server.log')}`, { cause: failure });
}

/** Deletes the database of a data folder whose server has been released by everybody. */
export function removeEmbedded(dataDir: string): void {
  rmSync(homeOf(resolve(dataDir)), { recursive: true, force: true });
}

const isRoot = (): boolean => process.getuid?.() === 0;

const serverUser = (): { uid?: number; gid?: number } =>
  isRoot() ? { uid: unprivileged, gid: unprivileged } : {};

/** Whether the user that the server runs as can reach `file`; always true unless we are root. */
function usable(file: string): boolean {
  if (!isRoot()) return true;
  for (let at = file; ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/**
 * The server's folder. Root's server runs as another user, so a data folder that this user cannot
 * reach (one below /root, or from mktemp) keeps its database below /var/lib/jilo instead.
 */
function homeOf(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true });
  const inside = join(dataDir, 'postgres');
  const parent = usable(dataDir)
    ? inside
    : join('/var/lib/jilo', createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  return parent;
}

function requireBinaries(options: EmbeddedOptions, cluster: string): ServerBinaries {
  const data = join(cluster, 'data');
  const versionFile = join(data, 'PG_VERSION');
  const major = existsSync(versionFile) ? Number(readFileSync(versionFile, 'utf8').trim()) : null;
  const found = findServerBinaries({
    major,
    path: options.path,
    usable,
    copyTo: isRoot() ? '/var/lib/jilo/postgres-binaries' : join(dirname(cluster), 'binaries'),
    ...(options.only ? { only: options.only } : {}),
  });
  if (found) return found;
  throw new Error(
    major === null
      ? 'This machine has no Postgres for Jilo to start. Install it (the package "postgresql"), or set DATABASE_URL.'
      : `The database in ${data} was made by Postgres ${major}, which is not installed here. Install it, or set DATABASE_URL.`,
  );
}

/** Makes the cluster beside its place and moves it there whole, so that two processes can race. */
async function createCluster(binaries: ServerBinaries, cluster: string): Promise<void> {
  const draft = mkdtempSync(`${cluster}-`);
  const passwordFile = join(draft, 'password');
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (isRoot())
    for (const path of [draft, passwordFile]) chownSync(path, unprivileged, unprivileged);
  await run(
    join(binaries.folder, 'initdb'),
    [
      `--pgdata=${join(draft, 'data')}`,
      '--username=jilo',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ],
    { ...serverUser(), cwd: draft, env: { TZ: 'UTC', LC_ALL: 'C' } },
  );
  try {
    renameSync(draft, cluster);
  } catch (error) {
    if (!existsSync(cluster)) throw error;
    rmSync(draft, { recursive: true }); // Another process was first: its cluster is used.
  }
}

async function startServer(
  binaries: ServerBinaries,
  cluster: string,
  options: EmbeddedOptions,
): Promise<unknown> {
  const data = join(cluster, 'data');
  const port = await freePort();
  const log = openSync(join(cluster, 'server.log'), 'a', 0o600);
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    ...(options.throwaway ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
  ].flatMap((setting) => ['-c', setting]);
  // A group of its own: Ctrl+C at our terminal must not reach the server before we are done with it.
  const server = spawn(join(binaries.folder, 'postgres'), ['-D', data, ...settings], {
    ...serverUser(),
    cwd: data,
    env: { TZ: 'UTC', LC_ALL: 'C' },
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = new Promise<unknown>((settle) => {
    server.once('error', settle);
    server.once('exit', (code) => settle(new Error(`postgres ended with ${code}`)));
  });
  server.unref();
  const ready = (async () => {
    while (readyPort(data) !== port) {
      if (server.exitCode !== null) return null;
      await delay(25);
    }
    return null;
  })();
  return Promise.race([ended, ready]);
}

/** Whether the server answers; makes the database `jilo` when it is missing. */
async function hasDatabase(port: number, password: string): Promise<boolean> {
  const sql = postgres(`postgres://jilo:${password}@127.0.0.1:${port}/postgres`, {
    max: 1,
    connect_timeout: 5,
  });
  try {
    const [found] = await sql`select 1 from pg_database where datname = 'jilo'`;
    if (!found) await sql.unsafe('create database jilo');
    return true;
  } catch {
    return false; // Starting, going down, or another process makes it: the caller looks again.
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** The lines of postmaster.pid: pid, folder, start, port, socket folder, address, memory, state. */
function postmaster(data: string): { pid: number; port: number; ready: boolean } | null {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

function runningPid(data: string): number | null {
  const found = postmaster(data);
  if (!found || !Number.isInteger(found.pid) || found.pid <= 0) return null;
  try {
    process.kill(found.pid, 0);
    return found.pid;
  } catch {
    return null; // Its process is gone: Postgres itself replaces the stale file.
  }
}

function readyPort(data: string): number | null {
  const found = postmaster(data);
  return found?.ready && runningPid(data) !== null ? found.port : null;
}

async function release(url: string, data: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 5 });
  const others = await sql`
    select count(*)::int as count from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid()`.catch(() => null);
  await sql.end({ timeout: 1 });
  const pid = runningPid(data);
  if (others === null || pid === null || others[0]?.['count'] !== 0) return;
  process.kill(pid, 'SIGINT');
  while (runningPid(data) !== null) await delay(20);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const address = server.address();
  await new Promise((settle) => server.close(settle));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
