import { z } from 'zod';

import { inputFault } from '../input-fault.ts';
import type { AnyOperation } from '../operation.ts';

/** The fields that only the deciding person fills in, as the operation's own schema has them. */
export function choiceSchema(operation: AnyOperation): z.ZodObject {
  const whole: Record<string, z.ZodType> = operation.input.shape;
  const decided = new Set<string>(operation.decidedByPerson);
  return z.strictObject(
    Object.fromEntries(Object.entries(whole).filter(([name]) => decided.has(name))),
  );
}

/** @throws Fault `invalid_input` for a choice that the operation would not take. */
export function readChoices(operation: AnyOperation, given: unknown): Record<string, unknown> {
  const schema = choiceSchema(operation);
  const checked = schema.safeParse(given);
  if (!checked.success) throw inputFault(schema, given);
  return checked.data;
}
