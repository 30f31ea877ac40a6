import type { z } from 'zod';

import type { Tx } from '../drizzle/client.ts';
import type { JobContext } from './context.ts';

/** A kind of work: what enqueues it knows no more than its name and payload. */
export type JobKind<P extends object> = { readonly name: string; readonly payload: z.ZodType<P> };

export type JobDefinition<P extends object> = JobKind<P> & {
  /** How often it is tried before it counts as exhausted. */
  readonly attempts: number;
  /** Wait before the second try in seconds, doubled each time up to `maxSeconds`. */
  readonly backoff: { readonly seconds: number; readonly maxSeconds: number };
  /** After this long the signal is aborted, and the try counts as failed. */
  readonly timeoutSeconds: number;
  /** How many run side by side in one process. */
  readonly concurrency?: number;
  /** Runs by itself on this schedule (five fields, UTC) with an empty payload. */
  readonly cron?: string;
  /** Must bear being run again from any point at which a process can die. */
  readonly run: (payload: P, context: JobContext) => Promise<void>;
  /** Settles what the job was about once its tries are used up, however it ended. */
  readonly exhausted?: (payload: P, context: JobContext) => Promise<void>;
};

// The registry holds jobs of every payload; the worker parses before it runs one.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyJob = JobDefinition<any>;

export type EnqueueOptions = {
  /** While a job of this kind with this key is queued or running, another one is not added. */
  readonly key?: string;
  readonly delaySeconds?: number;
  /** Higher goes first. */
  readonly priority?: number;
};

export interface Queue {
  /** Adds work that becomes visible when `tx` commits, and never when it does not. */
  enqueue<P extends object>(
    tx: Tx,
    kind: JobKind<P>,
    payload: P,
    options?: EnqueueOptions,
  ): Promise<void>;
}

/**
 * Declares how a kind of work is done.
 * @throws Error on limits that make no sense, when the module loads.
 */
export function defineJob<P extends object>(job: JobDefinition<P>): JobDefinition<P> {
  if (!/^[a-z]+(?:\.[a-z-]+)+$/.test(job.name)) throw new Error(`${job.name}: not noun.verb`);
  if (job.attempts < 1 || job.timeoutSeconds < 1 || job.backoff.seconds < 0)
    throw new Error(`${job.name}: attempts, time-out and backoff must be positive`);
  return job;
}
