import { z } from 'zod';

import type { Context } from '../context.ts';
import { catalogue, locales, type Locale } from '../messages/catalogue.ts';
import { choiceLabel } from '../messages/fields.ts';
import { ledgerEntrySchema } from '../quota/entry.ts';
import { listMovements } from './movements.ts';
import { payers, visibilities, type ServerSettings } from './settings.ts';
import { readServerBalance } from './wallet.ts';

/** So many of the newest movements are shown with the settings. */
const shownMovements = 10;

export const serverViewSchema = z.object({
  channels: z.array(z.string()).describe('Ids; empty: every channel'),
  roles: z.array(z.string()).describe('Ids; empty: everyone'),
  locale: z.enum([...locales, 'person']).describe('person: the language of whoever asks'),
  visibility: z.enum(visibilities),
  pays: z.enum(payers).describe('server: its wallet, as far as the limits of the roles reach'),
  role_limits: z.array(
    z.object({
      role: z.string().describe('Id, or everyone'),
      units: z.int().describe('Units a day'),
    }),
  ),
  ledger_channel: z
    .string()
    .nullable()
    .describe('Id of the channel where each movement of the wallet is told'),
  wallet: z.object({
    available: z.int(),
    held: z.int().describe('Units set aside for videos in the making'),
    spent_today: z.int().describe('Units spent or set aside since midnight UTC'),
  }),
  movements: z
    .array(
      z.object({
        at: z.iso.datetime(),
        verb: ledgerEntrySchema.shape.verb,
        amount: z.int(),
        reference: z.string(),
        by: z.string().nullable().describe('Name of the member'),
        left: z.int().describe('Units available after it'),
      }),
    )
    .describe('Newest first; for those who manage the server'),
});

export type ServerView = z.output<typeof serverViewSchema>;

/** The settings of a server with its wallet; those who manage it see the newest movements too. */
export async function viewServer(
  context: Context,
  serverId: string,
  settings: ServerSettings,
): Promise<ServerView> {
  const { db } = context.database;
  const { available, held, spentToday } = await readServerBalance(
    db,
    serverId,
    context.clock.now(),
  );
  const movements = context.actor.isServerManager
    ? await listMovements(db, serverId, { limit: shownMovements })
    : [];
  return {
    channels: [...settings.channels],
    roles: [...settings.roles],
    locale: settings.locale ?? 'person',
    visibility: settings.visibility,
    pays: settings.pays,
    role_limits: Object.entries(settings.roleLimits).map(([role, units]) => ({ role, units })),
    ledger_channel: settings.ledgerChannel,
    wallet: { available, held, spent_today: spentToday },
    movements: movements.map(({ atMs, verb, amount, reference, name, left }) => ({
      at: new Date(atMs).toISOString(),
      verb,
      amount,
      reference,
      by: name,
      left,
    })),
  };
}

/** The settings of a server in two sentences. */
export const sayServer = (view: ServerView, locale: Locale): string => {
  const label = (field: string, value: string) =>
    choiceLabel({ operation: 'server_update', field }, value, locale);
  const { say } = catalogue(locale);
  const settled = say.server({
    channels: view.channels.length,
    roles: view.roles.length,
    language: label('locale', view.locale),
    visibility: label('visibility', view.visibility),
  });
  const paying = say.server_pays({
    pays: label('pays', view.pays),
    available: view.wallet.available,
  });
  return [settled, paying].join(locale === 'zh' ? '；' : '; ');
};
