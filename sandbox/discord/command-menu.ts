import {
  ApplicationCommandOptionType as Type,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type APIApplicationCommand,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type LocalizationMap,
} from 'discord-api-types/v10';

import { bounds } from './command-rules.ts';
import { guildPermissions } from './objects.ts';
import type { OfferedCommand, OfferedOption } from './types.ts';
import { isOpenToBot, pick, type ChannelState, type PersonState, type World } from './world.ts';

export type Leaf = {
  readonly command: APIApplicationCommand;
  /** Names below the command: group and subcommand. */
  readonly path: readonly APIApplicationCommandOption[];
  readonly options: readonly APIApplicationCommandBasicOption[];
};

const isBasic = (option: APIApplicationCommandOption): option is APIApplicationCommandBasicOption =>
  option.type !== Type.Subcommand && option.type !== Type.SubcommandGroup;

function leavesOf(command: APIApplicationCommand): Leaf[] {
  const walk = (
    options: readonly APIApplicationCommandOption[],
    path: readonly APIApplicationCommandOption[],
  ): Leaf[] => {
    const groups = options.filter((option) => !isBasic(option));
    if (groups.length === 0) return [{ command, path, options: options.filter(isBasic) }];
    return groups.flatMap((option) =>
      walk('options' in option ? (option.options ?? []) : [], [...path, option]),
    );
  };
  return walk(command.options ?? [], []);
}

/** Commands that a real client would offer this person here. */
export function leavesFor(world: World, person: PersonState, channel: ChannelState): Leaf[] {
  return [...world.commands.values()]
    .filter(({ type }) => type === ApplicationCommandType.ChatInput)
    .filter((command) => mayUse(world, command, person, channel))
    .flatMap(leavesOf);
}

function mayUse(
  world: World,
  command: APIApplicationCommand,
  person: PersonState,
  channel: ChannelState,
): boolean {
  if (command.guild_id !== undefined) {
    if (command.guild_id !== channel.guildId || !isOpenToBot(world, channel)) return false;
  } else {
    const types = command.integration_types ?? [ApplicationIntegrationType.GuildInstall];
    const byGuild =
      isOpenToBot(world, channel) && types.includes(ApplicationIntegrationType.GuildInstall);
    if (!byGuild && !types.includes(ApplicationIntegrationType.UserInstall)) return false;
    const context =
      channel.guildId === null ? InteractionContextType.BotDM : InteractionContextType.Guild;
    if (command.contexts && !command.contexts.includes(context)) return false;
  }
  const needed = command.default_member_permissions;
  if (needed === null || channel.guildId === null) return true;
  const has = guildPermissions(pick(world.guilds, channel.guildId), person);
  if (needed === '0') return person.isManager;
  return (has & BigInt(needed)) === BigInt(needed);
}

export type Named = { readonly name: string; readonly name_localizations?: LocalizationMap | null };

function localizedName(thing: Named, locale: string): string {
  return (
    Object.entries(thing.name_localizations ?? {}).find(([key]) => key === locale)?.[1] ??
    thing.name
  );
}

export const isCalled = (thing: Named, said: string, locale: string): boolean =>
  thing.name === said || localizedName(thing, locale) === said;

/** The command that `/video generate` names; refuses what is not offered here. */
export function findLeaf(
  world: World,
  person: PersonState,
  channel: ChannelState,
  said: string,
): Leaf {
  const words = said.replace(/^\//, '').trim().split(/\s+/);
  const leaf = leavesFor(world, person, channel).find(({ command, path }) => {
    const names: readonly Named[] = [command, ...path];
    return (
      names.length === words.length &&
      names.every((named, index) => isCalled(named, words[index] ?? '', person.locale))
    );
  });
  if (leaf) return leaf;
  const others = leavesFor(world, person, channel).map(pathOf).join(', ');
  throw new Error(`${person.name} is not offered /${words.join(' ')} here, but: ${others}`);
}

export const pathOf = ({ command, path }: Leaf): string =>
  `/${[command, ...path].map(({ name }) => name).join(' ')}`;

/** What the slash menu shows this person. */
export function offered(leaf: Leaf, locale: string): OfferedCommand {
  const names: readonly Named[] = [leaf.command, ...leaf.path];
  const last = leaf.path.at(-1) ?? leaf.command;
  return {
    path: pathOf(leaf),
    description: last.description,
    localizedPath: `/${names.map((named) => localizedName(named, locale)).join(' ')}`,
    localizedDescription: localizedDescription(last, locale),
    options: leaf.options.map((option) => offeredOption(option, locale)),
  };
}

function localizedDescription(
  thing: {
    readonly description: string;
    readonly description_localizations?: LocalizationMap | null;
  },
  locale: string,
): string {
  const found = Object.entries(thing.description_localizations ?? {}).find(
    ([key]) => key === locale,
  );
  return found?.[1] ?? thing.description;
}

function offeredOption(option: APIApplicationCommandBasicOption, locale: string): OfferedOption {
  const [min, max] = bounds(option);
  const choices = 'choices' in option ? (option.choices ?? []) : [];
  return {
    name: option.name,
    localizedName: localizedName(option, locale),
    description: localizedDescription(option, locale),
    type: option.type,
    required: option.required ?? false,
    autocomplete: 'autocomplete' in option ? (option.autocomplete ?? false) : false,
    choices: choices.map((choice) => ({
      name: choice.name,
      localizedName: localizedName(choice, locale),
      value: choice.value,
    })),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}
