import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  Locale,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
} from 'discord-api-types/v10';

import { problem, type Problem } from './refusal.ts';

type Path = readonly (string | number)[];
type Localized = {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly name_localizations?:
    | Readonly<Record<string, string | null | undefined>>
    | null
    | undefined;
  readonly description_localizations?:
    | Readonly<Record<string, string | null | undefined>>
    | null
    | undefined;
};
export type CommandDraft = Localized & {
  readonly type?: ApplicationCommandType | null | undefined;
  readonly options?: readonly APIApplicationCommandOption[] | null | undefined;
};

const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const locales = new Set<string>(Object.values(Locale));

/** Rules for a command that Discord's published schema does not say. */
export function commandProblems(draft: CommandDraft): Problem[] {
  const isSlash =
    (draft.type ?? ApplicationCommandType.ChatInput) === ApplicationCommandType.ChatInput;
  const size = commandSize(draft);
  return [
    ...(isSlash ? nameProblems(draft, []) : []),
    ...(isSlash && !draft.description
      ? [problem(['description'], 'BASE_TYPE_REQUIRED', 'This field is required')]
      : []),
    ...optionListProblems(draft.options ?? [], ['options']),
    ...(size > 8000
      ? [problem([], 'APPLICATION_COMMAND_TOO_LARGE', `Command exceeds maximum size (8000)`)]
      : []),
  ];
}

function nameProblems(draft: Localized, path: Path): Problem[] {
  const names = [
    { name: draft.name, where: [...path, 'name'] },
    ...Object.entries(draft.name_localizations ?? {}).map(([locale, name]) => ({
      name: name ?? '',
      where: [...path, 'name_localizations', locale],
    })),
  ];
  const bad = names.flatMap(({ name, where }) =>
    namePattern.test(name) && name === name.toLowerCase()
      ? []
      : [problem(where, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid')],
  );
  const unknown = (['name_localizations', 'description_localizations'] as const).flatMap((field) =>
    Object.keys(draft[field] ?? {}).flatMap((locale) =>
      locales.has(locale)
        ? []
        : [problem([...path, field, locale], 'BASE_TYPE_CHOICES', 'Value must be a known locale.')],
    ),
  );
  return [...bad, ...unknown];
}

const isGroup = ({ type }: APIApplicationCommandOption) =>
  type === ApplicationCommandOptionType.Subcommand ||
  type === ApplicationCommandOptionType.SubcommandGroup;

function optionListProblems(
  options: readonly APIApplicationCommandOption[],
  path: Path,
): Problem[] {
  const problems: Problem[] = [];
  const taken = new Set<string>();
  let optionalSeen = false;
  for (const [index, option] of options.entries()) {
    const where = [...path, index];
    problems.push(...nameProblems(option, where));
    if (taken.has(option.name)) {
      problems.push(
        problem(
          [...where, 'name'],
          'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS',
          'Option name already exists in these options',
        ),
      );
    }
    taken.add(option.name);
    if (optionalSeen && option.required) {
      problems.push(
        problem(
          where,
          'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
          'Required options must be placed before non-required options',
        ),
      );
    }
    optionalSeen ||= !option.required;
    problems.push(...optionProblems(option, where));
  }
  if (options.some(isGroup) && !options.every(isGroup)) {
    const code = 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID';
    problems.push(
      problem(
        path,
        code,
        'Sub-command and sub-command group option types are mutually exclusive to all other types',
      ),
    );
  }
  return problems;
}

function optionProblems(option: APIApplicationCommandOption, path: Path): Problem[] {
  return option.type === ApplicationCommandOptionType.Subcommand ||
    option.type === ApplicationCommandOptionType.SubcommandGroup
    ? optionListProblems(option.options ?? [], [...path, 'options'])
    : valueProblems(option, path);
}

function valueProblems(option: APIApplicationCommandBasicOption, path: Path): Problem[] {
  const problems: Problem[] = [];
  const choices = 'choices' in option ? (option.choices ?? []) : [];
  if ('autocomplete' in option && option.autocomplete && choices.length > 0) {
    const code = 'APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES_INVALID';
    problems.push(problem(path, code, 'Autocomplete cannot be used together with choices'));
  }
  const names = new Set<string>();
  for (const [index, { name }] of choices.entries()) {
    if (names.has(name)) {
      const code = 'APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS';
      const message = 'Option choice name already exists in this option';
      problems.push(problem([...path, 'choices', index, 'name'], code, message));
    }
    names.add(name);
  }
  const [min, max] = bounds(option);
  if (min !== undefined && max !== undefined && min > max) {
    const field = 'min_length' in option ? 'min_length' : 'min_value';
    problems.push(
      problem([...path, field], 'NUMBER_TYPE_MAX', `Must be less than or equal to ${max}.`),
    );
  }
  return problems;
}

/** Length of a text or size of a number, where the option bounds it. */
export function bounds(
  option: APIApplicationCommandBasicOption,
): readonly [number | undefined, number | undefined] {
  if (option.type === ApplicationCommandOptionType.String) {
    return [option.min_length, option.max_length];
  }
  return option.type === ApplicationCommandOptionType.Integer ||
    option.type === ApplicationCommandOptionType.Number
    ? [option.min_value, option.max_value]
    : [undefined, undefined];
}

/** Names, descriptions and choice values together; of localisations the longest counts. */
function commandSize(draft: CommandDraft): number {
  return ownSize(draft) + optionsSize(draft.options ?? []);
}

function optionsSize(options: readonly APIApplicationCommandOption[]): number {
  return options.reduce((sum, option) => {
    const inner = 'options' in option ? optionsSize(option.options ?? []) : 0;
    const choices = 'choices' in option ? (option.choices ?? []) : [];
    const values = choices.reduce(
      (total, choice) => total + ownSize(choice) + String(choice.value).length,
      0,
    );
    return sum + ownSize(option) + inner + values;
  }, 0);
}

function ownSize(thing: Localized): number {
  const longest = (
    text: string | null | undefined,
    others: Readonly<Record<string, string | null | undefined>> | null | undefined,
  ) =>
    Math.max(text?.length ?? 0, ...Object.values(others ?? {}).map((other) => other?.length ?? 0));
  return (
    longest(thing.name, thing.name_localizations) +
    longest(thing.description, thing.description_localizations)
  );
}
