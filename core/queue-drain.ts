import type { PgBoss } from 'pg-boss';
import { z } from 'zod';

import type { AnyJob } from './job.ts';
import { buryOnce, deadName, runOnce, type Row, type Worker } from './queue-run.ts';

/** Any row's data, for handing it on unread. */
const document = z.looseObject({}).catch({});

/** Runs every job that is due now, one after another, until none is left; answers how many ran. */
export async function drain(worker: Worker, jobs: readonly AnyJob[]): Promise<number> {
  const { boss } = worker;
  let ran = 0;
  let ranThen = 0;
  let waiting = await namesOfDue(boss);
  const due = async (name: string) => {
    // What has just run may have made work for the queues that follow.
    if (ran !== ranThen) waiting = await namesOfDue(boss);
    ranThen = ran;
    if (!waiting.has(name)) return [];
    const rows = await boss.fetch(name, { batchSize: 100, includeMetadata: true });
    return rows.toSorted(inTurn);
  };
  for (; waiting.size > 0; waiting = await namesOfDue(boss)) {
    const before = ran;
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
    if (ran === before) break; // What is due is not ours, or held back by its queue.
  }
  return ran;
}

/** The queues with something to do: asking each of them in turn would take longer than the work. */
async function namesOfDue(boss: PgBoss): Promise<ReadonlySet<string>> {
  const { rows } = await boss
    .getDb()
    .executeSql(
      `select distinct name from pgboss.job where state < 'active' and start_after <= pgboss.job_now()`,
    );
  return new Set(
    z
      .array(z.object({ name: z.string() }))
      .parse(rows)
      .map(({ name }) => name),
  );
}

/** The order of a test is the same on every run, whatever the database's own one is. */
const inTurn = (a: Row, b: Row): number =>
  b.priority - a.priority ||
  a.startAfter.getTime() - b.startAfter.getTime() ||
  (a.singletonKey ?? '').localeCompare(b.singletonKey ?? '');
