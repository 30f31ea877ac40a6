import type { PgBoss } from 'pg-boss';
import { z } from 'zod';

import type { QueueState } from './health.ts';

const rowSchema = z.object({
  name: z.string(),
  // Postgres counts in numbers that may be larger than those of JavaScript.
  waiting: z.coerce.number(),
  delayed: z.coerce.number(),
  active: z.coerce.number(),
  failed: z.coerce.number(),
  oldest: z.coerce.number().nullable(),
});

/** Counts jobs over pg-boss' own connections. @throws when they do not work. */
export async function readQueueState(boss: PgBoss): Promise<QueueState> {
  const { rows } = await boss.getDb().executeSql(`
    select name,
      count(*) filter (where state < 'active' and start_after <= pgboss.job_now()) as waiting,
      count(*) filter (where state < 'active' and start_after > pgboss.job_now()) as delayed,
      count(*) filter (where state = 'active') as active,
      count(*) filter (where state = 'failed') as failed,
      extract(epoch from pgboss.job_now() - min(start_after)
        filter (where state < 'active' and start_after <= pgboss.job_now())) as oldest
    from pgboss.job
    where name not like '\\_\\_pgboss\\_\\_%' and (state <= 'active' or state = 'failed')
    group by name order by name`);
  const read = z.array(rowSchema).parse(rows);
  const ages = read.flatMap(({ oldest }) => (oldest === null ? [] : [oldest]));
  return {
    oldestWaitingSeconds: ages.length === 0 ? null : Math.max(...ages),
    jobs: read.map(({ name, waiting, delayed, active, failed }) => ({
      name,
      waiting,
      delayed,
      active,
      failed,
    })),
  };
}
