import { eq } from 'drizzle-orm';

import { servers } from '../../drizzle/schema/chat.ts';
import type { Actor, Services } from '../context.ts';
import { Fault } from '../fault.ts';
import type { Locale } from '../messages/catalogue.ts';

export const visibilities = ['everyone', 'person'] as const;
export const payers = ['person', 'server'] as const;

/** What a chat server has settled for its members. */
export type ServerSettings = {
  /** Ids of the channels where Jilo answers; empty: everywhere. */
  readonly channels: readonly string[];
  /** Ids of the roles whose members may use it; empty: everyone. */
  readonly roles: readonly string[];
  /** Language of what everybody sees; null: that of the person who asked. */
  readonly locale: Locale | null;
  /** Who sees results: everybody in the channel, or the person alone. */
  readonly visibility: (typeof visibilities)[number];
  /** Who pays for videos: the server's wallet as far as it reaches, or each for themselves. */
  readonly pays: (typeof payers)[number];
  /** Units a day of the server's wallet by id of a role, or `everyone`. */
  readonly roleLimits: Readonly<Record<string, number>>;
  /** Id of the channel where each movement of the wallet is told; null: none. */
  readonly ledgerChannel: string | null;
};

/** What holds where nobody has settled anything. */
export const defaultSettings: ServerSettings = {
  channels: [],
  roles: [],
  locale: null,
  visibility: 'everyone',
  pays: 'person',
  roleLimits: {},
  ledgerChannel: null,
};

/** The settings of a chat server. */
export async function readServer(services: Services, serverId: string): Promise<ServerSettings> {
  const { db } = services.database;
  const [row] = await db.select().from(servers).where(eq(servers.id, serverId));
  return row ? settingsOf(row) : defaultSettings;
}

/** The settings that a stored row holds. */
export function settingsOf(row: typeof servers.$inferSelect): ServerSettings {
  const { channels, roles, locale, visibility, pays, roleLimits, ledgerChannel } = row;
  return { channels, roles, locale, visibility, pays, roleLimits, ledgerChannel };
}

/** @throws Fault `server_missing` where there is no server. */
export function requireServer(actor: Actor): string {
  if (!actor.serverId) throw new Fault('server_missing', {});
  return actor.serverId;
}

/** @throws Fault `server_missing`; `server_manager_only` for who does not manage the server. */
export function requireManagedServer(actor: Actor): string {
  const serverId = requireServer(actor);
  if (!actor.isServerManager) throw new Fault('server_manager_only', {});
  return serverId;
}
