import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
} from 'discord.js';
import { z } from 'zod';

import {
  choiceLabel,
  fieldWords,
  nounWords,
  verbName,
  type FieldPlace,
} from '../../core/messages/fields.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { openers } from './actions/openers.ts';
import { suggestedFields } from './autocomplete.ts';

type Localised = {
  readonly name: string;
  readonly name_localizations: { readonly 'zh-CN': string };
  readonly description: string;
  readonly description_localizations: { readonly 'zh-CN': string };
};

type Choice = {
  readonly name: string;
  readonly name_localizations: { readonly 'zh-CN': string };
  readonly value: string | number;
};

type Option = Localised & {
  readonly type: ApplicationCommandOptionType;
  readonly required?: boolean;
  readonly choices?: readonly Choice[];
  readonly autocomplete?: boolean;
  readonly min_value?: number;
  readonly max_value?: number;
  readonly min_length?: number;
  readonly max_length?: number;
};

type Subcommand = Localised & {
  readonly type: ApplicationCommandOptionType.Subcommand;
  readonly options: readonly Option[];
};

/** A command as it is registered: one noun with its verbs. */
export type Command = Localised & {
  readonly type: ApplicationCommandType.ChatInput;
  readonly options: readonly Subcommand[];
  readonly integration_types: readonly ApplicationIntegrationType[];
  readonly contexts: readonly InteractionContextType[];
  readonly default_member_permissions?: string;
};

/** Commands of these nouns are about a server and for those who manage it. */
const serverNouns = new Set(['server']);
/** As much text as Discord takes in an option. */
const longestOption = 6000;

/** Every operation as `/noun verb`, with its options from the schema. */
export function createCommands(operations: readonly AnyOperation[]): Command[] {
  const nouns = Map.groupBy(operations, ({ name }) => name.split('_')[0] ?? '');
  return [...nouns].map(([noun, verbs]) => ({
    ...localise(noun, wordsOf(noun)),
    type: ApplicationCommandType.ChatInput,
    options: verbs.map(toSubcommand),
    ...(serverNouns.has(noun) ? inServers : everywhere),
  }));
}

const everywhere = {
  integration_types: [
    ApplicationIntegrationType.GuildInstall,
    ApplicationIntegrationType.UserInstall,
  ],
  contexts: [
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  ],
};

const inServers = {
  integration_types: [ApplicationIntegrationType.GuildInstall],
  contexts: [InteractionContextType.Guild],
  default_member_permissions: String(PermissionFlagsBits.ManageGuild),
};

type Words = {
  readonly en: string;
  readonly zh: { readonly name: string; readonly description: string };
};

function wordsOf(noun: string): Words {
  const { zh, description } = nounWords(noun);
  return { en: description.en, zh: { name: zh, description: description.zh } };
}

const localise = (name: string, { en, zh }: Words): Localised => ({
  name,
  name_localizations: { 'zh-CN': zh.name },
  description: en,
  description_localizations: { 'zh-CN': zh.description },
});

const property = z.looseObject({
  type: z.enum(['string', 'number', 'integer', 'boolean']),
  description: z.string(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
});
type Property = z.infer<typeof property>;

function toSubcommand(operation: AnyOperation): Subcommand {
  const [, verb = ''] = operation.name.split('_');
  const { en, zh } = operation.summary;
  const words = { en, zh: { name: verbName(verb), description: zh } };
  const { properties = {}, required = [] } = z.toJSONSchema(operation.input, { io: 'input' });
  // A form asks for what is missing.
  const asked = openers[operation.name]?.unless ?? [];
  const options = Object.entries(properties).map(([field, raw]) =>
    toOption(
      operation,
      field,
      property.parse(raw),
      required.includes(field) && !asked.includes(field),
    ),
  );
  return {
    ...localise(verb, words),
    type: ApplicationCommandOptionType.Subcommand,
    options: [
      ...options.filter((option) => option.required),
      ...options.filter((option) => !option.required),
    ],
  };
}

function toOption(
  operation: AnyOperation,
  field: string,
  schema: Property,
  required: boolean,
): Option {
  const place = { operation: operation.name, field };
  const words = { en: schema.description, zh: fieldWords(place) };
  const suggested = schema.type === 'string' && suggestedFields.has(field);
  return {
    ...localise(field, words),
    ...boundsOf(schema),
    ...(required ? { required } : {}),
    ...(suggested ? { autocomplete: true } : {}),
    ...(schema.enum && !suggested
      ? { choices: schema.enum.map((value) => toChoice(place, value)) }
      : {}),
    type: typeOf(schema),
  };
}

const toChoice = (place: FieldPlace, value: string | number): Choice => ({
  name: choiceLabel(place, value, 'en'),
  name_localizations: { 'zh-CN': choiceLabel(place, value, 'zh') },
  value,
});

function typeOf(schema: Property): ApplicationCommandOptionType {
  if (schema.type === 'boolean') return ApplicationCommandOptionType.Boolean;
  if (schema.type === 'string') return ApplicationCommandOptionType.String;
  const isWhole = schema.type === 'integer' || schema.enum?.every(Number.isInteger);
  return isWhole ? ApplicationCommandOptionType.Integer : ApplicationCommandOptionType.Number;
}

function boundsOf(schema: Property): Partial<Option> {
  const { minimum, maximum, minLength, maxLength } = schema;
  if (schema.enum) return {};
  if (schema.type === 'string')
    return {
      ...(minLength === undefined ? {} : { min_length: Math.min(minLength, longestOption) }),
      ...(maxLength === undefined ? {} : { max_length: Math.min(maxLength, longestOption) }),
    };
  return {
    ...(minimum === undefined || minimum < Number.MIN_SAFE_INTEGER + 1
      ? {}
      : { min_value: minimum }),
    ...(maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? {} : { max_value: maximum }),
  };
}
