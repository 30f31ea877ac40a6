import { jsonSchema, tool, type JSONSchema7, type ToolSet } from 'ai';
import { z } from 'zod';

import { inputSchemaFor, needsConsent, type AnyOperation } from '../../core/operation.ts';

/** Operations as tools. They have no `execute`: each call is stored before it runs. */
export const toolsFor = (operations: readonly AnyOperation[]): ToolSet =>
  Object.fromEntries(
    operations.map((operation) => [
      operation.name,
      tool({ description: describe(operation), inputSchema: jsonSchema(schemaOf(operation)) }),
    ]),
  );

const describe = (operation: AnyOperation): string =>
  [operation.summary.en, operation.guidance, consentOf(operation)]
    .filter((sentence) => sentence !== undefined)
    .join(' ');

function consentOf(operation: AnyOperation): string | undefined {
  if (!needsConsent(operation)) return undefined;
  const unless =
    operation.effect === 'spend' ? 'Unless the person lets you spend without asking, the' : 'The';
  return `${unless} call itself does nothing but draw a card: a person reads it and decides, and you are told by an [event].`;
}

/** `perform` checks the input itself and says what is wrong with it, so nothing is checked before. */
function schemaOf(operation: AnyOperation): JSONSchema7 {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(inputSchemaFor(operation, true), {
    io: 'input',
    target: 'draft-7',
  });
  return plainSchema.parse(schema);
}

const plainSchema = z.custom<JSONSchema7>((value) => typeof value === 'object' && value !== null);
