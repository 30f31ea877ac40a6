import { and, eq, isNull, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

import type { Actor } from './context.ts';

/** A table whose rows belong to an account and to the chat server that they were made in. */
type ScopedTable = { readonly accountId: PgColumn; readonly serverId: PgColumn };

/**
 * The rows that may be seen where the request comes from: the account's own, and of these the ones of
 * the same server, or of the private talk; everything on surfaces that are the person's own.
 */
export function inScope(actor: Actor, table: ScopedTable): SQL | undefined {
  const { accountId, serverId } = actor;
  const own = eq(table.accountId, accountId);
  if (serverId === undefined) return own;
  return and(own, serverId === null ? isNull(table.serverId) : eq(table.serverId, serverId));
}

/** What `server_id` holds of something that is made by this request. */
export const serverOf = (actor: Actor): string | null => actor.serverId ?? null;
