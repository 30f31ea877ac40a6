import { sql } from 'drizzle-orm';
import { fromDrizzle, type JobWithMetadata, type PgBoss } from 'pg-boss';
import { z } from 'zod';

import type { Services } from './context.ts';
import { isFault } from './fault.ts';
import type { AnyJob } from './job.ts';

/** What stands in the queue's row. `postponed` counts waits that a provider asked for. */
const envelope = z.object({ payload: z.unknown(), postponed: z.number().int().default(0) });
/** A provider that keeps asking for patience is given this many waits before it counts as failing. */
const maxPostponements = 50;

/** Where jobs go whose tries are used up. */
export const deadName = (name: string): string => `${name}.dead`;

/** When a job that is to wait so long may start. */
export type StartTimes = (delaySeconds: number) => Date | number;

/** What a worker works with; `stop` is aborted when its process is to end. */
export type Worker = {
  readonly boss: PgBoss;
  readonly at: StartTimes;
  readonly services: Services;
  readonly stop: AbortSignal;
  /** What it is at. */
  readonly running: Set<Running>;
};

type Running = { readonly job: AnyJob; readonly row: Row; readonly data: object };

export type Row = JobWithMetadata<unknown>;

type Ending = 'completed' | 'failed' | 'deadletter';

const signalOf = (job: AnyJob, stop: AbortSignal): AbortSignal =>
  AbortSignal.any([stop, AbortSignal.timeout(job.timeoutSeconds * 1000)]);

/** Runs one try of one job. A defect is logged here and nowhere else. */
export async function runOnce(worker: Worker, job: AnyJob, row: Row): Promise<Ending> {
  const { services, stop } = worker;
  const attempt = job.attempts - row.retryLimit + row.retryCount;
  const where = { job: job.name, id: row.id, attempt };
  const data = envelope.safeParse(row.data).data;
  const read = job.payload.safeParse(data?.payload);
  if (!data || !read.success) {
    services.log.error({ ...where, err: read.error }, 'a job cannot be read');
    return 'deadletter';
  }
  const { payload, postponed } = data;
  const signal = signalOf(job, stop);
  const running = { job, row, data: { payload, postponed } };
  worker.running.add(running);
  try {
    try {
      await job.run(read.data, { ...services, signal });
      return 'completed';
    } catch (error) {
      if (signal.aborted && signal.reason === stop.reason) {
        services.log.info(where, 'handed back: this process is stopping');
        await handBack(worker, job, row, { data: running.data, delaySeconds: 0 });
        return 'completed';
      }
      const wait = isFault(error, 'provider_busy') ? error.retryAfterSeconds : undefined;
      if (wait === undefined || postponed >= maxPostponements) throw error;
      services.log.info(
        { ...where, seconds: wait, err: error },
        'postponed: the provider asks to wait',
      );
      await handBack(worker, job, row, {
        data: { payload, postponed: postponed + 1 },
        delaySeconds: Math.max(1, Math.ceil(wait)),
      });
      return 'completed';
    }
  } catch (error) {
    services.log.warn({ ...where, err: error }, 'job failed');
    return isFault(error) && !mayPass.has(error.code) ? 'deadletter' : 'failed';
  } finally {
    worker.running.delete(running);
  }
}

/**
 * Hands back what has not ended although it was told to, with all its tries; answers the names. It may
 * still be running while another process begins it anew, as after a death that is noticed late.
 */
export async function handBackRunning(worker: Worker): Promise<readonly string[]> {
  const { log } = worker.services;
  const late = [...worker.running];
  for (const { job, row, data } of late) {
    const where = { job: job.name, id: row.id };
    try {
      await handBack(worker, job, row, { data, delaySeconds: 0 });
      log.warn(where, 'handed back while it was running: it did not stop in time');
    } catch (error) {
      log.error({ ...where, err: error }, 'could not be handed back; it is taken over later');
    }
  }
  return late.map(({ job }) => job.name);
}

/** pg-boss leaves the type of this answer empty. */
const settled = z.object({ affected: z.number() });
/** Puts the job back under its key without counting this try; dying in between changes nothing. */
async function handBack(
  { boss, at, services }: Worker,
  job: AnyJob,
  row: Row,
  back: { readonly data: object; readonly delaySeconds: number },
): Promise<void> {
  await services.database.db.transaction(async (tx) => {
    const db = fromDrizzle(tx, sql);
    const { id, retryCount, retryLimit, priority } = row;
    const ended = await boss.complete(job.name, { id, retryCount }, null, { db });
    if (settled.parse(ended).affected === 0) return; // Another worker has taken it over meanwhile.
    await boss.send(job.name, back.data, {
      db,
      priority,
      singletonKey: row.singletonKey ?? id,
      startAfter: at(back.delaySeconds),
      retryLimit: Math.max(0, retryLimit - retryCount),
    });
  });
}

/** Faults that another try may not meet again. */
const mayPass = new Set([
  'provider_busy',
  'provider_failed',
  'database_down',
  'storage_full',
  'internal',
]);

export async function buryOnce({ services, stop }: Worker, job: AnyJob, row: Row): Promise<Ending> {
  const where = { job: job.name, id: row.id };
  const data = envelope.safeParse(row.data).data;
  const payload = job.payload.safeParse(data?.payload);
  if (!payload.success) {
    services.log.error({ ...where, err: payload.error }, 'an exhausted job cannot be read');
    return 'completed';
  }
  try {
    await job.exhausted?.(payload.data, { ...services, signal: signalOf(job, stop) });
    return 'completed';
  } catch (error) {
    services.log.error({ ...where, err: error }, 'an exhausted job could not be settled');
    return 'failed';
  }
}
