import { sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

import { oauthConsents } from '../../drizzle/schema/oauth.ts';
import { identities } from '../../drizzle/schema/people.ts';
import { loginMethods, logins, loginSessions } from '../../drizzle/schema/sign-in.ts';
import type { ExportSection } from './export-section.ts';

/** The rows of the logins that open an account on the web. */
const ofLogin =
  (login: PgColumn): ExportSection['own'] =>
  (_, accountId): SQL =>
    sql`${login} in (select ${identities.subject} from ${identities}
      where ${identities.provider} = 'web' and ${identities.accountId} = ${accountId})`;

/** What is kept for signing in on the web; tokens, passwords and proofs are in no file. */
export const signInSections: readonly ExportSection[] = [
  { name: 'logins', table: logins, key: logins.id, own: ofLogin(logins.id) },
  {
    name: 'login_methods',
    table: loginMethods,
    key: loginMethods.id,
    own: ofLogin(loginMethods.userId),
    left: ['access_token', 'refresh_token', 'id_token', 'password'],
  },
  {
    name: 'login_sessions',
    table: loginSessions,
    key: loginSessions.id,
    own: ofLogin(loginSessions.userId),
    left: ['token'],
  },
  {
    name: 'login_consents',
    table: oauthConsents,
    key: oauthConsents.id,
    own: ofLogin(oauthConsents.userId),
  },
];
