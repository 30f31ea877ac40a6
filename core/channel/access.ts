import { and, eq } from 'drizzle-orm';

import { channels } from '../../drizzle/schema/publishing.ts';
import { secondsAfter } from '../clock.ts';
import { requirePort, type Services } from '../context.ts';
import { Fault, isFault } from '../fault.ts';
import { recordNotice } from '../notice/record.ts';
import { tokenPlace } from './row.ts';

/** A token that ends sooner than this is refreshed before it is used. */
const marginSeconds = 120;

/**
 * An access token of the channel that is still good; one process at a time refreshes it, the others
 * wait on the row and find the new one. `refused` is a token that the host has just turned down.
 * @throws Fault `channel_reconnect` when Google no longer accepts the channel; it is marked so.
 */
async function accessToken(
  services: Services,
  channelId: string,
  refused?: string,
): Promise<string> {
  const host = requirePort(services.ports, 'videoHost');
  const { db } = services.database;
  let tried: string | null = null;
  try {
    return await db.transaction(async (tx) => {
      const [channel] = await tx
        .select()
        .from(channels)
        .where(eq(channels.id, channelId))
        .for('update');
      if (!channel?.accessTokenSealed || !channel.refreshTokenSealed)
        throw new Fault('channel_missing', {});
      if (channel.status === 'reconnect')
        throw new Fault('channel_reconnect', { channel: channel.title });
      const now = services.clock.now();
      const { crypto } = services;
      const known = crypto.open(
        channel.accessTokenSealed,
        tokenPlace(channel, 'access_token_sealed'),
      );
      if (known !== refused && channel.accessExpiresAt > secondsAfter(now, marginSeconds))
        return known;
      tried = channel.refreshTokenSealed;
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
    // Not when the person has connected the channel anew in the meantime.
    if (isFault(error, 'channel_reconnect') && tried !== null)
      await markForReconnect(services, channelId, tried);
    throw error;
  }
}

/** The person is told with the change, and hears of it once. */
async function markForReconnect(
  services: Services,
  channelId: string,
  refreshTokenSealed: string,
): Promise<void> {
  const at = services.clock.now();
  await services.database.db.transaction(async (tx) => {
    const [marked] = await tx
      .update(channels)
      .set({ status: 'reconnect' })
      .where(
        and(
          eq(channels.id, channelId),
          eq(channels.status, 'connected'),
          eq(channels.refreshTokenSealed, refreshTokenSealed),
        ),
      )
      .returning({ accountId: channels.accountId });
    if (!marked) return;
    const { accountId } = marked;
    await recordNotice(tx, { accountId, kind: 'channel_reconnect', subjectId: channelId, at });
  });
}

/** Runs with a good token of the channel; one that the host refuses is refreshed once. */
export async function withAccess<T>(
  services: Services,
  channelId: string,
  run: (token: string) => Promise<T>,
): Promise<T> {
  const token = await accessToken(services, channelId);
  try {
    return await run(token);
  } catch (error) {
    if (!isFault(error, 'channel_reconnect')) throw error;
    return run(await accessToken(services, channelId, token));
  }
}
