import { generateKeyPairSync } from 'node:crypto';

import { z } from 'zod';

import { openMediaStore, readIfThere, writeWhole } from '../files.ts';

const keySchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string(),
});
export type SigningKey = z.infer<typeof keySchema>;

const outcomeSchema = z.discriminatedUnion('kind', [
  /** `media` names the file; `extra` is what the endpoint adds beside it. */
  z.object({
    kind: z.literal('ok'),
    form: z.enum(['video', 'audio', 'hex']).default('video'),
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
  completedAt: z.number().nullable().default(null),
  /** When a stop was asked for while it was not completed. */
  cancelAskedAt: z.number().nullable().default(null),
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
  /** Forgets every job and clip. */
  clear(): void;
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
  const media = openMediaStore(stateFile === undefined ? null : `${stateFile}-media`);
  const state: FalState = {
    keys,
    jobs,
    save() {
      for (const { outcome } of forgetOldest(jobs)) {
        if (outcome?.kind === 'ok') media.drop(outcome.media);
      }
      if (stateFile === undefined) return;
      const text = JSON.stringify({ version: 1, keys, jobs: [...jobs.values()] });
      writeWhole(stateFile, text);
    },
    clear() {
      for (const { outcome } of jobs.values())
        if (outcome?.kind === 'ok') media.drop(outcome.media);
      jobs.clear();
    },
    saveMedia: (name, bytes) => media.save(name, bytes),
    readMedia: (name) => media.read(name),
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

function forgetOldest(jobs: Map<string, Job>): Job[] {
  const finished = Array.from(jobs.values()).filter((job) => job.outcome && !job.delivery);
  const forgotten = finished.slice(0, Math.max(0, jobs.size - keptJobs));
  for (const { requestId } of forgotten) jobs.delete(requestId);
  return forgotten;
}
