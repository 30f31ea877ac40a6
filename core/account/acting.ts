import { eq } from 'drizzle-orm';

import { accounts } from '../../drizzle/schema/people.ts';
import type { Context, Services, Surface } from '../context.ts';

export type Acting = {
  readonly accountId: string;
  readonly surface: Surface;
  readonly signal: AbortSignal;
};

/**
 * A request of an account that is known already, in its own language and time zone; it sees
 * everything of the account. @throws Error for an account that does not exist.
 */
export async function contextOfAccount(
  services: Services,
  { accountId, surface, signal }: Acting,
): Promise<Context> {
  const [account] = await services.database.db
    .select({ locale: accounts.locale, timeZone: accounts.timeZone })
    .from(accounts)
    .where(eq(accounts.id, accountId));
  if (!account) throw new Error(`account ${accountId} is gone`);
  return { ...services, actor: { accountId, surface }, ...account, signal };
}
