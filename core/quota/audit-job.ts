import { z } from 'zod';

import { defineJob, type JobKind } from '../job.ts';
import { auditBooks } from './audit.ts';

const auditKind: JobKind<Record<never, never>> = { name: 'quota.audit', payload: z.object({}) };

/** Audits the books every five minutes, and says in the log what does not agree. */
export const auditQuota = defineJob({
  ...auditKind,
  attempts: 1,
  backoff: { seconds: 10, maxSeconds: 60 },
  timeoutSeconds: 240,
  cron: '*/5 * * * *',
  async run(_, { clock, database, log }) {
    const { breaches, ...facts } = await auditBooks(database.sql, clock.now());
    if (breaches.length > 0) log.error({ ...facts, breaches }, 'the books do not agree');
    else log.debug(facts, 'the books agree');
  },
});
