import { and, eq } from 'drizzle-orm';

import { identities } from '../../drizzle/schema/people.ts';
import { logins } from '../../drizzle/schema/sign-in.ts';
import type { Context } from '../../core/context.ts';
import type { World } from './world.ts';

/** The context of whoever signed up with an address. @throws Error before their first visit. */
export async function contextOfLogin(world: World, email: string): Promise<Context> {
  const [row] = await world.app.database.db
    .select({ id: identities.accountId })
    .from(identities)
    .innerJoin(logins, eq(logins.id, identities.subject))
    .where(and(eq(identities.provider, 'web'), eq(logins.email, email)));
  if (!row) throw new Error(`${email} has no account`);
  const context = await world.context('terminal');
  return { ...context, actor: { accountId: row.id, surface: 'terminal' } };
}
