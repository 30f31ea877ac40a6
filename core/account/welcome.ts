import { and, eq, isNull } from 'drizzle-orm';

import { accounts } from '../../drizzle/schema/people.ts';
import type { Services } from '../context.ts';

/** Whether the welcome is still to be shown: true exactly once in the life of an account. */
export async function claimWelcome(services: Services, accountId: string): Promise<boolean> {
  const claimed = await services.database.db
    .update(accounts)
    .set({ welcomedAt: services.clock.now() })
    .where(and(eq(accounts.id, accountId), isNull(accounts.welcomedAt)))
    .returning({ id: accounts.id });
  return claimed.length === 1;
}
