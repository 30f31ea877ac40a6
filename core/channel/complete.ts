import { and, eq } from 'drizzle-orm';

import { accounts } from '../../drizzle/schema/people.ts';
import { channels, oauthStates } from '../../drizzle/schema/publishing.ts';
import { isDeleted } from '../account/deleted.ts';
import { requirePort, requirePublicUrl, type Services } from '../context.ts';
import { equalInConstantTime, sha256Hex } from '../crypto.ts';
import { Fault, isFault } from '../fault.ts';
import {
  canManage,
  requiredScopes,
  type ChannelAccess,
  type HostChannel,
  type HostTokens,
} from '../ports/video-host.ts';
import { resumePublications } from '../publication/wait.ts';
import { tokenPlace } from './row.ts';
import { isUsable, openVerifier, redirectUri, type StateRow } from './state.ts';

/** What a person comes back with from Google. */
export type HostAnswer = {
  readonly state: string;
  readonly code: string;
  /** The secret of the browser that went there; null: it has none. */
  readonly browser: string | null;
};

export type Connection = {
  readonly accountId: string;
  readonly title: string;
  /** What was asked for, and what the person allowed: less, where they unticked a box. */
  readonly asked: ChannelAccess;
  readonly access: ChannelAccess;
};

/**
 * Ends a consent round trip: uses the state up, exchanges the code, and keeps the channel with its
 * tokens sealed.
 * @throws Fault `link_not_valid` for an unknown, used or expired state, or another browser than went to
 * Google; `channel_scope_missing` when a box was unticked without which nothing works;
 * `channel_missing` when the Google account has no channel.
 */
export async function completeConnection(
  services: Services,
  answer: HostAnswer,
): Promise<Connection> {
  const state = await useState(services, answer);
  const host = requirePort(services.ports, 'videoHost');
  const request = {
    code: answer.code,
    codeVerifier: openVerifier(services, state),
    redirectUri: redirectUri(requirePublicUrl(services)),
  };
  const tokens = await host.exchangeCode(request).catch((error: unknown) => {
    // There is no access to renew yet: the code is used up, too old, or of another round trip.
    if (isFault(error, 'channel_reconnect'))
      throw new Fault('link_not_valid', {}, { cause: error });
    throw error;
  });
  const missing = requiredScopes.filter((scope) => !tokens.scopes.includes(scope));
  if (missing.length > 0) {
    const scopes = missing.map((scope) => scope.slice(scope.lastIndexOf('/') + 1)).join(', ');
    throw new Fault('channel_scope_missing', { scopes });
  }
  const [channel] = await host.fetchChannels(tokens.accessToken);
  if (!channel) throw new Fault('channel_missing', {});
  await keepChannel(services, state.accountId, channel, tokens);
  return {
    accountId: state.accountId,
    title: channel.title,
    asked: state.access,
    access: canManage(tokens.scopes) ? 'manage' : 'upload',
  };
}

/** Another browser's coming back leaves the state as it is, so that the right one still may. */
async function useState(services: Services, answer: HostAnswer): Promise<StateRow> {
  const usedAt = services.clock.now();
  return services.database.db.transaction(async (tx) => {
    const [state] = await tx
      .select()
      .from(oauthStates)
      .where(isUsable(sha256Hex(answer.state), usedAt))
      .for('update');
    if (!state || !isSameBrowser(state, answer)) throw new Fault('link_not_valid', {});
    await tx.update(oauthStates).set({ usedAt }).where(eq(oauthStates.stateHash, state.stateHash));
    return state;
  });
}

const isSameBrowser = ({ browserHash }: StateRow, { browser }: HostAnswer): boolean =>
  browserHash !== null && browser !== null && equalInConstantTime(sha256Hex(browser), browserHash);

/** A channel that was connected before keeps its id and gets the new tokens. @throws Fault `link_not_valid` for an account that is deleted. */
async function keepChannel(
  services: Services,
  accountId: string,
  channel: HostChannel,
  tokens: HostTokens,
): Promise<void> {
  const { refreshToken } = tokens;
  if (!refreshToken) throw new Error('Google gave no refresh token although it was asked for');
  const isKept = await services.database.db.transaction(async (tx) => {
    // Two links of one person may come back at once, when there is no row of the channel to lock.
    await tx.select().from(accounts).where(eq(accounts.id, accountId)).for('no key update');
    if (await isDeleted(tx, accountId)) return false;
    const [known] = await tx
      .select({ id: channels.id })
      .from(channels)
      .where(and(eq(channels.accountId, accountId), eq(channels.hostChannelId, channel.id)))
      .for('update');
    const id = known?.id ?? services.ids.next('chn');
    const place = { id, accountId };
    const { crypto } = services;
    const fields = {
      title: channel.title,
      handle: channel.handle,
      status: 'connected' as const,
      scopes: [...tokens.scopes],
      accessTokenSealed: crypto.seal(tokens.accessToken, tokenPlace(place, 'access_token_sealed')),
      refreshTokenSealed: crypto.seal(refreshToken, tokenPlace(place, 'refresh_token_sealed')),
      accessExpiresAt: tokens.expiresAt,
    };
    await tx
      .insert(channels)
      .values({
        id,
        accountId,
        hostChannelId: channel.id,
        createdAt: services.clock.now(),
        ...fields,
      })
      .onConflictDoUpdate({ target: channels.id, set: fields });
    await resumePublications(tx, services, id);
    return true;
  });
  if (isKept) return;
  // The person has deleted their account meanwhile: nobody would hold what Google has just granted.
  await requirePort(services.ports, 'videoHost').revoke(refreshToken);
  throw new Fault('link_not_valid', {});
}
