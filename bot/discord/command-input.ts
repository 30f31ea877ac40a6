import type {
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  CommandInteractionOption,
} from 'discord.js';

import type { AnyOperation } from '../../core/operation.ts';

/** `/video generate` is the operation `video_generate`. */
export function operationOf(
  operations: readonly AnyOperation[],
  interaction: ChatInputCommandInteraction | AutocompleteInteraction,
): AnyOperation | undefined {
  const verb = interaction.options.getSubcommand(false);
  const name = `${interaction.commandName}_${verb ?? ''}`;
  return operations.find((operation) => operation.name === name);
}

/** The options of a command as the operation's input. */
export function inputOf(interaction: ChatInputCommandInteraction): Record<string, unknown> {
  return Object.fromEntries(
    interaction.options.data.flatMap(leavesOf).map(({ name, value }) => [name, value]),
  );
}

const leavesOf = (option: CommandInteractionOption): readonly CommandInteractionOption[] =>
  option.value === undefined ? (option.options ?? []).flatMap(leavesOf) : [option];
