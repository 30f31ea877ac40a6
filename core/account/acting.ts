import { eq } from 'drizzle-orm';

import { accounts } from '../../drizzle/schema/people.ts';
import type { Context, Services, Surface } from '../context.ts';
import { Fault } from '../fault.ts';

export type Acting = {
  readonly accountId: string;
  readonly surface: Surface;
  readonly signal: AbortSignal;
};

/**
 * A request of an account that is known already, in its own language and time zone; it sees
 * everything of the account. One that has become part of another stands for that other one. @throws Fault `account_deleted`; Error for an account that does not exist.
 */
export async function contextOfAccount(
  services: Services,
  { accountId, surface, signal }: Acting,
): Promise<Context> {
  const [account] = await services.database.db
    .select({
      locale: accounts.locale,
      timeZone: accounts.timeZone,
      deletedAt: accounts.deletedAt,
      mergedInto: accounts.mergedInto,
    })
    .from(accounts)
    .where(eq(accounts.id, accountId));
  if (!account) throw new Error(`account ${accountId} is gone`);
  const { deletedAt, mergedInto, ...settings } = account;
  if (mergedInto !== null)
    return contextOfAccount(services, { accountId: mergedInto, surface, signal });
  if (deletedAt !== null) throw new Fault('account_deleted', {});
  return { ...services, actor: { accountId, surface }, ...settings, signal };
}
