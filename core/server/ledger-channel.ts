import { and, eq, gt, isNotNull, lt, sql } from 'drizzle-orm';

import { servers } from '../../drizzle/schema/chat.ts';
import { accounts, identities } from '../../drizzle/schema/people.ts';
import { quotaTransfers, wallets } from '../../drizzle/schema/quota.ts';
import type { Services } from '../context.ts';
import type { Locale } from '../messages/catalogue.ts';
import { listMovements, type Movement } from './movements.ts';

/** What a server's ledger channel has not been told yet. */
export type Untold = {
  readonly serverId: string;
  readonly channelId: string;
  readonly locale: Locale;
  /** In their order; never empty. */
  readonly movements: readonly Movement[];
};

/** Servers whose ledger channel has movements to tell. */
export async function listUntold({ database }: Services): Promise<string[]> {
  const rows = await database.db
    .selectDistinct({ id: servers.id })
    .from(servers)
    .innerJoin(wallets, eq(wallets.serverId, servers.id))
    .innerJoin(quotaTransfers, eq(quotaTransfers.walletId, wallets.id))
    .where(and(isNotNull(servers.ledgerChannel), gt(quotaTransfers.id, servers.ledgerTold)));
  return rows.map(({ id }) => id);
}

/**
 * Hands the next movements of a server, at most `limit`, to `tell` and marks them as told when that
 * succeeds; a death on the way leaves them open. Another process does not get them meanwhile. False
 * when there is nothing that this process may take.
 */
export async function tellNext(
  services: Services,
  serverId: string,
  how: { readonly limit: number; readonly tell: (untold: Untold) => Promise<void> },
): Promise<boolean> {
  return services.database.db.transaction(async (tx) => {
    // Not the row's lock: whoever changes the settings waits for no chat service.
    const turn = `server ledger ${serverId}`;
    const [lock] = await tx.execute<{ isTaken: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtextextended(${turn}, 0)) as "isTaken"`,
    );
    if (!lock?.isTaken) return false;
    const [row] = await tx
      .select({
        channelId: servers.ledgerChannel,
        told: servers.ledgerTold,
        locale: sql<Locale>`coalesce(${servers.locale}, ${accounts.locale})`,
      })
      .from(servers)
      .innerJoin(accounts, eq(accounts.id, servers.changedBy))
      .where(eq(servers.id, serverId));
    if (!row || row.channelId === null) return false;
    const { channelId, locale, told } = row;
    const movements = await listMovements(tx, serverId, { after: told, limit: how.limit });
    const last = movements.at(-1);
    if (last === undefined) return false;
    await how.tell({ serverId, channelId, locale, movements });
    await tx
      .update(servers)
      .set({ ledgerTold: last.id })
      .where(and(eq(servers.id, serverId), lt(servers.ledgerTold, last.id)));
    return true;
  });
}

/** Who hears that a ledger channel was switched off: its manager, at the chat service. */
export type Told = {
  readonly userId: string | null;
  readonly locale: Locale;
  /** Whether the person wants to be written to. */
  readonly isWanted: boolean;
};

/** Switches a ledger channel off that cannot be written to; null where another one was chosen meanwhile. */
export async function switchLedgerOff(
  { database }: Services,
  { serverId, channelId }: { readonly serverId: string; readonly channelId: string },
): Promise<Told | null> {
  return database.db.transaction(async (tx) => {
    const [off] = await tx
      .update(servers)
      .set({ ledgerChannel: null })
      .where(and(eq(servers.id, serverId), eq(servers.ledgerChannel, channelId)))
      .returning({ managerId: servers.changedBy });
    if (!off) return null;
    const [manager] = await tx
      .select({ locale: accounts.locale, isWanted: accounts.notices, userId: identities.subject })
      .from(accounts)
      .leftJoin(
        identities,
        and(eq(identities.accountId, accounts.id), eq(identities.provider, 'discord')),
      )
      .where(eq(accounts.id, off.managerId))
      .limit(1);
    return manager ?? null;
  });
}
