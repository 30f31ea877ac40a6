import { createHash, randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { SandboxClock } from '../clock.ts';
import type { ClipRenderer } from '../clips/clips.ts';
import { speechSeconds } from '../clips/speech.ts';
import { endpoints, refusedWords } from './endpoints.ts';
import type { Misbehaviours } from './misbehaviour.ts';
import type { Plans, RequestPlan } from './plan.ts';
import type { FalState, Job, JobOutcome } from './state.ts';

type AcceptedRequest = {
  readonly endpoint: string;
  readonly input: Record<string, unknown>;
  readonly webhookUrl: string | null;
  readonly plan: RequestPlan;
};

export type Queue = {
  /** Takes a validated request; it waits IN_QUEUE while `concurrency` others run. */
  accept(request: AcceptedRequest): Job;
  find(requestId: string): Job | null;
  /** How many wait before this one. */
  positionOf(job: Job): number;
  cancel(job: Job): 'CANCELLATION_REQUESTED' | 'ALREADY_COMPLETED';
  /** Takes up again what a former process left unfinished. */
  resume(): void;
  /** Drops every job, whatever it was at. */
  clear(): void;
  close(): void;
};

type QueueOptions = {
  readonly clock: SandboxClock;
  readonly state: FalState;
  readonly misbehaviours: Misbehaviours;
  readonly plans: Plans;
  readonly renderer: ClipRenderer;
  readonly concurrency: number;
  readonly generationMs: (endpoint: string) => number;
  readonly seed: number | undefined;
  readonly deliver: (job: Job) => void;
  readonly track: (work: Promise<void>) => void;
};

export function createQueue(options: QueueOptions): Queue {
  const { clock, state } = options;
  const stops = new Map<string, () => void>();
  const inStatus = (status: Job['status']) =>
    Array.from(state.jobs.values()).filter((job) => job.status === status);

  const finish = (job: Job, outcome: JobOutcome) => {
    stops.get(job.requestId)?.();
    stops.delete(job.requestId);
    const broken = options.misbehaviours.take('result', 'error');
    job.outcome = broken ? runnerError('runner_server_error', 500) : outcome;
    job.status = 'COMPLETED';
    job.completedAt = clock.now().getTime();
    job.delivery = job.webhookUrl === null ? null : { attempts: 0, nextAt: 0 };
    state.save();
    if (job.delivery) options.deliver(job);
    startNext();
  };
  const run = (job: Job) => {
    job.status = 'IN_PROGRESS';
    const planned = options.plans.of(job.requestId)?.generationMs;
    job.endsAt ??= clock.now().getTime() + (planned ?? options.generationMs(job.endpoint));
    stops.set(
      job.requestId,
      work(job, options, (outcome) => finish(job, outcome)),
    );
  };
  const startNext = () => {
    const free = options.concurrency - inStatus('IN_PROGRESS').length;
    for (const job of inStatus('IN_QUEUE').slice(0, Math.max(0, free))) run(job);
    state.save();
  };

  return {
    accept({ endpoint, input, webhookUrl, plan }) {
      const job = newJob(options, { endpoint, input, webhookUrl });
      options.plans.keep(job.requestId, plan);
      state.jobs.set(job.requestId, job);
      startNext();
      return job;
    },
    find: (requestId) => state.jobs.get(requestId) ?? null,
    positionOf: (job) => Math.max(0, inStatus('IN_QUEUE').indexOf(job)),
    cancel(job) {
      if (job.status === 'COMPLETED') return 'ALREADY_COMPLETED';
      job.cancelAskedAt = clock.now().getTime();
      const isHeeded = job.status === 'IN_QUEUE' || !options.plans.of(job.requestId)?.ignoresCancel;
      if (!isHeeded) return 'CANCELLATION_REQUESTED';
      // Nothing is known of a callback for a job that never started; a started one ends in an error.
      if (job.status === 'IN_QUEUE') job.webhookUrl = null;
      finish(job, runnerError('client_cancelled', 499));
      return 'CANCELLATION_REQUESTED';
    },
    resume() {
      for (const job of inStatus('COMPLETED')) if (job.delivery) options.deliver(job);
      for (const job of inStatus('IN_PROGRESS')) run(job);
      startNext();
    },
    clear() {
      for (const stop of stops.values()) stop();
      stops.clear();
      state.clear();
      options.plans.clear();
    },
    close() {
      for (const stop of stops.values()) stop();
    },
  };
}

function newJob(
  { clock, state, seed }: QueueOptions,
  request: Pick<Job, 'endpoint' | 'input' | 'webhookUrl'>,
): Job {
  return {
    ...request,
    requestId: newId(seed, state.jobs),
    status: 'IN_QUEUE',
    submittedAt: clock.now().getTime(),
    endsAt: null,
    completedAt: null,
    cancelAskedAt: null,
    outcome: null,
    delivery: null,
  };
}

/** Calls `done` when the clip is drawn and the job's time is up, unless it is stopped before. */
function work(job: Job, options: QueueOptions, done: (outcome: JobOutcome) => void): () => void {
  const { clock, track } = options;
  const left = (job.endsAt ?? 0) - clock.now().getTime();
  let stopped = false;
  let due = left <= 0;
  let outcome: JobOutcome | null = null;
  const doneWhenBoth = () => {
    if (due && outcome && !stopped) done(outcome);
  };
  const draw = async () => {
    outcome = await generate(job, options);
    doneWhenBoth();
  };
  track(draw());
  const cancel = due
    ? null
    : clock.schedule(left, () => {
        due = true;
        doneWhenBoth();
      });
  return () => {
    stopped = true;
    cancel?.();
  };
}

/** Makes the clip, or the refusal or failure the model would give. */
async function generate(job: Job, options: QueueOptions): Promise<JobOutcome> {
  const planned = options.plans.of(job.requestId)?.outcome;
  if (planned === 'refused') return refusal(job.input['prompt']);
  if (planned === 'runner_error') return runnerError('runner_disconnected', 503);
  if (planned === 'final_error') return runnerError('bad_request', 400);
  const endpoint = endpoints.get(job.endpoint);
  const read = endpoint?.read(job.input);
  if (!endpoint || !read?.ok) return runnerError('internal_error', 500);
  const words = `${read.prompt} ${z.string().catch('').parse(job.input['negative_prompt'])}`;
  if (refusedWords.some((word) => words.includes(word))) return refusal(job.input['prompt']);
  const { renderer, state } = options;
  try {
    if (read.makes === 'speech') {
      const bytes = await renderer.speak(read.speech);
      const media = `${job.requestId}.mp3`;
      state.saveMedia(media, bytes);
      const extra = { duration_ms: Math.round(speechSeconds(read.speech) * 1000) };
      const form = read.as === 'url' ? 'audio' : 'hex';
      return { kind: 'ok', form, media, bytes: bytes.length, extra };
    }
    const seed = read.seed ?? options.seed ?? 1;
    const bytes = await renderer.render({ prompt: read.prompt, seed, ...read.shape });
    const media = `${job.requestId}.mp4`;
    state.saveMedia(media, bytes);
    const extra = endpoint.givesSeed ? { seed } : {};
    return { kind: 'ok', form: 'video', media, bytes: bytes.length, extra };
  } catch {
    // The real service reports a broken runner the same way.
    return runnerError('runner_server_error', 500);
  }
}

/** The infrastructure errors of fal.ai/docs/documentation/model-apis/request-errors. */
function runnerError(type: string, status: number): JobOutcome {
  return {
    kind: 'error',
    status,
    body: { detail: type.replaceAll('_', ' '), error_type: type },
    headers: { 'x-fal-error-type': type, 'x-fal-retryable': String(status >= 500) },
  };
}

function refusal(input: unknown): JobOutcome {
  const type = 'content_policy_violation';
  const msg = 'The content could not be processed because it was flagged by a content checker.';
  const url = `https://docs.fal.ai/errors#${type}`;
  return {
    kind: 'error',
    status: 422,
    body: { detail: [{ loc: ['body', 'prompt'], msg, type, url, input }] },
    headers: { 'x-fal-retryable': 'false' },
  };
}

/** A UUID; with a seed, the same ones in the same order. */
function newId(seed: number | undefined, taken: ReadonlyMap<string, unknown>): string {
  if (seed === undefined) return randomUUID();
  for (let count = taken.size; ; count += 1) {
    const hex = createHash('sha256').update(`${seed}/${count}`).digest('hex');
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
    if (!taken.has(id)) return id;
  }
}
