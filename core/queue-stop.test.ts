import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

import { createWorld, type World } from '../test/kit/world.ts';
import { systemIds } from './ids.ts';
import { defineJob, type JobDefinition } from './job.ts';
import { openQueue, type JobQueue } from './queue.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.app.database.sql`delete from pgboss.job where name like 'stop.%'`);

type Payload = { readonly n: number };
const jobOf = (over: Partial<JobDefinition<Payload>>): JobDefinition<Payload> =>
  defineJob({
    name: 'stop.job',
    payload: z.strictObject({ n: z.int() }),
    attempts: 1,
    backoff: { seconds: 0, maxSeconds: 0 },
    timeoutSeconds: 60,
    run: async () => undefined,
    ...over,
  });

const open = (job: JobDefinition<Payload>, graceMs: number): Promise<JobQueue> =>
  openQueue({
    url: world.databaseUrl,
    jobs: [job],
    ids: systemIds,
    worker: true,
    onError: (error) => world.app.log.error({ err: error }, 'queue error'),
    graceMs,
  });

const enqueue = (queue: JobQueue, job: JobDefinition<Payload>, n: number) =>
  world.app.database.db.transaction((tx) => queue.enqueue(tx, job, { n }, { key: 'same' }));

const rows = async () => [
  ...(await world.app.database
    .sql`select state::text, retry_count as tries, data->'payload'->'n' as n
    from pgboss.job where name = 'stop.job' order by created_on`),
];

test('a job that does not stop is handed back with all its tries, and its late end changes nothing', async () => {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const told: unknown[] = [];
  const deaf = jobOf({
    run: async (_, { signal }) => {
      signal.addEventListener('abort', () => told.push(signal.reason));
      begun.resolve();
      await end.promise;
    },
    exhausted: async () => void told.push('exhausted'),
  });
  const first = await open(deaf, 100);
  await first.work(world.services);
  await enqueue(first, deaf, 7);
  await begun.promise;
  expect(await first.stop()).toEqual(['stop.job']);
  expect(told).toEqual([new Error('Jilo is stopping')]);
  expect(await rows()).toEqual([
    { state: 'completed', tries: 0, n: 7 },
    { state: 'created', tries: 0, n: 7 },
  ]);

  const taken = Promise.withResolvers<number>();
  const other = jobOf({ run: async ({ n }) => taken.resolve(n) });
  const second = await open(other, 5000);
  await second.work(world.services);
  expect(await taken.promise).toBe(7);
  expect(await second.stop()).toEqual([]);
  end.resolve();
  await first.close();
  await second.close();
  expect(await rows()).toEqual([
    { state: 'completed', tries: 0, n: 7 },
    { state: 'completed', tries: 0, n: 7 },
  ]);
  expect(world.logs.join('\n')).toContain('handed back while it was running');
});

test('nothing is fetched any more, and enqueuing still works', async () => {
  const ran: number[] = [];
  const job = jobOf({ run: async ({ n }) => void ran.push(n) });
  const queue = await open(job, 5000);
  await queue.work(world.services);
  expect(await queue.stop()).toEqual([]);
  await enqueue(queue, job, 1);
  expect(await queue.readState()).toMatchObject({
    jobs: expect.arrayContaining([
      { name: 'stop.job', waiting: 1, delayed: 0, active: 0, failed: 0 },
    ]),
  });
  await queue.close();
  expect(ran).toEqual([]);
});

test('stopping twice is stopping once, and a process that only enqueues has nothing to stop', async () => {
  const job = jobOf({});
  const queue = await open(job, 5000);
  expect(await Promise.all([queue.stop(), queue.stop()])).toEqual([[], []]);
  await queue.close();
  await expect(queue.readState()).rejects.toThrow(/./);
});
