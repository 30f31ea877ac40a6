import { eq } from 'drizzle-orm';

import { channels } from '../../drizzle/schema/publishing.ts';
import { secondsAfter } from '../clock.ts';
import { requirePort, type Services } from '../context.ts';
import { Fault, isFault } from '../fault.ts';
import { tokenPlace } from './row.ts';

/** A token that ends sooner than this is refreshed before it is used. */
const marginSeconds = 120;

/**
 * An access token of the channel that is still good; one process at a time refreshes it, the others
 * wait on the row and find the new one.
 * @throws Fault `channel_reconnect` when Google no longer accepts the channel; it is marked so.
 */
export async function accessToken(services: Services, channelId: string): Promise<string> {
  const host = requirePort(services.ports, 'videoHost');
  const { db } = services.database;
  try {
    return await db.transaction(async (tx) => {
      const [channel] = await tx
        .select()
        .from(channels)
        .where(eq(channels.id, channelId))
        .for('update');
      if (!channel) throw new Fault('channel_missing', {});
      if (channel.status === 'reconnect')
        throw new Fault('channel_reconnect', { channel: channel.title });
      const now = services.clock.now();
      const { crypto } = services;
      if (channel.accessExpiresAt > secondsAfter(now, marginSeconds))
        return crypto.open(channel.accessTokenSealed, tokenPlace(channel, 'access_token_sealed'));
      const tokens = await host.refresh(
        crypto.open(channel.refreshTokenSealed, tokenPlace(channel, 'refresh_token_sealed')),
      );
      const { refreshToken } = tokens;
      await tx
        .update(channels)
        .set({
          accessTokenSealed: crypto.seal(
            tokens.accessToken,
            tokenPlace(channel, 'access_token_sealed'),
          ),
          accessExpiresAt: tokens.expiresAt,
          ...(refreshToken
            ? {
                refreshTokenSealed: crypto.seal(
                  refreshToken,
                  tokenPlace(channel, 'refresh_token_sealed'),
                ),
              }
            : {}),
        })
        .where(eq(channels.id, channelId));
      return tokens.accessToken;
    });
  } catch (error) {
    if (isFault(error, 'channel_reconnect'))
      await db.update(channels).set({ status: 'reconnect' }).where(eq(channels.id, channelId));
    throw error;
  }
}

/** Makes the next use of the channel refresh its token: the host has just refused it. */
export async function expireAccess(services: Services, channelId: string): Promise<void> {
  await services.database.db
    .update(channels)
    .set({ accessExpiresAt: services.clock.now() })
    .where(eq(channels.id, channelId));
}
