import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
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

import { readyPort, runningPid } from './postmaster.ts';
import { findServerBinaries, type ServerBinaries } from './server-binaries.ts';

const run = promisify(execFile);
/** `nobody`: Postgres refuses to run as root. */
const unprivileged = 65_534;
const startDeadlineMs = 60_000;
const stopDeadlineMs = 30_000;
/** Root's server keeps here what it cannot reach elsewhere. */
const systemHome = '/var/lib/jilo';
/** The advisory lock that every user of a server shares, and that the last one takes alone. */
const usersLock = 7_240_020;

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
    const user = port === null ? null : await joinServer(port, password);
    if (user) {
      const url = `postgres://jilo:${password}@127.0.0.1:${port}/jilo`;
      let left: Promise<void> | null = null;
      return { url, release: () => (left ??= leaveServer(user, data)) };
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
  for (const home of homesOf(resolve(dataDir))) rmSync(home, { recursive: true, force: true });
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

/** Where the server of a data folder may live: inside it, or where root's server can reach it. */
function homesOf(dataDir: string): [inside: string, outside: string] {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return [join(dataDir, 'postgres'), join(systemHome, name)];
}

/**
 * The server's folder. Root's server runs as another user, so a data folder that this user cannot
 * reach (one below /root, or from mktemp) keeps its database below /var/lib/jilo instead.
 */
function homeOf(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true });
  const [inside, outside] = homesOf(dataDir);
  if (usable(dataDir)) return makeReachable(inside);
  makeReachable(systemHome);
  return makeReachable(outside);
}

/** Makes a folder that the server's user can pass through, whatever the umask is. */
function makeReachable(folder: string): string {
  mkdirSync(folder, { recursive: true });
  if (isRoot()) chmodSync(folder, 0o755);
  return folder;
}

function requireBinaries(options: EmbeddedOptions, cluster: string): ServerBinaries {
  const data = join(cluster, 'data');
  const versionFile = join(data, 'PG_VERSION');
  const major = existsSync(versionFile) ? Number(readFileSync(versionFile, 'utf8').trim()) : null;
  const found = findServerBinaries({
    major,
    path: options.path,
    usable,
    copyTo: join(isRoot() ? systemHome : dirname(cluster), 'postgres-binaries'),
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
  const made = run(
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
    await made;
    renameSync(draft, cluster);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(cluster)) throw error; // Otherwise another process was first: its cluster is used.
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
    server.once('exit', (code) => settle(new Error(`postgres ended with ${code ?? 'a signal'}`)));
  });
  server.unref();
  const ready = (async () => {
    while (readyPort(data) !== port) {
      if (server.exitCode !== null || server.signalCode !== null) return null;
      await delay(25);
    }
    return null;
  })();
  return Promise.race([ended, ready]);
}

/**
 * Becomes a user of the server, which no other process stops then; makes the database `jilo` when
 * it is missing. Null when the server is starting or going down: the caller looks again.
 */
async function joinServer(port: number, password: string): Promise<postgres.Sql | null> {
  const user = postgres(`postgres://jilo:${password}@127.0.0.1:${port}/postgres`, {
    max: 1,
    max_lifetime: null, // The lock lasts as long as this one connection.
    connect_timeout: 5,
    connection: { application_name: 'jilo user' },
    onnotice: () => undefined,
  });
  try {
    await user`select pg_advisory_lock_shared(${usersLock})`;
    const [found] = await user`select 1 from pg_database where datname = 'jilo'`;
    if (!found) await user.unsafe('create database jilo');
    return user;
  } catch {
    await user.end({ timeout: 1 });
    return null;
  }
}

async function leaveServer(user: postgres.Sql, data: string): Promise<void> {
  try {
    if (!(await isLastUser(user))) return;
    const pid = runningPid(data);
    if (pid === null) return;
    // Sent while the lock is ours: whoever opens now waits for it, sees the server go, and starts it.
    process.kill(pid, 'SIGINT');
    const began = performance.now();
    while (runningPid(data) === pid && performance.now() - began < stopDeadlineMs) await delay(10);
  } catch {
    // The server is gone already.
  } finally {
    await user.end({ timeout: 1 });
  }
}

/** Whether nobody else uses the server: no other Jilo, and no other program that is connected. */
async function isLastUser(user: postgres.Sql): Promise<boolean> {
  await user`select pg_advisory_unlock_shared(${usersLock})`;
  const [lock] = await user`select pg_try_advisory_lock(${usersLock}) as taken`;
  if (lock?.['taken'] !== true) return false;
  const began = performance.now();
  do {
    const others = await user`
      select 1 from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1`;
    if (others.length === 0) return true;
    await delay(10); // A connection that its client has just closed is still listed for a moment.
  } while (performance.now() - began < 500);
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const address = server.address();
  await new Promise((settle) => server.close(settle));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
