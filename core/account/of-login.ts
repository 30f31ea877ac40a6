import { and, eq, isNull } from 'drizzle-orm';

import { accounts, identities } from '../../drizzle/schema/people.ts';
import type { Services } from '../context.ts';
import type { Login } from '../ports/sign-in.ts';
import { openAccount, type Identity } from './open.ts';
import { purposes } from './purposes.ts';

const webIdentity = (loginId: string): Identity => ({ provider: 'web', subject: loginId });

/** The account that a login signs in to; null before its first visit. */
export async function accountIdOfLogin(
  { database }: Pick<Services, 'database'>,
  loginId: string,
): Promise<string | null> {
  const { provider, subject } = webIdentity(loginId);
  const [row] = await database.db
    .select({ accountId: identities.accountId })
    .from(identities)
    .where(and(eq(identities.provider, provider), eq(identities.subject, subject)));
  return row?.accountId ?? null;
}

/**
 * The account of whoever is signed in; the first visit opens one. Somebody who signs in with Discord comes
 * to the account that the bot knows them by, and the bot finds the account of whoever was here first.
 */
export async function accountOfLogin(services: Services, login: Login): Promise<string> {
  const known = await accountIdOfLogin(services, login.id);
  const accountId = known ?? (await openForLogin(services, login));
  if (login.discordId !== null)
    await addIdentity(services, accountId, { provider: 'discord', subject: login.discordId });
  return accountId;
}

async function openForLogin(services: Services, login: Login): Promise<string> {
  const { id, name, email, locale, discordId } = login;
  const atDiscord: Identity | null =
    discordId === null ? null : { provider: 'discord', subject: discordId };
  const first = atDiscord ?? webIdentity(id);
  const { id: accountId } = await openAccount(services, first, {
    displayName: name,
    locale,
    email,
  });
  if (atDiscord) await addIdentity(services, accountId, webIdentity(id));
  const purpose = purposes.find((one) => one === login.purpose);
  if (purpose)
    await services.database.db
      .update(accounts)
      .set({ purpose })
      .where(and(eq(accounts.id, accountId), isNull(accounts.purpose)));
  return accountId;
}

/** An identity belongs to one account for ever: one that is taken stays where it is. */
async function addIdentity(
  { database, clock }: Services,
  accountId: string,
  identity: Identity,
): Promise<void> {
  await database.db
    .insert(identities)
    .values({ ...identity, accountId, createdAt: clock.now() })
    .onConflictDoNothing();
}
