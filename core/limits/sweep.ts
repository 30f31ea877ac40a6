import { lt, sql } from 'drizzle-orm';
import { z } from 'zod';

import { rateLimits } from '../../drizzle/schema/limits.ts';
import { defineJob } from '../job.ts';

/** Deletes what was counted in minutes that are over. They are minutes of the wall clock, which is the database's too. */
export const sweepRates = defineJob({
  name: 'rate.sweep',
  payload: z.strictObject({}),
  attempts: 1,
  backoff: { seconds: 60, maxSeconds: 60 },
  timeoutSeconds: 60,
  cron: '*/10 * * * *',
  async run(_payload, { database }) {
    await database.db
      .delete(rateLimits)
      .where(lt(rateLimits.expire, sql`now() - interval '1 minute'`));
  },
});
