import { sql } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { Fault } from '../fault.ts';

const periodSchema = z.object({ endsAt: z.string().nullable() });

/** What is said where a wallet has too little: what is needed and left in units, and when it renews. */
export async function shortFault(
  db: Pick<Tx, 'execute'>,
  walletId: string,
  needed: number,
  available: number,
): Promise<Fault<'quota_short'>> {
  const [row] = await db.execute(
    sql`select to_char(period_end at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "endsAt"
      from wallets where id = ${walletId}`,
  );
  const renewsAt = row === undefined ? null : periodSchema.parse(row).endsAt;
  return new Fault('quota_short', { needed, available, renewsAt });
}
