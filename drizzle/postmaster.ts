import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The lines of postmaster.pid: pid, folder, start, port, socket folder, address, memory, state. */
function postmaster(data: string): { pid: number; port: number; ready: boolean } | null {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** The process id of a data folder's server; null when none runs. */
export function runningPid(data: string): number | null {
  const found = postmaster(data);
  if (!found || !Number.isInteger(found.pid) || found.pid <= 0) return null;
  try {
    process.kill(found.pid, 0);
    return found.pid;
  } catch {
    return null; // Its process is gone: Postgres itself replaces the stale file.
  }
}

/** The port of a server that takes connections; null while it does not. */
export function readyPort(data: string): number | null {
  const found = postmaster(data);
  return found?.ready && runningPid(data) !== null ? found.port : null;
}
