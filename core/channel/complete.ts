import { and, eq, gt, isNull } from 'drizzle-orm';

import { accounts } from '../../drizzle/schema/people.ts';
import { channels, oauthStates } from '../../drizzle/schema/publishing.ts';
import { requirePort, requirePublicUrl, type Services } from '../context.ts';
import { sha256Hex } from '../crypto.ts';
import { Fault, isFault } from '../fault.ts';
import { requiredScopes, type HostChannel, type HostTokens } from '../ports/video-host.ts';
import { openVerifier, redirectUri } from './connect.ts';
import { tokenPlace } from './row.ts';

/**
 * Ends a consent round trip: uses the state up, exchanges the code, and keeps the channel with its
 * tokens sealed.
 * @throws Fault `link_not_valid` for an unknown, used or expired state; `channel_scope_missing` when a
 * box was unticked; `channel_missing` when the Google account has no channel.
 */
export async function completeConnection(
  services: Services,
  answer: { readonly state: string; readonly code: string },
): Promise<{ readonly accountId: string; readonly title: string }> {
  const now = services.clock.now();
  const [state] = await services.database.db
    .update(oauthStates)
    .set({ usedAt: now })
    .where(
      and(
        eq(oauthStates.stateHash, sha256Hex(answer.state)),
        isNull(oauthStates.usedAt),
        gt(oauthStates.expiresAt, now),
      ),
    )
    .returning();
  if (!state) throw new Fault('link_not_valid', {});
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
  return { accountId: state.accountId, title: channel.title };
}

/** A channel that was connected before keeps its id and gets the new tokens. */
async function keepChannel(
  services: Services,
  accountId: string,
  channel: HostChannel,
  tokens: HostTokens,
): Promise<void> {
  const { refreshToken } = tokens;
  if (!refreshToken) throw new Error('Google gave no refresh token although it was asked for');
  await services.database.db.transaction(async (tx) => {
    // Two links of one person may come back at once, when there is no row of the channel to lock.
    await tx.select().from(accounts).where(eq(accounts.id, accountId)).for('no key update');
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
  });
}
