import { eq } from 'drizzle-orm';
import { z } from 'zod';

import { servers } from '../../drizzle/schema/chat.ts';
import type { Actor, Services } from '../context.ts';
import { Fault } from '../fault.ts';
import { catalogue, locales, type Locale } from '../messages/catalogue.ts';
import { choiceLabel } from '../messages/fields.ts';

export const visibilities = ['everyone', 'person'] as const;

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
};

/** What holds where nobody has settled anything. */
export const defaultSettings: ServerSettings = {
  channels: [],
  roles: [],
  locale: null,
  visibility: 'everyone',
};

/** The settings of a chat server. */
export async function readServer(services: Services, serverId: string): Promise<ServerSettings> {
  const { db } = services.database;
  const [row] = await db.select().from(servers).where(eq(servers.id, serverId));
  if (!row) return defaultSettings;
  const { channels, roles, locale, visibility } = row;
  return { channels, roles, locale, visibility };
}

/** @throws Fault `server_missing` where there is no server. */
export function requireServer(actor: Actor): string {
  if (!actor.serverId) throw new Fault('server_missing', {});
  return actor.serverId;
}

export const serverViewSchema = z.object({
  channels: z.array(z.string()).describe('Ids; empty: every channel'),
  roles: z.array(z.string()).describe('Ids; empty: everyone'),
  locale: z.enum([...locales, 'person']).describe('person: the language of whoever asks'),
  visibility: z.enum(visibilities),
});

export const viewServer = ({
  channels,
  roles,
  locale,
  visibility,
}: ServerSettings): z.output<typeof serverViewSchema> => ({
  channels: [...channels],
  roles: [...roles],
  locale: locale ?? 'person',
  visibility,
});

export const sayServer = (view: z.output<typeof serverViewSchema>, locale: Locale): string =>
  catalogue(locale).say.server({
    channels: view.channels.length,
    roles: view.roles.length,
    language: choiceLabel({ operation: 'server_update', field: 'locale' }, view.locale, locale),
    visibility: choiceLabel(
      { operation: 'server_update', field: 'visibility' },
      view.visibility,
      locale,
    ),
  });
