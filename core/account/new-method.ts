import { and, eq, ne } from 'drizzle-orm';

import { loginMethods, logins } from '../../drizzle/schema/sign-in.ts';
import type { Services } from '../context.ts';
import { providerNames, signInProviders } from '../ports/sign-in.ts';
import type { SignInMails } from './sign-in-mails.ts';

type Method = { readonly id: string; readonly userId: string; readonly providerId: string };

/** Writes to whoever can sign in by a further provider from now on; a new password has a mail of its own. */
export async function tellOfNewMethod(
  { database }: Pick<Services, 'database'>,
  mails: Pick<SignInMails, 'linked'>,
  { id, userId, providerId }: Method,
): Promise<void> {
  const provider = signInProviders.find((one) => one === providerId);
  if (!provider) return;
  const [login] = await database.db
    .select({ email: logins.email, locale: logins.locale })
    .from(loginMethods)
    .innerJoin(logins, eq(logins.id, loginMethods.userId))
    .where(and(eq(loginMethods.userId, userId), ne(loginMethods.id, id)))
    .limit(1);
  if (login) await mails.linked(login, providerNames[provider]);
}
