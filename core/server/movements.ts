import { sql } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { ledgerEntrySchema } from '../quota/entry.ts';
import { walletOfServer } from './wallet.ts';

const movementSchema = z.object({
  id: z.coerce.number().int(),
  /** Milliseconds since 1970. */
  atMs: z.coerce.number(),
  verb: ledgerEntrySchema.shape.verb,
  /** Units. */
  amount: z.number().int(),
  /** The video, or the wallet that was given to. */
  reference: z.string(),
  /** Name of the member who asked for it or gave it. */
  name: z.string().nullable(),
  /** The same person at Discord. */
  userId: z.string().nullable(),
  /** Units available after it. */
  left: z.coerce.number().int(),
});

/** One movement of a server's wallet, by whom, and what was left after it. */
export type Movement = z.infer<typeof movementSchema>;

/**
 * Movements of a server's wallet: the newest first, or those after the one named `after` in their
 * order. What was left after each is counted back from what is there now.
 */
export async function listMovements(
  db: Pick<Tx, 'execute'>,
  serverId: string,
  how: { readonly limit: number; readonly after?: number },
): Promise<Movement[]> {
  const walletId = walletOfServer(serverId);
  const order = how.after === undefined ? sql`desc` : sql`asc`;
  const rows = await db.execute(sql`
    select m.id, extract(epoch from m.at) * 1000 as "atMs", m.verb, m.amount, m.reference, m."left",
      a.display_name as name, i.subject as "userId"
    from (
      select t.*, w.available - coalesce(sum(
          case when t.credit = 'available' then t.amount when t.debit = 'available' then -t.amount
            else 0 end
        ) over (order by t.id desc rows between unbounded preceding and 1 preceding), 0) as "left"
      from quota_transfers t join wallets w on w.id = t.wallet_id
      where t.wallet_id = ${walletId} and t.id > ${how.after ?? 0}
    ) m
    left join quota_holds h on h.reference = m.reference and h.wallet_id = m.wallet_id
    left join quota_transfers g on m.verb = 'receive' and g.verb = 'give'
      and m.key = g.key || ':in' and g.key = left(m.key, -3)
    left join accounts a on a.id = coalesce(h.account_id, g.wallet_id)
    left join lateral (
      select subject from identities
      where account_id = a.id and provider = 'discord' order by created_at limit 1
    ) i on true
    order by m.id ${order} limit ${how.limit}`);
  return z.array(movementSchema).parse(rows);
}
