import {
  ApplicationCommandCreateRequestSchema,
  ApplicationCommandPatchRequestPartialSchema,
  type CommandBody,
} from 'discord-api-spec/zod';
import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  type APIApplicationCommand,
} from 'discord-api-types/v10';
import { z } from 'zod';

import { commandProblems } from './command-rules.ts';
import { problem, refuse, refuseForm } from './refusal.ts';
import { parseWith } from './schema-problems.ts';
import type { World } from './world.ts';

const perScope: Readonly<Partial<Record<ApplicationCommandType, number>>> = {
  [ApplicationCommandType.ChatInput]: 100,
  [ApplicationCommandType.User]: 15,
  [ApplicationCommandType.Message]: 15,
};
const createsPerDay = 200;

/** The commands of one scope: global when `guildId` is null. */
export function listCommands(world: World, guildId: string | null): APIApplicationCommand[] {
  return [...world.commands.values()].filter((command) => (command.guild_id ?? null) === guildId);
}

export function findCommand(
  world: World,
  guildId: string | null,
  id: string,
): APIApplicationCommand {
  const command = world.commands.get(id);
  if (!command || (command.guild_id ?? null) !== guildId) throw refuse('unknownCommand');
  return command;
}

/** Registers or overwrites one command. */
export function upsertCommand(
  world: World,
  guildId: string | null,
  body: unknown,
): { readonly command: APIApplicationCommand; readonly isNew: boolean } {
  const draft = readDraft(body, []);
  const old = sameCommand(listCommands(world, guildId), draft);
  const command = build(world, guildId, draft, old);
  checkCounts([...listCommands(world, guildId).filter((other) => other !== old), command]);
  if (!old) countCreate(world);
  world.commands.set(command.id, command);
  world.emit({ type: 'commands' });
  return { command, isNew: !old };
}

/** Replaces all commands of a scope; what keeps its name and type keeps its id. */
export function replaceCommands(
  world: World,
  guildId: string | null,
  body: unknown,
): APIApplicationCommand[] {
  const list = z.array(z.unknown()).safeParse(body);
  if (!list.success) {
    throw refuseForm([
      problem([], 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType'),
    ]);
  }
  const drafts = list.data.map((item, index) => readDraft(item, [String(index)]));
  const seen = new Set<string>();
  for (const [index, { name, type }] of drafts.entries()) {
    const key = `${type ?? ApplicationCommandType.ChatInput} ${name}`;
    if (seen.has(key)) {
      const code = 'APPLICATION_COMMANDS_DUPLICATE_NAME';
      throw refuseForm([problem([index], code, 'Application command names must be unique')]);
    }
    seen.add(key);
  }
  const old = listCommands(world, guildId);
  checkCounts(drafts);
  const next = drafts.map((draft) => {
    const same = sameCommand(old, draft);
    if (!same) countCreate(world);
    return build(world, guildId, draft, same);
  });
  for (const { id } of old) world.commands.delete(id);
  for (const command of next) world.commands.set(command.id, command);
  world.emit({ type: 'commands' });
  return next;
}

export function patchCommand(
  world: World,
  guildId: string | null,
  id: string,
  body: unknown,
): APIApplicationCommand {
  const old = findCommand(world, guildId, id);
  const { rest, permissions } = takePermissions(body);
  const parsed = parseWith(ApplicationCommandPatchRequestPartialSchema, rest);
  if (!parsed.ok) throw refuseForm(parsed.problems);
  const merged = {
    ...old,
    ...parsed.data,
    ...(permissions === undefined ? {} : { default_member_permissions: permissions }),
  };
  const draft = readDraft(JSON.parse(JSON.stringify(merged)), []);
  const command = build(world, guildId, draft, old);
  world.commands.set(id, command);
  world.emit({ type: 'commands' });
  return command;
}

export function deleteCommand(world: World, guildId: string | null, id: string): void {
  findCommand(world, guildId, id);
  world.commands.delete(id);
  world.emit({ type: 'commands' });
}

function readDraft(body: unknown, prefix: readonly string[]): CommandBody {
  const { rest, permissions } = takePermissions(body);
  const parsed = parseWith(ApplicationCommandCreateRequestSchema, rest);
  if (!parsed.ok) throw refuseForm(parsed.problems, prefix);
  const problems = commandProblems(parsed.data);
  if (problems.length > 0) throw refuseForm(problems, prefix);
  return permissions === undefined
    ? parsed.data
    : { ...parsed.data, default_member_permissions: permissions };
}

/** The schema wants a number where every client sends a string of digits. */
function takePermissions(body: unknown): {
  readonly rest: unknown;
  readonly permissions: string | null | undefined;
} {
  const shape = z.looseObject({
    default_member_permissions: z.string().regex(/^\d+$/).nullish(),
  });
  const parsed = shape.safeParse(body);
  if (!parsed.success) return { rest: body, permissions: undefined };
  const { default_member_permissions: permissions, ...rest } = parsed.data;
  return { rest: dropNulls(rest), permissions };
}

/** Options sent as null are options not sent. */
function dropNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([key, inner]) => [key, dropNulls(inner)]));
}

function sameCommand(
  commands: readonly APIApplicationCommand[],
  draft: CommandBody,
): APIApplicationCommand | undefined {
  const type = draft.type ?? ApplicationCommandType.ChatInput;
  return commands.find((command) => command.name === draft.name && command.type === type);
}

function build(
  world: World,
  guildId: string | null,
  draft: CommandBody,
  old: APIApplicationCommand | undefined,
): APIApplicationCommand {
  const global = {
    contexts: draft.contexts ?? null,
    integration_types: draft.integration_types ?? [ApplicationIntegrationType.GuildInstall],
  };
  return {
    id: old?.id ?? world.ids.next(),
    application_id: world.applicationId,
    version: world.ids.next(),
    default_member_permissions: draft.default_member_permissions ?? null,
    type: draft.type ?? ApplicationCommandType.ChatInput,
    name: draft.name,
    name_localizations: draft.name_localizations ?? null,
    description: draft.description ?? '',
    description_localizations: draft.description_localizations ?? null,
    dm_permission: draft.dm_permission ?? true,
    nsfw: draft.nsfw ?? false,
    ...(draft.options ? { options: draft.options } : {}),
    ...(guildId === null ? global : { guild_id: guildId }),
  };
}

function checkCounts(
  commands: readonly { readonly type?: ApplicationCommandType | undefined }[],
): void {
  for (const [type, limit] of Object.entries(perScope)) {
    const count = commands.filter(
      (command) => String(command.type ?? ApplicationCommandType.ChatInput) === type,
    ).length;
    if (count > limit) throw refuse('tooManyCommands');
  }
}

function countCreate(world: World): void {
  const day = world.clock.now().toISOString().slice(0, 10);
  if (world.creates.day !== day) {
    world.creates.day = day;
    world.creates.count = 0;
  }
  if (world.creates.count >= createsPerDay) throw refuse('tooManyCreates');
  world.creates.count += 1;
}
