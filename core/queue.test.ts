import { PgBoss, TestClock } from 'pg-boss';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { openDatabase, type Database } from '../drizzle/client.ts';
import { copyDatabase } from '../test/kit/database.ts';
import type { Services } from './context.ts';
import { createCrypto } from './crypto.ts';
import { parseConfig } from './config.ts';
import { Fault } from './fault.ts';
import { systemIds } from './ids.ts';
import { defineJob, type AnyJob, type JobDefinition } from './job.ts';
import { createLog } from './log.ts';
import { openQueue, type JobQueue } from './queue.ts';
import { createSignIn } from './providers/sign-in.ts';
import { wallTimers } from './timers.ts';

const payload = z.object({ n: z.number() });
type Payload = z.infer<typeof payload>;

/** A job that notes what it is given; what it does then is the test's. */
const jobOf = (over: Partial<JobDefinition<Payload>> = {}): JobDefinition<Payload> =>
  defineJob({
    name: 'test.job',
    payload,
    attempts: 3,
    backoff: { seconds: 10, maxSeconds: 1000 },
    timeoutSeconds: 60,
    run: async () => undefined,
    ...over,
  });

const start = new Date('2026-11-22T08:00:00.000Z');

type Bench = {
  readonly url: string;
  readonly database: Database;
  readonly clock: TestClock;
  readonly logs: string[];
  readonly services: Services;
  open(jobs: readonly AnyJob[], how?: { worker?: boolean; realTime?: boolean }): Promise<JobQueue>;
  enqueue(queue: JobQueue, job: AnyJob, n: number, options?: object): Promise<void>;
  /** Moves the queue's time and runs what is due; answers how many runs that were. */
  after(queue: JobQueue, seconds: number): Promise<number>;
};

let bench: Bench;
let cleanUp: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  const copy = await copyDatabase();
  const database = openDatabase(copy.url);
  const clock = new TestClock(start);
  const logs: string[] = [];
  const log = createLog({ level: 'info', secrets: [], write: (line) => void logs.push(line) });
  const services: Services = {
    config: parseConfig({ NODE_ENV: 'test' }),
    clock: { now: () => new Date(clock.now()) },
    timers: wallTimers,
    ids: systemIds,
    log,
    crypto: createCrypto(
      () => ({ current: 'a secret of more than thirty-two characters', previous: [] }),
      systemIds,
    ),
    database,
    queue: { enqueue: () => Promise.reject(new Error('not in this test')) },
    ports: unusedPorts,
    signIn: createSignIn(() => services),
    health: { readQueue: unused, readProvider: unused },
    publicUrl: () => null,
  };
  const queues: JobQueue[] = [];
  cleanUp = [
    async () => {
      for (const queue of queues) await queue.close();
      await database.close();
      await copy.drop();
    },
  ];
  bench = {
    url: copy.url,
    database,
    clock,
    logs,
    services,
    async open(jobs, how = {}) {
      const queue = await openQueue({
        url: copy.url,
        jobs,
        ids: systemIds,
        worker: how.worker ?? false,
        onError: (error) => log.error({ err: error }, 'queue error'),
        ...(how.realTime ? {} : { clock }),
      });
      queues.push(queue);
      return queue;
    },
    enqueue: (queue, job, n, options = {}) =>
      database.db.transaction((tx) => queue.enqueue(tx, job, { n }, options)),
    async after(queue, seconds) {
      await clock.setTime(clock.now() + seconds * 1000);
      return queue.drain(services);
    },
  };
});

afterEach(async () => {
  for (const step of cleanUp) await step();
});

const unused = (): never => {
  throw new Error('not in this test');
};
const unusedPorts: Services['ports'] = {
  storage: {
    write: unused,
    read: unused,
    stat: unused,
    remove: unused,
    local: unused,
    scratch: unused,
  },
  mediaTools: {
    probe: unused,
    poster: unused,
    drawThumbnail: unused,
    probeSound: unused,
    assemble: unused,
  },
  charts: { draw: unused },
  pictures: { fetch: unused },
  thumbnails: { fetch: unused },
};

const fails = (code: 'quota_short' | 'content_refused' | 'provider_failed' | 'storage_full') => {
  if (code === 'quota_short') throw new Fault(code, { needed: 2, available: 1, renewsAt: null });
  if (code === 'provider_failed') throw new Fault(code, { provider: 'fal' });
  throw new Fault(code, {});
};

const busy = (retryAfterSeconds?: number): never => {
  const options = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  throw new Fault('provider_busy', { provider: 'fal' }, options);
};

describe('enqueue', () => {
  it('makes work visible when the transaction commits, and never when it does not', async () => {
    const ran: number[] = [];
    const job = jobOf({ run: async ({ n }) => void ran.push(n) });
    const queue = await bench.open([job]);
    const lost = bench.database.db.transaction(async (tx) => {
      await queue.enqueue(tx, job, { n: 1 });
      throw new Error('rolled back');
    });
    await expect(lost).rejects.toThrow('rolled back');
    expect(await queue.drain(bench.services)).toBe(0);
    await bench.database.db.transaction(async (tx) => {
      await queue.enqueue(tx, job, { n: 2 });
      expect(await queue.drain(bench.services)).toBe(0);
    });
    expect(await queue.drain(bench.services)).toBe(1);
    expect(ran).toStrictEqual([2]);
  });

  it('adds nothing under a key that is queued, and something again once that has run', async () => {
    const ran: number[] = [];
    const job = jobOf({ run: async ({ n }) => void ran.push(n) });
    const queue = await bench.open([job]);
    for (const n of [1, 2, 3]) await bench.enqueue(queue, job, n, { key: 'same' });
    await bench.enqueue(queue, job, 4, { key: 'other' });
    await queue.drain(bench.services);
    expect(new Set(ran)).toStrictEqual(new Set([1, 4]));
    await bench.enqueue(queue, job, 5, { key: 'same' });
    await queue.drain(bench.services);
    expect(ran).toHaveLength(3);
    expect(ran.at(-1)).toBe(5);
  });

  it('adds nothing under a key that is running or waiting for its next try', async () => {
    const seen: number[] = [];
    const job: JobDefinition<Payload> = jobOf({
      run: async ({ n }) => {
        seen.push(n);
        await bench.enqueue(queue, job, n + 1, { key: 'same' });
        if (seen.length === 1) throw new Error('again');
      },
    });
    const queue = await bench.open([job]);
    await bench.enqueue(queue, job, 1, { key: 'same' });
    await queue.drain(bench.services);
    await bench.enqueue(queue, job, 8, { key: 'same' });
    expect(await bench.after(queue, 60)).toBe(1);
    expect(await bench.after(queue, 60)).toBe(0);
    expect(seen).toStrictEqual([1, 1]);
  });

  it('50 at once under one key leave one job', async () => {
    let runs = 0;
    const job = jobOf({ run: async () => void (runs += 1) });
    const queue = await bench.open([job]);
    const all = Array.from({ length: 50 }, (_, n) => bench.enqueue(queue, job, n, { key: 'same' }));
    await Promise.all(all);
    await queue.drain(bench.services);
    expect(runs).toBe(1);
  });

  it('waits delaySeconds, to the second', async () => {
    const job = jobOf();
    const queue = await bench.open([job]);
    await bench.enqueue(queue, job, 1, { delaySeconds: 900 });
    expect(await bench.after(queue, 0)).toBe(0);
    expect(await bench.after(queue, 899)).toBe(0);
    expect(await bench.after(queue, 1)).toBe(1);
  });

  it('runs a higher priority first', async () => {
    const ran: number[] = [];
    const job = jobOf({ run: async ({ n }) => void ran.push(n) });
    const queue = await bench.open([job]);
    for (const [n, priority] of [
      [1, -5],
      [2, 0],
      [3, 7],
    ] as const)
      await bench.enqueue(queue, job, n, { priority });
    await queue.drain(bench.services);
    expect(ran).toStrictEqual([3, 2, 1]);
  });

  it('refuses a payload that its kind does not know', async () => {
    const job: AnyJob = jobOf();
    const queue = await bench.open([job]);
    const sent = bench.database.db.transaction((tx) => queue.enqueue(tx, job, { m: 1 }));
    await expect(sent).rejects.toThrow('expected number');
    expect(await queue.drain(bench.services)).toBe(0);
  });
});

describe('a job that fails', () => {
  it('is tried exactly as often as it says, later each time, and then settled once', async () => {
    const tries: number[] = [];
    const settled: number[] = [];
    const job = jobOf({
      attempts: 4,
      run: async () => {
        tries.push((bench.clock.now() - start.getTime()) / 1000);
        throw new Error('no');
      },
      exhausted: async ({ n }) => void settled.push(n),
    });
    const queue = await bench.open([job]);
    await bench.enqueue(queue, job, 7);
    for (let second = 0; second < 200; second += 1) await bench.after(queue, 1);
    expect(tries).toHaveLength(4);
    const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    // Doubled each time, with up to as much again at random.
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(10 * 2 ** index);
      expect(wait).toBeLessThanOrEqual(10 * 2 ** (index + 1) + 1);
    }
    expect(settled).toStrictEqual([7]);
    expect(bench.logs.filter((line) => line.includes('"job failed"'))).toHaveLength(4);
  });

  it('waits no longer than maxSeconds', async () => {
    let tries = 0;
    const job = jobOf({
      attempts: 9,
      backoff: { seconds: 10, maxSeconds: 15 },
      run: async () => {
        tries += 1;
        throw new Error('no');
      },
    });
    const queue = await bench.open([job]);
    await bench.enqueue(queue, job, 1);
    await queue.drain(bench.services);
    for (let turn = 0; turn < 8; turn += 1) await bench.after(queue, 16);
    expect(tries).toBe(9);
  });

  it.each(['quota_short', 'content_refused'] as const)(
    'with %s, which cannot pass, is settled at once',
    async (code) => {
      const story: string[] = [];
      const job = jobOf({
        run: async () => {
          story.push('run');
          fails(code);
        },
        exhausted: async () => void story.push('exhausted'),
      });
      const queue = await bench.open([job]);
      await bench.enqueue(queue, job, 1);
      await queue.drain(bench.services);
      await bench.after(queue, 5000);
      expect(story).toStrictEqual(['run', 'exhausted']);
    },
  );

  it.each(['provider_failed', 'storage_full'] as const)(
    'with %s, which may pass, is tried again',
    async (code) => {
      let tries = 0;
      const job = jobOf({
        run: async () => {
          tries += 1;
          if (tries === 1) fails(code);
        },
      });
      const queue = await bench.open([job]);
      await bench.enqueue(queue, job, 1);
      await queue.drain(bench.services);
      await bench.after(queue, 60);
      expect(tries).toBe(2);
    },
  );

  it('is dead at once when its payload cannot be read, and is not settled blindly', async () => {
    const story: string[] = [];
    const sender = jobOf({ name: 'test.job' });
    const job = defineJob({
      ...sender,
      payload: z.object({ name: z.string() }),
      run: async () => void story.push('run'),
      exhausted: async () => void story.push('exhausted'),
    });
    const queue = await bench.open([job]);
    await bench.enqueue(queue, sender, 1);
    await queue.drain(bench.services);
    await bench.after(queue, 5000);
    expect(story).toStrictEqual([]);
    expect(bench.logs.join('')).toContain('an exhausted job cannot be read');
  });

  it('is settled again and again until that succeeds, and never after', async () => {
    let settled = 0;
    const job = jobOf({
      attempts: 1,
      run: async () => fails('provider_failed'),
      exhausted: async () => {
        settled += 1;
        if (settled < 4) throw new Error('the database is away');
      },
    });
    const queue = await bench.open([job]);
    await bench.enqueue(queue, job, 1);
    for (let turn = 0; turn < 30; turn += 1) await bench.after(queue, 1000);
    expect(settled).toBe(4);
  });

  it('does not keep others of its kind from being settled', async () => {
    const settled: number[] = [];
    const job = jobOf({
      attempts: 1,
      run: async () => fails('provider_failed'),
      exhausted: async ({ n }) => void settled.push(n),
    });
    const queue = await bench.open([job]);
    for (const n of [1, 2, 3]) await bench.enqueue(queue, job, n);
    await queue.drain(bench.services);
    expect(settled).toHaveLength(3);
    expect(new Set(settled)).toStrictEqual(new Set([1, 2, 3]));
  });
});

describe('a provider that asks to wait', () => {
  it('is given the time it asks for, which counts as no try', async () => {
    const runs: number[] = [];
    const waits = [30, 90, 1.2, 0];
    const job = jobOf({
      attempts: 1,
      run: async () => {
        runs.push((bench.clock.now() - start.getTime()) / 1000);
        const wait = waits[runs.length - 1];
        if (wait !== undefined) busy(wait);
      },
      exhausted: async () => expect.unreachable('it never ran out of tries'),
    });
    const queue = await bench.open([job]);
    await bench.enqueue(queue, job, 1);
    await queue.drain(bench.services);
    for (let second = 0; second < 130; second += 1) await bench.after(queue, 1);
    // Rounded up to whole seconds, and at least one.
    expect(runs).toStrictEqual([0, 30, 120, 122, 123]);
  });

  it('does not give the tries back that were used before', async () => {
    const story: string[] = [];
    const job = jobOf({
      attempts: 2,
      run: async () => {
        story.push('run');
        if (story.length === 2) busy(30);
        throw new Error('no');
      },
      exhausted: async () => void story.push('exhausted'),
    });
    const queue = await bench.open([job]);
    await bench.enqueue(queue, job, 1);
    for (let turn = 0; turn < 8; turn += 1) await bench.after(queue, 60);
    expect(story).toStrictEqual(['run', 'run', 'run', 'exhausted']);
  });

  it('keeps the key and the priority while it waits', async () => {
    const ran: number[] = [];
    const job = jobOf({
      run: async ({ n }) => {
        ran.push(n);
        if (ran.length < 3) busy(60);
      },
    });
    const queue = await bench.open([job]);
    await bench.enqueue(queue, job, 1, { key: 'same', priority: 3 });
    for (let turn = 0; turn < 3; turn += 1) {
      await bench.after(queue, turn * 60);
      await bench.enqueue(queue, job, 9, { key: 'same' });
    }
    expect(ran).toStrictEqual([1, 1, 1]);
    await queue.drain(bench.services);
    expect(ran).toStrictEqual([1, 1, 1, 9]);
    const rows = await bench.database.sql`select distinct priority from pgboss.job
      where name = 'test.job' and data->'payload'->>'n' = '1'`;
    expect([...rows]).toStrictEqual([{ priority: 3 }]);
  });

  it('does not wait for ever: after 50 waits it counts as failing', async () => {
    let runs = 0;
    let settled = 0;
    const job = jobOf({
      attempts: 1,
      run: async () => {
        runs += 1;
        busy(1);
      },
      exhausted: async () => void (settled += 1),
    });
    const queue = await bench.open([job]);
    await bench.enqueue(queue, job, 1);
    for (let turn = 0; turn < 60; turn += 1) await bench.after(queue, 2);
    expect({ runs, settled }).toStrictEqual({ runs: 51, settled: 1 });
  });

  it('that does not say how long is tried again like any failure', async () => {
    let runs = 0;
    const job = jobOf({
      attempts: 2,
      run: async () => {
        runs += 1;
        busy();
      },
    });
    const queue = await bench.open([job]);
    await bench.enqueue(queue, job, 1);
    for (let turn = 0; turn < 5; turn += 1) await bench.after(queue, 100);
    expect(runs).toBe(2);
  });
});

describe('real workers', () => {
  const realTime = { worker: true, realTime: true } as const;

  it('are woken by the commit, not by looking every half second', async () => {
    const started = Promise.withResolvers<void>();
    let next: PromiseWithResolvers<void> = started;
    const job = jobOf({ run: async () => next.resolve() });
    const queue = await bench.open([job], realTime);
    await queue.work(bench.services);
    await bench.enqueue(queue, job, 0);
    await started.promise;
    const waits: number[] = [];
    for (let n = 1; n <= 7; n += 1) {
      next = Promise.withResolvers<void>();
      const before = performance.now();
      await bench.enqueue(queue, job, n);
      await next.promise;
      waits.push(performance.now() - before);
    }
    expect(waits.toSorted((a, b) => a - b)[3]).toBeLessThan(200);
  });

  it('settle a job through the real dead letter queue', async () => {
    const settled = Promise.withResolvers<number>();
    const job = jobOf({
      run: async () => fails('content_refused'),
      exhausted: async ({ n }) => settled.resolve(n),
    });
    const queue = await bench.open([job], realTime);
    await queue.work(bench.services);
    await bench.enqueue(queue, job, 5);
    expect(await settled.promise).toBe(5);
  });

  it('settle two jobs of one kind that die together', async () => {
    const settled = new Set<number>();
    const both = Promise.withResolvers<void>();
    const job = jobOf({
      attempts: 1,
      concurrency: 2,
      run: async () => fails('provider_failed'),
      exhausted: async ({ n }) => {
        settled.add(n);
        if (settled.size === 2) both.resolve();
      },
    });
    const queue = await bench.open([job], realTime);
    await bench.database.db.transaction(async (tx) => {
      await queue.enqueue(tx, job, { n: 1 });
      await queue.enqueue(tx, job, { n: 2 });
    });
    await queue.work(bench.services);
    await both.promise;
    expect(settled).toStrictEqual(new Set([1, 2]));
  });

  it('postpone without a second copy', async () => {
    const done = Promise.withResolvers<void>();
    let runs = 0;
    const job = jobOf({
      run: async () => {
        runs += 1;
        if (runs === 1) busy(1);
        done.resolve();
      },
    });
    const queue = await bench.open([job], realTime);
    await queue.work(bench.services);
    await bench.enqueue(queue, job, 1, { key: 'same' });
    await done.promise;
    await queue.close();
    const rows = await bench.database
      .sql`select state::text from pgboss.job where name = 'test.job' order by 1`;
    expect(rows.map(({ state }) => state)).toStrictEqual(['completed', 'completed']);
    expect(runs).toBe(2);
  });

  it('abort the signal of a job at its time-out, and try it again', async () => {
    const aborted = Promise.withResolvers<unknown>();
    const job = jobOf({
      timeoutSeconds: 1,
      run: (_, { signal }) =>
        new Promise<void>((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted.resolve(signal.reason);
            reject(signal.reason);
          });
        }),
    });
    const queue = await bench.open([job], realTime);
    await queue.work(bench.services);
    await bench.enqueue(queue, job, 1);
    expect(await aborted.promise).toMatchObject({ name: 'TimeoutError' });
    await queue.close();
    const [row] = await bench.database
      .sql`select state::text, retry_count from pgboss.job where name = 'test.job'`;
    expect(row).toStrictEqual({ state: 'retry', retry_count: 0 });
  });

  it('hand back what they are at when they stop, with all its tries', async () => {
    const running = Promise.withResolvers<void>();
    const story: string[] = [];
    const job = jobOf({
      attempts: 1,
      run: async (_, { signal }) => {
        story.push('first');
        running.resolve();
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      },
      exhausted: async () => void story.push('exhausted'),
    });
    const queue = await bench.open([job], realTime);
    await queue.work(bench.services);
    await bench.enqueue(queue, job, 1, { key: 'same' });
    await running.promise;
    await queue.close();
    const second = Promise.withResolvers<void>();
    const again = jobOf({ attempts: 1, run: async () => second.resolve() });
    const other = await bench.open([again], realTime);
    await other.work(bench.services);
    await second.promise;
    expect(story).toStrictEqual(['first']);
  });

  it('finish what does not take long before they stop', async () => {
    const running = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const job = jobOf({
      run: async () => {
        running.resolve();
        await go.promise;
      },
    });
    const queue = await bench.open([job], realTime);
    await queue.work(bench.services);
    await bench.enqueue(queue, job, 1);
    await running.promise;
    const closed = queue.close();
    go.resolve();
    await closed;
    const [row] = await bench.database
      .sql`select state::text from pgboss.job where name = 'test.job'`;
    expect(row).toStrictEqual({ state: 'completed' });
  });

  it('run no more of a kind side by side than it says', async () => {
    let now = 0;
    let most = 0;
    let left = 6;
    const done = Promise.withResolvers<void>();
    const job = jobOf({
      concurrency: 2,
      run: async () => {
        now += 1;
        most = Math.max(most, now);
        await bench.database.sql`select 1`;
        now -= 1;
        left -= 1;
        if (left === 0) done.resolve();
      },
    });
    const queue = await bench.open([job], realTime);
    for (let n = 0; n < 6; n += 1) await bench.enqueue(queue, job, n);
    await queue.work(bench.services);
    await done.promise;
    expect(most).toBeLessThanOrEqual(2);
  });

  it('put a schedule in place once, however often they start', async () => {
    const job = jobOf({ cron: '0 3 * * *', payload: z.object({ n: z.number().default(0) }) });
    for (let turn = 0; turn < 2; turn += 1) {
      const queue = await bench.open([job], realTime);
      await queue.work(bench.services);
      await queue.close();
    }
    const rows = await bench.database.sql`select name, cron, timezone from pgboss.schedule`;
    expect([...rows]).toStrictEqual([{ name: 'test.job', cron: '0 3 * * *', timezone: 'UTC' }]);
  });
});

describe('a process that dies', () => {
  it('loses its job to another one after ten seconds without a sign of life', async () => {
    const taken = Promise.withResolvers<number>();
    const job = jobOf({ run: async ({ n }) => taken.resolve(n) });
    const queue = await bench.open([job], { worker: true });
    await bench.enqueue(queue, job, 3);
    const dead = new PgBoss({ connectionString: bench.url, clock: bench.clock, supervise: false });
    await dead.start();
    expect(await dead.fetch('test.job')).toHaveLength(1);
    await dead.stop({ graceful: false });
    await queue.work(bench.services);
    let isTaken = false;
    void taken.promise.then(() => (isTaken = true));
    await bench.clock.tick(9000);
    expect(isTaken).toBe(false);
    await bench.clock.tick(60_000);
    expect(await taken.promise).toBe(3);
    const [row] = await bench.database
      .sql`select retry_count from pgboss.job where name = 'test.job'`;
    expect(row).toStrictEqual({ retry_count: 1 });
  });
});

describe('defineJob', () => {
  it.each([
    [{ name: 'Test.Job' }, 'not noun.verb'],
    [{ name: 'job' }, 'not noun.verb'],
    [{ attempts: 0 }, 'must be positive'],
    [{ timeoutSeconds: 0 }, 'must be positive'],
    [{ backoff: { seconds: -1, maxSeconds: 5 } }, 'must be positive'],
  ])('refuses %j', (over, reason) => {
    expect(() => jobOf(over)).toThrow(reason);
  });
});
