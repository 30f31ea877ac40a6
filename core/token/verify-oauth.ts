import { and, eq, gt, isNull } from 'drizzle-orm';

import { oauthAccessTokens } from '../../drizzle/schema/oauth.ts';
import { accountIdOfLogin } from '../account/of-login.ts';
import { sha256Base64Url } from '../crypto.ts';
import type { Services } from '../context.ts';
import type { Grant } from './grant.ts';
import { isScope } from './scopes.ts';

const prefix = 'jilo_at_';

/** Whether a text is of the kind that the authorisation server gives out. */
export const isOAuthToken = (text: string): boolean => text.startsWith(prefix);

/**
 * What a token of the authorisation server allows; null for one that is unknown, expired or revoked, or
 * whose person has no account any more. It is good at each address that it was asked for.
 */
export async function verifyOAuthToken(services: Services, text: string): Promise<Grant | null> {
  const hash = sha256Base64Url(text.slice(prefix.length));
  const [row] = await services.database.db
    .select()
    .from(oauthAccessTokens)
    .where(
      and(
        eq(oauthAccessTokens.token, hash),
        isNull(oauthAccessTokens.revoked),
        gt(oauthAccessTokens.expiresAt, services.clock.now()),
      ),
    );
  const [resource] = row?.resources ?? [];
  if (!row || row.userId === null || resource === undefined) return null;
  const accountId = await accountIdOfLogin(services, row.userId);
  if (accountId === null) return null;
  const { id: tokenId, expiresAt } = row;
  return { accountId, tokenId, scopes: row.scopes.filter(isScope), resource, expiresAt };
}
