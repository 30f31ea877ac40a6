import { eq } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { accounts } from '../../drizzle/schema/people.ts';

/** The account that this one has become part of, or itself: what is signed for it goes on being good. */
export async function accountNow(db: Pick<Tx, 'select'>, accountId: string): Promise<string> {
  const [row] = await db
    .select({ mergedInto: accounts.mergedInto })
    .from(accounts)
    .where(eq(accounts.id, accountId));
  return row?.mergedInto ?? accountId;
}
