import { sql } from 'drizzle-orm';
import { fromDrizzle, PgBoss, type JobWithMetadata, type TestClock } from 'pg-boss';
import { z } from 'zod';

import type { Services } from './context.ts';
import { isFault } from './fault.ts';
import type { Ids } from './ids.ts';
import type { AnyJob, Queue } from './job.ts';

/** Seconds without a sign of life after which another worker takes a job over; pg-boss allows no less. */
const heartbeatSeconds = 10;

/** What stands in the queue's row. `postponed` counts waits that a provider asked for. */
const envelope = z.object({ payload: z.unknown(), postponed: z.number().int().default(0) });
/** A provider that keeps asking for patience is given this many waits before it counts as failing. */
const maxPostponements = 50;

export type JobQueue = Queue & {
  /** Starts fetching and running jobs; the answer stops it, waiting for what is running. */
  work(services: Services): Promise<void>;
  /** Runs every job that is due now, one after another, until none is left; for tests. */
  drain(services: Services): Promise<number>;
  close(): Promise<void>;
};

/**
 * The job queue on Postgres. A process that only enqueues leaves `worker` off and starts no timers.
 */
export async function openQueue(options: {
  readonly url: string;
  readonly jobs: readonly AnyJob[];
  readonly ids: Ids;
  readonly worker: boolean;
  readonly onError: (error: unknown) => void;
  readonly clock?: TestClock;
}): Promise<JobQueue> {
  const boss = new PgBoss({
    connectionString: options.url,
    application_name: 'jilo',
    max: options.worker ? 6 : 2,
    supervise: options.worker,
    schedule: options.worker,
    useListenNotify: options.worker,
    registerInstance: false,
    monitorIntervalSeconds: 5,
    superviseIntervalSeconds: 5,
    ...(options.clock ? { clock: options.clock } : {}),
  });
  boss.on('error', options.onError);
  await boss.start();
  for (const job of options.jobs) await declareQueue(boss, job);
  const stop = new AbortController();
  return {
    enqueue: enqueueWith(boss, options),
    async work(services) {
      for (const job of options.jobs) {
        await startWorker(boss, job, services, stop.signal);
        if (job.cron) await boss.schedule(job.name, job.cron, { payload: {} });
      }
    },
    drain: (services) => drain(boss, options.jobs, services),
    async close() {
      stop.abort(new Error('Jilo is stopping'));
      await boss.stop({ graceful: true, timeout: 8000 });
    },
  };
}

const deadName = (name: string): string => `${name}.dead`;

async function declareQueue(boss: PgBoss, job: AnyJob): Promise<void> {
  const settings = {
    retryLimit: job.attempts - 1,
    retryDelay: Math.max(1, job.backoff.seconds),
    retryBackoff: true,
    retryDelayMax: Math.max(1, job.backoff.maxSeconds),
    expireInSeconds: job.timeoutSeconds + 30,
    heartbeatSeconds,
    notify: true,
  };
  if (job.exhausted) await declare(boss, deadName(job.name), { ...settings, retryLimit: 20 });
  await declare(boss, job.name, {
    ...settings,
    ...(job.exhausted ? { deadLetter: deadName(job.name) } : {}),
  });
}

async function declare(boss: PgBoss, name: string, settings: object): Promise<void> {
  if (await boss.getQueue(name)) await boss.updateQueue(name, settings);
  else await boss.createQueue(name, { ...settings, policy: 'exclusive' });
}

/** Sends inside the caller's transaction: the job is visible when it commits. */
const enqueueWith =
  (
    boss: PgBoss,
    { ids, clock }: { readonly ids: Ids; readonly clock?: TestClock },
  ): Queue['enqueue'] =>
  async (tx, kind, payload, how = {}) => {
    const { delaySeconds = 0 } = how;
    // The caller's session is on the database's time, whatever the queue's clock says.
    const startAfter = clock ? new Date(clock.now() + delaySeconds * 1000) : delaySeconds;
    await boss.send(
      kind.name,
      { payload: kind.payload.parse(payload) },
      {
        db: fromDrizzle(tx, sql),
        singletonKey: how.key ?? ids.next('job'),
        startAfter,
        ...(how.priority === undefined ? {} : { priority: how.priority }),
      },
    );
  };

async function startWorker(boss: PgBoss, job: AnyJob, services: Services, stop: AbortSignal) {
  const how = {
    batchSize: 1,
    localConcurrency: job.concurrency ?? 1,
    pollingIntervalSeconds: 0.5,
    notifyPollingIntervalSeconds: 1,
    heartbeatRefreshSeconds: heartbeatSeconds / 3,
    includeMetadata: true,
    perJobResults: true,
  } as const;
  await boss.work(job.name, how, async (batch) =>
    Promise.all(
      batch.map(async (row) => ({
        id: row.id,
        status: await runOnce(boss, job, row, services, stop),
      })),
    ),
  );
  if (!job.exhausted) return;
  await boss.work(deadName(job.name), how, async (batch) =>
    Promise.all(
      batch.map(async (row) => ({ id: row.id, status: await buryOnce(job, row, services, stop) })),
    ),
  );
}

type Row = Pick<JobWithMetadata<unknown>, 'id' | 'data' | 'retryCount'> & {
  readonly singletonKey?: string | null | undefined;
};

type Ending = 'completed' | 'failed' | 'deadletter';

/** Runs one try of one job. A defect is logged here and nowhere else. */
async function runOnce(
  boss: PgBoss,
  job: AnyJob,
  row: Row,
  services: Services,
  stop: AbortSignal,
): Promise<Ending> {
  const where = { job: job.name, id: row.id, attempt: row.retryCount + 1 };
  try {
    const { payload, postponed } = envelope.parse(row.data);
    const signal = AbortSignal.any([stop, AbortSignal.timeout(job.timeoutSeconds * 1000)]);
    try {
      await job.run(job.payload.parse(payload), { ...services, signal });
      return 'completed';
    } catch (error) {
      const wait = isFault(error, 'provider_busy') ? error.retryAfterSeconds : undefined;
      if (wait === undefined || postponed >= maxPostponements) throw error;
      services.log.info({ ...where, seconds: wait }, 'postponed: the provider asks to wait');
      await boss.send(
        job.name,
        { payload, postponed: postponed + 1 },
        {
          startAfter: Math.max(1, Math.ceil(wait)),
          singletonKey: `${row.singletonKey ?? row.id}+`,
        },
      );
      return 'completed';
    }
  } catch (error) {
    services.log.warn({ ...where, err: error }, 'job failed');
    const hopeless = error instanceof z.ZodError || (isFault(error) && !mayPass.has(error.code));
    return hopeless ? 'deadletter' : 'failed';
  }
}

/** Faults that another try may not meet again. */
const mayPass = new Set([
  'provider_busy',
  'provider_failed',
  'database_down',
  'storage_full',
  'internal',
]);

async function buryOnce(
  job: AnyJob,
  row: Row,
  services: Services,
  stop: AbortSignal,
): Promise<Ending> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(job.timeoutSeconds * 1000)]);
  try {
    await job.exhausted?.(job.payload.parse(envelope.parse(row.data).payload), {
      ...services,
      signal,
    });
    return 'completed';
  } catch (error) {
    services.log.error(
      { job: job.name, id: row.id, err: error },
      'an exhausted job could not be settled',
    );
    return 'failed';
  }
}

async function drain(boss: PgBoss, jobs: readonly AnyJob[], services: Services): Promise<number> {
  const never = new AbortController().signal;
  const due = (name: string) => boss.fetch(name, { batchSize: 100, includeMetadata: true });
  let ran = 0;
  for (let before = -1; ran !== before;) {
    before = ran;
    for (const job of jobs) {
      for (const row of await due(job.name)) {
        const ending = await runOnce(boss, job, row, services, never);
        ran += 1;
        if (ending === 'failed') await boss.fail(job.name, row.id, {});
        else await boss.complete(job.name, row.id);
        if (ending === 'deadletter' && job.exhausted)
          await boss.send(deadName(job.name), envelope.parse(row.data), { singletonKey: row.id });
      }
      for (const row of job.exhausted ? await due(deadName(job.name)) : []) {
        const ending = await buryOnce(job, row, services, never);
        ran += 1;
        if (ending === 'failed') await boss.fail(deadName(job.name), row.id, {});
        else await boss.complete(deadName(job.name), row.id);
      }
    }
  }
  return ran;
}
