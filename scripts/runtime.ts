import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

const runtimeSchema = z.object({
  instance: z.string(),
  /** Where the web app of the running process answers on this machine. */
  localUrl: z.url(),
  /** Where people and providers reach it. */
  publicUrl: z.url(),
  /** Settings that lead to the emulators of that process. */
  sandbox: z.record(z.string(), z.string()),
});

/** What a running Jilo tells the other processes on its data folder. */
export type Runtime = z.infer<typeof runtimeSchema>;

const fileOf = (dataDir: string): string => join(dataDir, 'runtime.json');

/** Leaves word for other processes; readable by the owner only, since it holds sandbox keys. */
export function writeRuntime(dataDir: string, runtime: Runtime): void {
  mkdirSync(dataDir, { recursive: true });
  const draft = `${fileOf(dataDir)}.${runtime.instance}`;
  writeFileSync(draft, JSON.stringify(runtime), { mode: 0o600 });
  renameSync(draft, fileOf(dataDir));
}

export function removeRuntime(dataDir: string, instance: string): void {
  if (readRuntime(dataDir)?.instance === instance) rmSync(fileOf(dataDir), { force: true });
}

function readRuntime(dataDir: string): Runtime | null {
  try {
    return runtimeSchema.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
  } catch {
    return null; // Absent, or from another version: nobody answers there.
  }
}

/** The Jilo that runs on this folder now; a file that a killed process left behind does not count. */
export async function findRuntime(dataDir: string): Promise<Runtime | null> {
  const runtime = readRuntime(dataDir);
  if (!runtime) return null;
  try {
    const answer = await fetch(new URL('/healthz', runtime.localUrl), {
      signal: AbortSignal.timeout(3000),
    });
    const body: unknown = await answer.json();
    const said = z.object({ instance: z.string() }).parse(body);
    return said.instance === runtime.instance ? runtime : null;
  } catch {
    return null; // Nobody listens there any more.
  }
}
