import { and, eq, isNull, lt, notExists, sql } from 'drizzle-orm';
import { z } from 'zod';

import {
  oauthAccessTokens,
  oauthClientAssertions,
  oauthClients,
  oauthConsents,
  oauthRefreshTokens,
} from '../../drizzle/schema/oauth.ts';
import { logins, loginProofs, loginSessions } from '../../drizzle/schema/sign-in.ts';
import { secondsAfter } from '../clock.ts';
import { defineJob } from '../job.ts';

const daySeconds = 86_400;
/** An address that nobody has confirmed is free again after so many days. */
const unprovedDays = 7;
/** A program that registered and was never let in is forgotten after so many days. */
const unusedDays = 7;
/** A used refresh token that comes back ends its whole family: it has to be known as long as it was good. */
const spentDays = 30;

/** Forgets what has run out: sessions, links, tokens, addresses that nobody proved, programs that nobody let in. */
export const sweepSignIn = defineJob({
  name: 'login.sweep',
  payload: z.strictObject({}),
  attempts: 1,
  backoff: { seconds: 60, maxSeconds: 60 },
  timeoutSeconds: 120,
  cron: '17 * * * *',
  async run(_payload, { database: { db }, clock }) {
    const now = clock.now();
    const daysAgo = (days: number) => secondsAfter(now, -days * daySeconds);
    await db.delete(loginSessions).where(lt(loginSessions.expiresAt, now));
    await db.delete(loginProofs).where(lt(loginProofs.expiresAt, now));
    await db.delete(oauthClientAssertions).where(lt(oauthClientAssertions.expiresAt, now));
    await db.delete(oauthAccessTokens).where(lt(oauthAccessTokens.expiresAt, daysAgo(1)));
    await db.delete(oauthRefreshTokens).where(lt(oauthRefreshTokens.expiresAt, daysAgo(spentDays)));
    const unproved = and(
      eq(logins.emailVerified, false),
      lt(logins.createdAt, daysAgo(unprovedDays)),
    );
    await db.delete(logins).where(unproved);
    const usedBy = (table: typeof oauthConsents | typeof oauthRefreshTokens) =>
      db
        .select({ one: sql`1` })
        .from(table)
        .where(eq(table.clientId, oauthClients.clientId));
    await db
      .delete(oauthClients)
      .where(
        and(
          lt(oauthClients.updatedAt, daysAgo(unusedDays)),
          isNull(oauthClients.userId),
          notExists(usedBy(oauthConsents)),
          notExists(usedBy(oauthRefreshTokens)),
        ),
      );
  },
});
