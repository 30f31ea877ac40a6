import { boolean, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';

import { moment } from './columns.ts';

/**
 * Who may sign in on the web. better-auth reads and writes these tables, so their keys are its names;
 * the Jilo account behind a login is its identity of the provider `web`.
 */
export const logins = pgTable('logins', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull().default(false),
  image: text('image'),
  /** The language of the page on which it was made: mails are written in it. */
  locale: text('locale').notNull().default('en'),
  /** What the person said Jilo is for. */
  purpose: text('purpose'),
  createdAt: moment('created_at').notNull(),
  updatedAt: moment('updated_at').notNull(),
});

/** One browser that is signed in. */
export const loginSessions = pgTable(
  'login_sessions',
  {
    id: text('id').primaryKey(),
    token: text('token').notNull().unique(),
    userId: text('login_id')
      .notNull()
      .references(() => logins.id, { onDelete: 'cascade' }),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    expiresAt: moment('expires_at').notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [index('login_sessions_by_login').on(table.userId)],
);

/** One way to sign in: a password, or an account at Google or Discord. */
export const loginMethods = pgTable(
  'login_methods',
  {
    id: text('id').primaryKey(),
    /** The account's id there; of a password the login's own. */
    accountId: text('subject').notNull(),
    providerId: text('provider').notNull(),
    userId: text('login_id')
      .notNull()
      .references(() => logins.id, { onDelete: 'cascade' }),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: moment('access_token_expires_at'),
    refreshTokenExpiresAt: moment('refresh_token_expires_at'),
    scope: text('scope'),
    /** scrypt, with its salt. */
    password: text('password'),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    index('login_methods_by_login').on(table.userId),
    uniqueIndex('login_methods_by_subject').on(table.providerId, table.accountId),
  ],
);

/** What was begun and has to be proved: a new password, a round trip to Google, a code of OAuth. */
export const loginProofs = pgTable(
  'login_proofs',
  {
    id: text('id').primaryKey(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    expiresAt: moment('expires_at').notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    index('login_proofs_by_identifier').on(table.identifier),
    index('login_proofs_by_expiry').on(table.expiresAt),
  ],
);
