import { and, eq } from 'drizzle-orm';

import * as oauthTables from '../../drizzle/schema/oauth.ts';
import * as signInSchema from '../../drizzle/schema/sign-in.ts';
import type { Services } from '../context.ts';
import { shutOutPrograms } from '../token/programs.ts';

/** The tables of signing in, by the names that the sign-in library has for them. */
export const signInTables = {
  user: signInSchema.logins,
  session: signInSchema.loginSessions,
  account: signInSchema.loginMethods,
  verification: signInSchema.loginProofs,
  oauthClient: oauthTables.oauthClients,
  oauthResource: oauthTables.oauthResources,
  oauthClientResource: oauthTables.oauthClientResources,
  oauthRefreshToken: oauthTables.oauthRefreshTokens,
  oauthAccessToken: oauthTables.oauthAccessTokens,
  oauthConsent: oauthTables.oauthConsents,
  oauthClientAssertion: oauthTables.oauthClientAssertions,
};

/** Who a login is at Discord; null where it does not sign in with it. */
export async function discordIdOf(
  { database }: Pick<Services, 'database'>,
  loginId: string,
): Promise<string | null> {
  const { loginMethods } = signInSchema;
  const [method] = await database.db
    .select({ subject: loginMethods.accountId })
    .from(loginMethods)
    .where(and(eq(loginMethods.userId, loginId), eq(loginMethods.providerId, 'discord')));
  return method?.subject ?? null;
}

/** Whether a program is registered under this id. */
export async function isKnownProgram(
  { database }: Pick<Services, 'database'>,
  clientId: string,
): Promise<boolean> {
  const { oauthClients } = oauthTables;
  const [row] = await database.db
    .select({ id: oauthClients.id })
    .from(oauthClients)
    .where(eq(oauthClients.clientId, clientId));
  return row !== undefined;
}

/** When the person signed in who let a program in with what this refresh token came of; null for an unknown one. */
export async function readLetInAt(
  { database }: Pick<Services, 'database'>,
  refreshHash: string,
): Promise<Date | null> {
  const { oauthRefreshTokens } = oauthTables;
  const [row] = await database.db
    .select({ authTime: oauthRefreshTokens.authTime, createdAt: oauthRefreshTokens.createdAt })
    .from(oauthRefreshTokens)
    .where(eq(oauthRefreshTokens.token, refreshHash));
  return row ? (row.authTime ?? row.createdAt) : null;
}

/**
 * What follows from a new password by the link of a mail: the address is proved, as whoever used the link has
 * read the mail, and every program has to ask anew.
 */
export async function followNewPassword(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  loginId: string,
): Promise<void> {
  const { logins } = signInSchema;
  const updatedAt = clock.now();
  await database.db.transaction(async (tx) => {
    await tx
      .update(logins)
      .set({ emailVerified: true, updatedAt })
      .where(and(eq(logins.id, loginId), eq(logins.emailVerified, false)));
    await shutOutPrograms(tx, loginId, updatedAt);
  });
}
