import { and, gt, isNull } from 'drizzle-orm';

import { accessTokens } from '../../drizzle/schema/access.ts';
import { isScope, type Scope } from './scopes.ts';

export type TokenRow = typeof accessTokens.$inferSelect;

export const tokenStates = ['active', 'expired', 'revoked'] as const;

/** Matches the tokens that can be used at a moment; at its expiry one cannot. */
export const isActiveAt = (now: Date) =>
  and(isNull(accessTokens.revokedAt), gt(accessTokens.expiresAt, now));

export function stateAt(
  now: Date,
  { revokedAt, expiresAt }: Pick<TokenRow, 'revokedAt' | 'expiresAt'>,
): (typeof tokenStates)[number] {
  if (revokedAt !== null) return 'revoked';
  return expiresAt > now ? 'active' : 'expired';
}

/** What the token allows of what is known today. */
export const scopesOf = ({ scopes }: Pick<TokenRow, 'scopes'>): Scope[] => scopes.filter(isScope);
