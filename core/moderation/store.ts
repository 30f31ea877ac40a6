import { eq } from 'drizzle-orm';

import { promptChecks } from '../../drizzle/schema/videos.ts';
import type { Services } from '../context.ts';

/** Opinions of the model by the hash of what it was asked. */
export type VerdictStore = {
  /** What was stored; undefined when nothing was. */
  find(hash: string): Promise<unknown>;
  save(hash: string, verdict: object): Promise<void>;
};

/** The store in the database; of two answers to the same question the first one stays. */
export const openVerdictStore = ({
  database,
  clock,
}: Pick<Services, 'database' | 'clock'>): VerdictStore => ({
  async find(hash) {
    const [row] = await database.db
      .select({ verdict: promptChecks.verdict })
      .from(promptChecks)
      .where(eq(promptChecks.hash, hash));
    return row?.verdict;
  },
  async save(hash, verdict) {
    await database.db
      .insert(promptChecks)
      .values({ hash, verdict, checkedAt: clock.now() })
      .onConflictDoNothing();
  },
});
