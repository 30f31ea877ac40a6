import { and, desc, eq, inArray, isNull } from 'drizzle-orm';

import type { Db, Tx } from '../../drizzle/client.ts';
import {
  oauthAccessTokens,
  oauthClients,
  oauthConsents,
  oauthRefreshTokens,
} from '../../drizzle/schema/oauth.ts';
import { identities } from '../../drizzle/schema/people.ts';
import { isScope, type Scope } from './scopes.ts';

/** A program that a person has let in with OAuth. */
export type Program = {
  /** Of what was allowed; ends with it. */
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly allowedAt: Date;
  /** Until when it can come back by itself; null where it cannot any more. */
  readonly until: Date | null;
  /** When it last fetched a token, which it does about once an hour while it is used. */
  readonly lastTokenAt: Date | null;
};

/** The logins of an account. */
const loginsOf = (db: Db | Tx, accountId: string) =>
  db
    .select({ id: identities.subject })
    .from(identities)
    .where(and(eq(identities.provider, 'web'), eq(identities.accountId, accountId)));

/** The programs that an account has let in, the newest first. */
export async function listPrograms(db: Db | Tx, accountId: string, now: Date): Promise<Program[]> {
  const consents = await db
    .select({ consent: oauthConsents, name: oauthClients.name, clientId: oauthClients.clientId })
    .from(oauthConsents)
    .innerJoin(oauthClients, eq(oauthClients.clientId, oauthConsents.clientId))
    .where(inArray(oauthConsents.userId, loginsOf(db, accountId)))
    .orderBy(desc(oauthConsents.updatedAt), desc(oauthConsents.id));
  return Promise.all(
    consents.map(async ({ consent, name, clientId }) => {
      const ends = await readEnds(db, { clientId, loginId: consent.userId ?? '' });
      return {
        id: consent.id,
        name: name ?? clientId,
        scopes: consent.scopes.filter(isScope),
        allowedAt: consent.updatedAt,
        until: ends.until !== null && ends.until > now ? ends.until : null,
        lastTokenAt: ends.lastTokenAt,
      };
    }),
  );
}

type Held = { readonly clientId: string; readonly loginId: string };

async function readEnds(db: Db | Tx, { clientId, loginId }: Held) {
  const [access] = await db
    .select({ at: oauthAccessTokens.createdAt, until: oauthAccessTokens.expiresAt })
    .from(oauthAccessTokens)
    .where(
      and(
        eq(oauthAccessTokens.clientId, clientId),
        eq(oauthAccessTokens.userId, loginId),
        isNull(oauthAccessTokens.revoked),
      ),
    )
    .orderBy(desc(oauthAccessTokens.createdAt))
    .limit(1);
  const [refresh] = await db
    .select({ until: oauthRefreshTokens.expiresAt })
    .from(oauthRefreshTokens)
    .where(
      and(
        eq(oauthRefreshTokens.clientId, clientId),
        eq(oauthRefreshTokens.userId, loginId),
        isNull(oauthRefreshTokens.revoked),
      ),
    )
    .orderBy(desc(oauthRefreshTokens.expiresAt))
    .limit(1);
  const untils = [access?.until, refresh?.until].filter((one) => one !== undefined);
  const until = untils.length === 0 ? null : new Date(Math.max(...untils.map(Number)));
  return { until, lastTokenAt: access?.at ?? null };
}

/**
 * Ends what a program was allowed, with every token that it has; it has to ask anew. null for an id that
 * is none of the account's.
 */
export async function revokeProgram(
  tx: Tx,
  accountId: string,
  id: string,
  now: Date,
): Promise<{ readonly name: string } | null> {
  const [consent] = await tx
    .delete(oauthConsents)
    .where(and(eq(oauthConsents.id, id), inArray(oauthConsents.userId, loginsOf(tx, accountId))))
    .returning();
  if (!consent || consent.userId === null) return null;
  await revokeTokens(tx, { loginId: consent.userId, clientId: consent.clientId }, now);
  const [client] = await tx
    .select({ name: oauthClients.name })
    .from(oauthClients)
    .where(eq(oauthClients.clientId, consent.clientId));
  return { name: client?.name ?? consent.clientId };
}

/**
 * Ends every program that a login has let in: whoever chooses a new password may do so because somebody
 * else was in. Each has to ask anew.
 */
export async function shutOutPrograms(tx: Tx, loginId: string, now: Date): Promise<void> {
  await tx.delete(oauthConsents).where(eq(oauthConsents.userId, loginId));
  await revokeTokens(tx, { loginId }, now);
}

/** Ends the tokens of a login, of one program or of all. */
async function revokeTokens(
  tx: Tx,
  { loginId, clientId }: { readonly loginId: string; readonly clientId?: string },
  now: Date,
): Promise<void> {
  for (const table of [oauthAccessTokens, oauthRefreshTokens])
    await tx
      .update(table)
      .set({ revoked: now })
      .where(
        and(
          eq(table.userId, loginId),
          clientId === undefined ? undefined : eq(table.clientId, clientId),
          isNull(table.revoked),
        ),
      );
}
