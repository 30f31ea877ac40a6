import type { MessageComponentInteraction, ModalSubmitInteraction } from 'discord.js';

import type { Filled } from './exchange.ts';

/**
 * What was picked under `picked`, or what was typed under the ids of the form's fields; of an uploaded
 * file its address.
 */
export function filledOf(
  interaction: MessageComponentInteraction | ModalSubmitInteraction,
): Filled {
  if (interaction.isAnySelectMenu()) return { picked: interaction.values };
  if (!interaction.isModalSubmit()) return {};
  return Object.fromEntries(
    [...interaction.fields.fields.values()].map((field) => [field.customId, valuesOf(field)]),
  );
}

type Field = ModalSubmitInteraction['fields']['fields'] extends Map<string, infer F> ? F : never;

function valuesOf(field: Field): readonly string[] {
  if ('attachments' in field) return [...field.attachments.values()].map(({ url }) => url);
  if ('values' in field) return field.values;
  if (!('value' in field)) return [];
  const { value } = field;
  return value === null || value === '' || value === false ? [] : [String(value)];
}
