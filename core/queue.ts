import { setTimeout } from 'node:timers/promises';

import { sql } from 'drizzle-orm';
import { fromDrizzle, PgBoss, type TestClock } from 'pg-boss';

import type { Services } from './context.ts';
import type { QueueState } from './health.ts';
import type { Ids } from './ids.ts';
import type { AnyJob, Queue } from './job.ts';
import { drain } from './queue-drain.ts';
import {
  buryOnce,
  deadName,
  handBackRunning,
  runOnce,
  type StartTimes,
  type Worker,
} from './queue-run.ts';
import { readQueueState } from './queue-state.ts';

/** Seconds without a sign of life after which another worker takes a job over; pg-boss allows no less. */
const heartbeatSeconds = 10;
/** How long running jobs may take to end once they are told to stop. */
const usualGraceMs = 6000;

export type JobQueue = Queue & {
  /** Starts fetching and running jobs. */
  work(services: Services): Promise<void>;
  /**
   * Fetches nothing more and tells what runs to stop. What goes on after the grace is handed back, for
   * another process or the next start, although it still runs here; the answer names it.
   */
  stop(): Promise<readonly string[]>;
  /** How much work there is. @throws when the queue does not answer. */
  readState(): Promise<QueueState>;
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
  /** Default: 6 seconds. */
  readonly graceMs?: number;
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
  const stopping = new AbortController();
  const at = startTimes(options.clock);
  const workers: Worker[] = [];
  const workerFor = (services: Services, stop: AbortSignal): Worker => ({
    boss,
    at,
    services,
    stop,
    running: new Set(),
  });
  let stopped: Promise<readonly string[]> | null = null;
  const stop = () => (stopped ??= stopWorkers(boss, workers, options));
  return {
    enqueue: enqueueWith(boss, options.ids, at),
    async work(services) {
      const worker = workerFor(services, stopping.signal);
      workers.push(worker);
      for (const job of options.jobs) {
        await startWorker(worker, job);
        if (job.cron) await boss.schedule(job.name, job.cron, { payload: {} });
      }
    },
    drain: (services) => drain(workerFor(services, new AbortController().signal), options.jobs),
    stop() {
      stopping.abort(new Error('Jilo is stopping'));
      return stop();
    },
    readState: () => readQueueState(boss),
    async close() {
      stopping.abort(new Error('Jilo is stopping'));
      await stop();
      // What is still running has been handed back, so nobody waits for it again.
      await boss.stop({ graceful: true, timeout: 1000 });
    },
  };
}

/** Ends fetching, and waits for what runs as long as the grace. */
async function stopWorkers(
  boss: PgBoss,
  workers: readonly Worker[],
  { jobs, graceMs = usualGraceMs }: { jobs: readonly AnyJob[]; graceMs?: number },
): Promise<readonly string[]> {
  if (workers.length === 0) return [];
  const names = jobs.flatMap(queuesOf).map(({ name }) => name);
  const ended = Promise.all(names.map((name) => boss.offWork(name)));
  const over = new AbortController();
  await Promise.race([
    ended.finally(() => over.abort()),
    setTimeout(graceMs, undefined, { signal: over.signal }).catch(() => null),
  ]);
  return (await Promise.all(workers.map(handBackRunning))).flat();
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
