import type { Scope } from './scopes.ts';

/** What somebody who shows a token may do, and where. */
export type Grant = {
  readonly accountId: string;
  readonly tokenId: string;
  readonly scopes: readonly Scope[];
  /** The address that the token was made for; it is good at no other. */
  readonly resource: string;
  readonly expiresAt: Date;
};

/** Tells what a token allows, whoever has issued it. */
export interface TokenVerifier {
  /** null for one that is unknown, malformed, expired or revoked. */
  verify(token: string): Promise<Grant | null>;
}
