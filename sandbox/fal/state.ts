import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { z } from 'zod';

const keySchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string(),
});
export type SigningKey = z.infer<typeof keySchema>;

const outcomeSchema = z.discriminatedUnion('kind', [
  /** `media` names the clip's file; `extra` is what the endpoint adds beside `video`. */
  z.object({
    kind: z.literal('ok'),
    media: z.string(),
    bytes: z.int(),
    extra: z.record(z.string(), z.unknown()),
  }),
  z.object({
    kind: z.literal('error'),
    status: z.int(),
    body: z.record(z.string(), z.unknown()),
    headers: z.record(z.string(), z.string()),
  }),
]);
export type JobOutcome = z.infer<typeof outcomeSchema>;

const jobSchema = z.object({
  requestId: z.string(),
  endpoint: z.string(),
  input: z.record(z.string(), z.unknown()),
  webhookUrl: z.string().nullable(),
  status: z.enum(['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED']),
  /** Milliseconds since 1970 on the emulator's clock. */
  submittedAt: z.number(),
  endsAt: z.number().nullable(),
  outcome: outcomeSchema.nullable(),
  /** Null: no callback is owed. */
  delivery: z.object({ attempts: z.int(), nextAt: z.number() }).nullable(),
});
export type Job = z.infer<typeof jobSchema>;

const stateSchema = z.object({
  version: z.literal(1),
  keys: z.object({ current: keySchema, old: keySchema }),
  jobs: z.array(jobSchema),
});

export type FalState = {
  readonly keys: { readonly current: SigningKey; readonly old: SigningKey };
  readonly jobs: Map<string, Job>;
  /** Writes the state down; call it after every change. */
  save(): void;
  saveMedia(name: string, bytes: Uint8Array): void;
  /** Null when there is no such clip. */
  readMedia(name: string): Buffer | null;
};

/** Finished jobs beyond this many are forgotten, oldest first. */
const keptJobs = 1000;

/** Reads the state file, or starts afresh; without a file everything stays in memory. */
export function openState(stateFile?: string): FalState {
  const stored = stateFile === undefined ? null : readState(stateFile);
  const keys = stored?.keys ?? { current: newKey(), old: newKey() };
  const jobs = new Map((stored?.jobs ?? []).map((job) => [job.requestId, job]));
  const memory = new Map<string, Buffer>();
  const folder = stateFile === undefined ? null : `${stateFile}-media`;
  const dropMedia = (name: string) => {
    if (folder === null) memory.delete(name);
    else rmSync(join(folder, basename(name)), { force: true });
  };
  const state: FalState = {
    keys,
    jobs,
    save() {
      for (const { outcome } of forgetOldest(jobs)) {
        if (outcome?.kind === 'ok') dropMedia(outcome.media);
      }
      if (stateFile === undefined) return;
      const text = JSON.stringify({ version: 1, keys, jobs: [...jobs.values()] });
      writeWhole(stateFile, text);
    },
    saveMedia(name, bytes) {
      if (folder === null) memory.set(name, Buffer.from(bytes));
      else writeWhole(join(folder, basename(name)), bytes);
    },
    readMedia: (name) =>
      folder === null ? (memory.get(name) ?? null) : readIfThere(join(folder, basename(name))),
  };
  state.save();
  return state;
}

function readState(file: string): z.infer<typeof stateSchema> | null {
  const text = readIfThere(file);
  return text && stateSchema.parse(JSON.parse(text.toString('utf8')));
}

function newKey(): SigningKey {
  return keySchema.parse(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
}

/** Never leaves a half-written file behind its name; 0600, as it holds the signing key. */
function writeWhole(file: string, data: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}.part`;
  try {
    writeFileSync(draft, data, { mode: 0o600 });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function forgetOldest(jobs: Map<string, Job>): Job[] {
  const finished = Array.from(jobs.values()).filter((job) => job.outcome && !job.delivery);
  const forgotten = finished.slice(0, Math.max(0, jobs.size - keptJobs));
  for (const { requestId } of forgotten) jobs.delete(requestId);
  return forgotten;
}
