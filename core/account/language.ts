import { and, eq } from 'drizzle-orm';

import { accounts } from '../../drizzle/schema/people.ts';
import type { Services } from '../context.ts';
import type { Locale } from '../messages/catalogue.ts';
import type { Account } from './open.ts';

/**
 * The language to answer in: the one that the person chose, else that of their chat program, which
 * the account then follows.
 */
export async function followLanguage(
  services: Services,
  account: Account,
  program: Locale,
): Promise<Locale> {
  if (account.localeChosen || account.locale === program) return account.locale;
  await services.database.db
    .update(accounts)
    .set({ locale: program })
    .where(and(eq(accounts.id, account.id), eq(accounts.localeChosen, false)));
  return program;
}
