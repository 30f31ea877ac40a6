import { isDeepStrictEqual } from 'node:util';

import { Routes, type REST } from 'discord.js';
import { z } from 'zod';

import type { Log } from '../../core/log.ts';
import type { Command } from './commands.ts';

/** What Discord adds to a command that is not ours to compare. */
const remoteSchema = z.array(z.looseObject({ id: z.string(), name: z.string() }));

type Remote = z.infer<typeof remoteSchema>[number];

export type Changes = {
  readonly written: readonly string[];
  readonly removed: readonly string[];
};

/**
 * Brings the commands that Discord has in line with ours: only what is new or different is written,
 * and what we no longer have is removed.
 */
export async function registerCommands(
  rest: REST,
  applicationId: string,
  commands: readonly Command[],
  log: Log,
): Promise<Changes> {
  const route = Routes.applicationCommands(applicationId);
  const query = new URLSearchParams({ with_localizations: 'true' });
  const remote = remoteSchema.parse(await rest.get(route, { query }));
  const byName = new Map(remote.map((command) => [command.name, command]));
  const changed = commands.filter((command) => !isSame(command, byName.get(command.name)));
  const ours = new Set(commands.map(({ name }) => name));
  const gone = remote.filter(({ name }) => !ours.has(name));
  for (const { id } of gone) await rest.delete(Routes.applicationCommand(applicationId, id));
  // A command of the same name is replaced.
  for (const command of changed) await rest.post(route, { body: command });
  const changes = {
    written: changed.map(({ name }) => name),
    removed: gone.map(({ name }) => name),
  };
  log.debug(changes, 'commands are registered');
  return changes;
}

/** What a command may have besides what every one of ours has. */
const others = ['default_member_permissions', 'nsfw'];

/** Whether Discord already has exactly this command. */
function isSame(local: Command, remote: Remote | undefined): boolean {
  if (!remote) return false;
  const keys = [...Object.keys(local), ...others];
  const theirs = Object.fromEntries(keys.map((key) => [key, remote[key]]));
  return isDeepStrictEqual(bare(theirs), bare(local));
}

/** Without what means nothing: absent, empty and false, which Discord leaves out or fills in. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, inner]) => [key, bare(inner)] as const)
    .filter(([, inner]) => !isEmpty(inner));
  return Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && Object.keys(value).length === 0);
