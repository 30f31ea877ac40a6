import { and, eq, gte, inArray, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { quotaHolds, wallets } from '../../drizzle/schema/quota.ts';
import { startOfDay } from '../local-time.ts';

/** Listeners are told the id of the server whose ledger channel has something to tell. */
export const serverLedgerChannel = 'jilo_server_ledger';

/** Id of the wallet of a chat server. */
export const walletOfServer = (serverId: string): string => `srv_${serverId}`;

/** The wallet of a server, which is opened when it is needed first; answers with its id. */
export async function openServerWallet(tx: Pick<Tx, 'insert'>, serverId: string): Promise<string> {
  const id = walletOfServer(serverId);
  const empty = { granted: 0, available: 0, held: 0, spent: 0, expired: 0 };
  await tx
    .insert(wallets)
    .values({ id, serverId, ...empty })
    .onConflictDoNothing();
  return id;
}

/** Units of a server's wallet; `spentToday` was set aside since midnight UTC and has not come back. */
export type ServerBalance = {
  readonly available: number;
  readonly held: number;
  readonly spentToday: number;
};

/** What a server has; a wallet that was never opened holds nothing. */
export async function readServerBalance(
  db: Pick<Tx, 'select'>,
  serverId: string,
  now: Date,
): Promise<ServerBalance> {
  const walletId = walletOfServer(serverId);
  const [row] = await db
    .select({ available: wallets.available, held: wallets.held })
    .from(wallets)
    .where(eq(wallets.id, walletId));
  if (!row) return { available: 0, held: 0, spentToday: 0 };
  return { ...row, spentToday: await unitsToday(db, { walletId }, now) };
}

/**
 * Units of holds on a wallet since midnight UTC that are held or captured, of one account where it
 * is named: what came back does not count.
 */
export async function unitsToday(
  db: Pick<Tx, 'select'>,
  of: { readonly walletId: string; readonly accountId?: string },
  now: Date,
): Promise<number> {
  const [row] = await db
    .select({ units: sql`coalesce(sum(${quotaHolds.amount}), 0)`.mapWith(Number) })
    .from(quotaHolds)
    .where(
      and(
        eq(quotaHolds.walletId, of.walletId),
        of.accountId === undefined ? undefined : eq(quotaHolds.accountId, of.accountId),
        inArray(quotaHolds.status, ['held', 'captured']),
        gte(quotaHolds.createdAt, startOfDay(now, 'UTC')),
      ),
    );
  return row?.units ?? 0;
}

/** Wakes whoever tells the movements of this server's wallet, once `tx` commits. */
export async function wakeServerLedger(tx: Pick<Tx, 'execute'>, serverId: string): Promise<void> {
  await tx.execute(sql`select pg_notify(${serverLedgerChannel}, ${serverId})`);
}
