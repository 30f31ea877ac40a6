import { and, asc, eq, ne } from 'drizzle-orm';

import { identities } from '../../drizzle/schema/people.ts';
import { loginMethods, logins } from '../../drizzle/schema/sign-in.ts';
import type { Services } from '../context.ts';

/** The ways in which a person comes to an account. */
export type Ways = {
  /** Where they are known without signing in on the web, such as `discord`. */
  readonly providers: readonly string[];
  readonly logins: readonly {
    readonly email: string;
    /** `credential` is the password. */
    readonly methods: readonly string[];
  }[];
};

/** How the person of an account comes to it; addresses are the person's own and for nobody else. */
export async function readWays(
  { database: { db } }: Pick<Services, 'database'>,
  accountId: string,
): Promise<Ways> {
  const elsewhere = await db
    .selectDistinct({ provider: identities.provider })
    .from(identities)
    .where(and(eq(identities.accountId, accountId), ne(identities.provider, 'web')))
    .orderBy(asc(identities.provider));
  const rows = await db
    .select({ email: logins.email, method: loginMethods.providerId })
    .from(identities)
    .innerJoin(logins, eq(logins.id, identities.subject))
    .leftJoin(loginMethods, eq(loginMethods.userId, logins.id))
    .where(and(eq(identities.accountId, accountId), eq(identities.provider, 'web')))
    .orderBy(asc(logins.email), asc(loginMethods.providerId));
  const emails = [...new Set(rows.map(({ email }) => email))];
  return {
    providers: elsewhere.map(({ provider }) => provider),
    logins: emails.map((email) => ({
      email,
      methods: rows.flatMap((row) => (row.email === email && row.method ? [row.method] : [])),
    })),
  };
}
