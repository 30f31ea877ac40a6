import { sql } from 'drizzle-orm';
import { fromDrizzle, PgBoss, type TestClock } from 'pg-boss';

import type { Services } from './context.ts';
import type { Ids } from './ids.ts';
import type { AnyJob, Queue } from './job.ts';
import { drain } from './queue-drain.ts';
import { buryOnce, deadName, runOnce, type StartTimes, type Worker } from './queue-run.ts';

/** Seconds without a sign of life after which another worker takes a job over; pg-boss allows no less. */
const heartbeatSeconds = 10;

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
  await declareQueues(boss, options.jobs);
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

/** What a queue is declared with, in pg-boss' words. */
type Declared = { readonly name: string; readonly settings: Readonly<Record<string, unknown>> };

/** The queue of a job, after the one of its jobs that are used up. */
function queuesOf(job: AnyJob): Declared[] {
  const settings = {
    retryLimit: job.attempts - 1,
    retryDelay: Math.max(1, job.backoff.seconds),
    retryBackoff: true,
    retryDelayMax: Math.max(1, job.backoff.maxSeconds),
    expireInSeconds: job.timeoutSeconds + 30,
    heartbeatSeconds,
    notify: true,
  };
  if (!job.exhausted) return [{ name: job.name, settings }];
  const deadLetter = deadName(job.name);
  return [
    { name: deadLetter, settings: { ...settings, retryLimit: 20 } },
    { name: job.name, settings: { ...settings, deadLetter } },
  ];
}

/** Writes only what differs, so that a start beside a running Jilo asks one question. */
async function declareQueues(boss: PgBoss, jobs: readonly AnyJob[]): Promise<void> {
  const wanted = jobs.flatMap(queuesOf);
  const found = await boss.getQueues(wanted.map(({ name }) => name));
  const known = new Map(found.map((queue) => [queue.name, new Map(Object.entries(queue))]));
  for (const { name, settings } of wanted) {
    const as = known.get(name);
    if (!as) await boss.createQueue(name, { ...settings, policy: 'exclusive' });
    else if (Object.entries(settings).some(([key, value]) => as.get(key) !== value))
      await boss.updateQueue(name, settings);
  }
}

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
