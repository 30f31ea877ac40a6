import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { channels } from '../../drizzle/schema/publishing.ts';
import { tokenPlace } from '../channel/row.ts';
import type { Crypto } from '../crypto.ts';
import { sealedColumns } from '../reseal.ts';
import type { ChannelTwins } from './merge-collisions.ts';

const rowsSchema = z.array(z.object({ row: z.string(), sealed: z.string() }));

/**
 * Seals what an account has sealed for another one, each value in its place. The rows are locked until
 * `tx` ends; the caller moves them. @throws Error for what no known key opens.
 */
export async function resealFor(
  tx: Tx,
  crypto: Crypto,
  { staysId, goesId }: { readonly staysId: string; readonly goesId: string },
): Promise<void> {
  for (const { table, column, key } of sealedColumns) {
    const [from, value, id] = [table, column, key].map((name) => sql.identifier(name));
    const rows = rowsSchema.parse([
      ...(await tx.execute(sql`select ${id} as row, ${value} as sealed from ${from}
        where account_id = ${goesId} and ${value} is not null order by ${id} for update`)),
    ]);
    for (const { row, sealed } of rows) {
      const place = { table, column, row };
      const plain = crypto.open(sealed, { ...place, account: goesId });
      const anew = crypto.seal(plain, { ...place, account: staysId });
      await tx.execute(sql`update ${from} set ${value} = ${anew} where ${id} = ${row}`);
    }
  }
}

/** Whether the second row of a channel lets us in, and the first one does not. */
export const isBetter = ({ stays, goes }: ChannelTwins): boolean =>
  goes.status === 'connected' && stays.status !== 'connected';

/** Gives the connection of the second row of a channel to the first one. */
export async function takeOverConnection(
  tx: Tx,
  crypto: Crypto,
  { stays, goes }: ChannelTwins,
): Promise<void> {
  const carry = (column: 'access_token_sealed' | 'refresh_token_sealed', sealed: string | null) =>
    sealed === null
      ? null
      : crypto.seal(crypto.open(sealed, tokenPlace(goes, column)), tokenPlace(stays, column));
  await tx
    .update(channels)
    .set({
      status: goes.status,
      title: goes.title,
      handle: goes.handle,
      scopes: goes.scopes,
      accessTokenSealed: carry('access_token_sealed', goes.accessTokenSealed),
      refreshTokenSealed: carry('refresh_token_sealed', goes.refreshTokenSealed),
      accessExpiresAt: goes.accessExpiresAt,
    })
    .where(eq(channels.id, stays.id));
}
