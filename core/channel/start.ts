import { eq } from 'drizzle-orm';

import { accounts } from '../../drizzle/schema/people.ts';
import { oauthStates } from '../../drizzle/schema/publishing.ts';
import { requirePort, requirePublicUrl, type Services } from '../context.ts';
import { sha256Hex } from '../crypto.ts';
import { Fault } from '../fault.ts';
import { scopesOf, type ChannelAccess } from '../ports/video-host.ts';
import { isUsable, openVerifier, readState, redirectUri } from './state.ts';

/** A consent round trip that a person has not agreed to begin yet. */
export type PendingConnection = {
  /** Whose Jilo account the channel will be connected to. */
  readonly accountName: string;
  readonly access: ChannelAccess;
  readonly expiresAt: Date;
  /** Google's page. */
  readonly hostUrl: string;
  /** Where Google sends the person back to. */
  readonly backUrl: string;
};

/** What a state stands for; looking at it uses nothing up. @throws Fault `link_not_valid`. */
export async function findConnection(
  services: Services,
  state: string,
): Promise<PendingConnection> {
  const row = await readState(services, state);
  const [account] = await services.database.db
    .select({ name: accounts.displayName })
    .from(accounts)
    .where(eq(accounts.id, row.accountId));
  if (!account) throw new Error(`account ${row.accountId} is gone`);
  const { access, expiresAt } = row;
  const backUrl = redirectUri(requirePublicUrl(services));
  const hostUrl = requirePort(services.ports, 'videoHost').authorizationUrl({
    state,
    codeVerifier: openVerifier(services, row),
    redirectUri: backUrl,
    scopes: scopesOf(access),
  });
  return { accountName: account.name, access, expiresAt, hostUrl, backUrl };
}

/**
 * Binds a state to the browser that goes on to Google: only who holds the answered secret may come back.
 * The newest browser counts. @throws Fault `link_not_valid`.
 */
export async function bindBrowser(services: Services, state: string): Promise<string> {
  const browser = services.ids.random(32).toString('base64url');
  const [bound] = await services.database.db
    .update(oauthStates)
    .set({ browserHash: sha256Hex(browser) })
    .where(isUsable(sha256Hex(state), services.clock.now()))
    .returning({ stateHash: oauthStates.stateHash });
  if (!bound) throw new Fault('link_not_valid', {});
  return browser;
}
