import { z } from 'zod';

import { servers } from '../../drizzle/schema/chat.ts';
import type { Context } from '../context.ts';
import { customIssue, type Problem } from '../input-fault.ts';
import { locales } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { parseRoleLimits } from './role-limits.ts';
import {
  defaultSettings,
  payers,
  requireManagedServer,
  settingsOf,
  visibilities,
  type ServerSettings,
} from './settings.ts';
import { sayServer, serverViewSchema, viewServer } from './view.ts';
import { wakeServerLedger } from './wallet.ts';

/** How many channels or roles one setting can name. */
const mostIds = 50;

/** Ids of a comma-separated list of ids and mentions; none for an empty list or "all". */
function splitIds(text: string): string[] {
  const words = text.split(/[,，、\s]+/u).filter(Boolean);
  if (words.length === 1 && words[0]?.toLowerCase() === 'all') return [];
  return [...new Set(words.map((word) => idOf(word)))];
}

const idOf = (word: string): string => /^<(?:#|@&)(\d+)>$/.exec(word)?.[1] ?? word;
const isId = (id: string): boolean => /^\d{17,20}$/.test(id);

function idsProblem(text: string): Problem | null {
  const ids = splitIds(text);
  const wrong = ids.find((id) => !isId(id));
  if (wrong !== undefined) return { problem: 'no_id', params: { text: wrong } };
  const params = { count: ids.length, most: mostIds };
  return ids.length > mostIds ? { problem: 'too_many', params } : null;
}

function limitsProblem(text: string): Problem | null {
  const parsed = parseRoleLimits(text);
  return 'wrong' in parsed ? parsed.wrong : null;
}

const channelOf = (text: string): string | null => (/^off$/i.test(text) ? null : idOf(text));

function channelProblem(text: string): Problem | null {
  const channel = channelOf(text);
  return channel === null || isId(channel) ? null : { problem: 'no_id', params: { text } };
}

const checkedText = (problemOf: (text: string) => Problem | null) =>
  z
    .string()
    .trim()
    .max(2000)
    .optional()
    .superRefine((text, issues) => {
      const found = text === undefined ? null : problemOf(text);
      if (found) issues.addIssue(customIssue(found));
    });

const input = z
  .object({
    channels: checkedText(idsProblem).describe(
      'Channels where it answers, comma-separated; "all" for every one',
    ),
    roles: checkedText(idsProblem).describe(
      'Roles that may use it, comma-separated; "all" for everyone',
    ),
    locale: z
      .enum([...locales, 'person'])
      .optional()
      .describe('Language of what everybody sees; person: that of whoever asks'),
    visibility: z.enum(visibilities).optional().describe('Who sees results'),
    pays: z
      .enum(payers)
      .optional()
      .describe("Who pays for videos: each person, or the server's wallet"),
    role_limits: checkedText(limitsProblem).describe(
      'Units a day by role, such as 123456789012345678=5, everyone=1; "none" for no role',
    ),
    ledger_channel: checkedText(channelProblem).describe(
      'Channel that tells each movement of the server\'s wallet, or "off"',
    ),
  })
  .superRefine((value, issues) => {
    if (Object.values(value).every((field) => field === undefined))
      issues.addIssue(customIssue({ problem: 'nothing_to_change', params: null }, 'channels'));
  });

export const serverUpdate = defineOperation({
  name: 'server_update',
  summary: {
    en: 'Change what this server has settled for Jilo.',
    zh: '更改 Jilo 在本服务器的设置。',
  },
  effect: 'write',
  audience: 'people',
  needs: [],
  input,
  output: serverViewSchema,
  async run(value, context) {
    const serverId = requireManagedServer(context.actor);
    const settings = await storeSettings(context, serverId, changesOf(value));
    return viewServer(context, serverId, settings);
  },
  say: sayServer,
});

type Changes = Partial<typeof servers.$inferInsert>;

function changesOf(value: z.output<typeof input>): Changes {
  const limits = value.role_limits === undefined ? null : parseRoleLimits(value.role_limits);
  return {
    ...(value.channels === undefined ? {} : { channels: splitIds(value.channels) }),
    ...(value.roles === undefined ? {} : { roles: splitIds(value.roles) }),
    ...(value.locale === undefined
      ? {}
      : { locale: value.locale === 'person' ? null : value.locale }),
    ...(value.visibility === undefined ? {} : { visibility: value.visibility }),
    ...(value.pays === undefined ? {} : { pays: value.pays }),
    ...(limits !== null && 'limits' in limits ? { roleLimits: limits.limits } : {}),
    ...(value.ledger_channel === undefined
      ? {}
      : { ledgerChannel: channelOf(value.ledger_channel) }),
  };
}

/** Only what is named changes, so that two changes at once both hold. */
async function storeSettings(
  context: Context,
  serverId: string,
  changes: Changes,
): Promise<ServerSettings> {
  const changed = { changedAt: context.clock.now(), changedBy: context.actor.accountId };
  const { channels, roles, roleLimits, ...plain } = defaultSettings;
  return context.database.db.transaction(async (tx) => {
    const [row] = await tx
      .insert(servers)
      .values({
        ...plain,
        channels: [...channels],
        roles: [...roles],
        roleLimits: { ...roleLimits },
        ...changes,
        ...changed,
        id: serverId,
      })
      .onConflictDoUpdate({ target: servers.id, set: { ...changes, ...changed } })
      .returning();
    if (!row) throw new Error(`the settings of ${serverId} were not stored`);
    await wakeServerLedger(tx, serverId);
    return settingsOf(row);
  });
}
