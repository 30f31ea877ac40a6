import { and, eq, isNull, lte, not, or } from 'drizzle-orm';

import { accessTokens } from '../../drizzle/schema/access.ts';
import { ofDeletedAccount } from '../account/deleted.ts';
import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import type { Grant } from './grant.ts';
import { isActiveAt, scopesOf, type TokenRow } from './row.ts';
import { hashOf, isToken } from './text.ts';

/** So long nothing is written of further uses. */
const useSeconds = 60;

/**
 * What a personal access token allows; null for one that is unknown, malformed, expired or revoked, or
 * whose account is deleted.
 * Whether it is good at the address where it was shown is for the caller to compare.
 */
export async function verifyToken(services: Services, text: string): Promise<Grant | null> {
  if (!isToken(text)) return null;
  const now = services.clock.now();
  const [row] = await services.database.db
    .select()
    .from(accessTokens)
    .where(
      and(
        eq(accessTokens.hash, hashOf(text)),
        isActiveAt(now),
        not(ofDeletedAccount(accessTokens.accountId)),
      ),
    );
  if (!row) return null;
  await noteUse(services, row, now);
  const { id: tokenId, accountId, resource, expiresAt } = row;
  return { accountId, tokenId, scopes: scopesOf(row), resource, expiresAt };
}

/** Keeps when the token was used; of many uses at once one is written. */
async function noteUse(
  { database }: Services,
  { id, lastUsedAt }: TokenRow,
  now: Date,
): Promise<void> {
  const before = secondsAfter(now, -useSeconds);
  if (lastUsedAt !== null && lastUsedAt > before) return;
  const isDue = or(isNull(accessTokens.lastUsedAt), lte(accessTokens.lastUsedAt, before));
  await database.db
    .update(accessTokens)
    .set({ lastUsedAt: now })
    .where(and(eq(accessTokens.id, id), isDue));
}
