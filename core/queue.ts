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
  const at = startTimes(options.clock);
  return {
    enqueue: enqueueWith(boss, options.ids, at),
    async work(services) {
      for (const job of options.jobs) {
        await startWorker({ boss, at, services, stop: stop.signal }, job);
        if (job.cron) await boss.schedule(job.name, job.cron, { payload: {} });
      }
    },
    drain: (services) =>
      drain({ boss, at, services, stop: new AbortController().signal }, options.jobs),
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

type StartTimes = (delaySeconds: number) => Date | number;

/** Transactions are the caller's, whose session knows the database's time and not the queue's. */
const startTimes =
  (clock: TestClock | undefined): StartTimes =>
  (delaySeconds) =>
    clock ? new Date(clock.now() + delaySeconds * 1000) : delaySeconds;

/** Sends inside the caller's transaction: the job is visible when it commits. */
const enqueueWith =
  (boss: PgBoss, ids: Ids, at: StartTimes): Queue['enqueue'] =>
  async (tx, kind, payload, how = {}) => {
    await boss.send(
      kind.name,
      { payload: kind.payload.parse(payload) },
      {
        db: fromDrizzle(tx, sql),
        singletonKey: how.key ?? ids.next('job'),
        startAfter: at(how.delaySeconds ?? 0),
        ...(how.priority === undefined ? {} : { priority: how.priority }),
      },
    );
  };

/** What a worker works with; `stop` is aborted when its process is to end. */
type Worker = {
  readonly boss: PgBoss;
  readonly at: StartTimes;
  readonly services: Services;
  readonly stop: AbortSignal;
};

async function startWorker(worker: Worker, job: AnyJob): Promise<void> {
  const { boss } = worker;
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
      batch.map(async (row) => ({ id: row.id, status: await runOnce(worker, job, row) })),
    ),
  );
  if (!job.exhausted) return;
  await boss.work(deadName(job.name), how, async (batch) =>
    Promise.all(
      batch.map(async (row) => ({ id: row.id, status: await buryOnce(worker, job, row) })),
    ),
  );
}

type Row = JobWithMetadata<unknown>;

type Ending = 'completed' | 'failed' | 'deadletter';

const signalOf = (job: AnyJob, stop: AbortSignal): AbortSignal =>
  AbortSignal.any([stop, AbortSignal.timeout(job.timeoutSeconds * 1000)]);

/** Runs one try of one job. A defect is logged here and nowhere else. */
async function runOnce(worker: Worker, job: AnyJob, row: Row): Promise<Ending> {
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
  try {
    try {
      await job.run(read.data, { ...services, signal });
      return 'completed';
    } catch (error) {
      if (signal.aborted && signal.reason === stop.reason) {
        services.log.info(where, 'handed back: this process is stopping');
        await handBack(worker, job, row, { data: { payload, postponed }, delaySeconds: 0 });
        return 'completed';
      }
      const wait = isFault(error, 'provider_busy') ? error.retryAfterSeconds : undefined;
      if (wait === undefined || postponed >= maxPostponements) throw error;
      services.log.info({ ...where, seconds: wait }, 'postponed: the provider asks to wait');
      await handBack(worker, job, row, {
        data: { payload, postponed: postponed + 1 },
        delaySeconds: Math.max(1, Math.ceil(wait)),
      });
      return 'completed';
    }
  } catch (error) {
    services.log.warn({ ...where, err: error }, 'job failed');
    return isFault(error) && !mayPass.has(error.code) ? 'deadletter' : 'failed';
  }
}

/** pg-boss leaves the type of this answer empty. */
const settled = z.object({ affected: z.number() });
/** Any row's data, for handing it on unread. */
const document = z.looseObject({}).catch({});

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

async function buryOnce({ services, stop }: Worker, job: AnyJob, row: Row): Promise<Ending> {
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

async function drain(worker: Worker, jobs: readonly AnyJob[]): Promise<number> {
  const { boss } = worker;
  const due = async (name: string) => {
    const rows = await boss.fetch(name, { batchSize: 100, includeMetadata: true });
    return rows.toSorted((a, b) => b.priority - a.priority);
  };
  let ran = 0;
  for (let before = -1; ran !== before;) {
    before = ran;
    for (const job of jobs) {
      for (const row of await due(job.name)) {
        const ending = await runOnce(worker, job, row);
        ran += 1;
        if (ending === 'failed') await boss.fail(job.name, row.id, {});
        else await boss.complete(job.name, row.id);
        if (ending === 'deadletter' && job.exhausted)
          await boss.send(deadName(job.name), document.parse(row.data), { singletonKey: row.id });
      }
      for (const row of job.exhausted ? await due(deadName(job.name)) : []) {
        const ending = await buryOnce(worker, job, row);
        ran += 1;
        if (ending === 'failed') await boss.fail(deadName(job.name), row.id, {});
        else await boss.complete(deadName(job.name), row.id);
      }
    }
  }
  return ran;
}
