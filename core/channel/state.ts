import { and, eq, gt, isNull } from 'drizzle-orm';

import { oauthStates } from '../../drizzle/schema/publishing.ts';
import type { Services } from '../context.ts';
import { sha256Hex } from '../crypto.ts';
import { Fault } from '../fault.ts';

export type StateRow = typeof oauthStates.$inferSelect;

/** Where Google sends the person back to. */
export const redirectUri = (publicUrl: string): string =>
  new URL('/oauth/google/callback', publicUrl).href;

/** Matches the row of a state as long as it is neither used nor too old. */
export const isUsable = (stateHash: string, now: Date) =>
  and(
    eq(oauthStates.stateHash, stateHash),
    isNull(oauthStates.usedAt),
    gt(oauthStates.expiresAt, now),
  );

/** The round trip of a state, which stays usable. @throws Fault `link_not_valid`. */
export async function readState({ database, clock }: Services, state: string): Promise<StateRow> {
  const [row] = await database.db
    .select()
    .from(oauthStates)
    .where(isUsable(sha256Hex(state), clock.now()));
  if (!row) throw new Fault('link_not_valid', {});
  return row;
}

const verifierPlace = (stateHash: string, account: string) => ({
  table: 'oauth_states',
  column: 'code_verifier_sealed',
  row: stateHash,
  account,
});

export const sealVerifier = (
  { crypto }: Services,
  verifier: string,
  { stateHash, accountId }: Pick<StateRow, 'stateHash' | 'accountId'>,
): string => crypto.seal(verifier, verifierPlace(stateHash, accountId));

export const openVerifier = (
  { crypto }: Services,
  { stateHash, accountId, codeVerifierSealed }: StateRow,
): string => crypto.open(codeVerifierSealed, verifierPlace(stateHash, accountId));
