import { z } from 'zod';

import { servers } from '../../drizzle/schema/chat.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { customIssue, type Problem } from '../input-fault.ts';
import { locales } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import {
  defaultSettings,
  requireServer,
  sayServer,
  serverViewSchema,
  viewServer,
  visibilities,
  type ServerSettings,
} from './settings.ts';

/** How many channels or roles one setting can name. */
const mostIds = 50;

/** Ids of a comma-separated list of ids and mentions; none for an empty list or "all". */
function splitIds(text: string): string[] {
  const words = text.split(/[,，、\s]+/u).filter(Boolean);
  if (words.length === 1 && words[0]?.toLowerCase() === 'all') return [];
  return [...new Set(words.map((word) => /^<(?:#|@&)(\d+)>$/.exec(word)?.[1] ?? word))];
}

function idsProblem(text: string): Problem | null {
  const ids = splitIds(text);
  const wrong = ids.find((id) => !/^\d{17,20}$/.test(id));
  if (wrong !== undefined) return { problem: 'no_id', params: { text: wrong } };
  const params = { count: ids.length, most: mostIds };
  return ids.length > mostIds ? { problem: 'too_many', params } : null;
}

const idsField = z
  .string()
  .trim()
  .max(2000)
  .optional()
  .superRefine((text, issues) => {
    const found = text === undefined ? null : idsProblem(text);
    if (found) issues.addIssue(customIssue(found));
  });

const input = z
  .object({
    channels: idsField.describe('Channels where it answers, comma-separated; "all" for every one'),
    roles: idsField.describe('Roles that may use it, comma-separated; "all" for everyone'),
    locale: z
      .enum([...locales, 'person'])
      .optional()
      .describe('Language of what everybody sees; person: that of whoever asks'),
    visibility: z.enum(visibilities).optional().describe('Who sees results'),
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
    const serverId = requireServer(context.actor);
    if (!context.actor.isServerManager) throw new Fault('server_manager_only', {});
    return viewServer(await storeSettings(context, serverId, changesOf(value)));
  },
  say: sayServer,
});

const changesOf = (value: z.output<typeof input>) => ({
  ...(value.channels === undefined ? {} : { channels: splitIds(value.channels) }),
  ...(value.roles === undefined ? {} : { roles: splitIds(value.roles) }),
  ...(value.locale === undefined
    ? {}
    : { locale: value.locale === 'person' ? null : value.locale }),
  ...(value.visibility === undefined ? {} : { visibility: value.visibility }),
});

/** Only what is named changes, so that two changes at once both hold. */
async function storeSettings(
  context: Context,
  serverId: string,
  changes: ReturnType<typeof changesOf>,
): Promise<ServerSettings> {
  const changed = { changedAt: context.clock.now(), changedBy: context.actor.accountId };
  const { channels, roles, ...plain } = defaultSettings;
  const [row] = await context.database.db
    .insert(servers)
    .values({
      ...plain,
      channels: [...channels],
      roles: [...roles],
      ...changes,
      ...changed,
      id: serverId,
    })
    .onConflictDoUpdate({ target: servers.id, set: { ...changes, ...changed } })
    .returning();
  if (!row) throw new Error(`the settings of ${serverId} were not stored`);
  return row;
}
