import { z } from 'zod';

import type { AnyOperation } from './operation.ts';

const property = z.looseObject({
  type: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
});

/** Every rule that a declaration breaks; Discord and MCP could not draw such an operation. */
export function faultsOfOperation(operation: AnyOperation): string[] {
  const wrong: string[] = [];
  const consents = ['spend', 'publish', 'destroy'].includes(operation.effect);
  if (!/^[a-z]{2,20}_[a-z]{2,20}$/.test(operation.name)) wrong.push('the name is not noun_verb');
  for (const [locale, text] of Object.entries(operation.summary)) {
    if (!text || text.length > 100)
      wrong.push(`the ${locale} summary is empty or over 100 characters`);
  }
  if (consents && !operation.preview) wrong.push(`${operation.effect} needs a preview`);
  if (!consents && operation.preview)
    wrong.push(`${operation.effect} asks nobody, so it has no preview`);
  const fields = z.toJSONSchema(operation.input, { io: 'input' }).properties ?? {};
  for (const [name, raw] of Object.entries(fields)) wrong.push(...faultsOfField(name, raw));
  for (const name of operation.decidedByPerson ?? []) {
    const field: unknown = operation.input.shape[name];
    if (!(field instanceof z.ZodType)) wrong.push(`${name} is decided by a person but no field`);
    else if (!field.safeParse(undefined).success) wrong.push(`${name} has no safe default`);
  }
  return wrong;
}

function faultsOfField(name: string, raw: unknown): string[] {
  const wrong: string[] = [];
  const field = property.parse(raw);
  if (!/^[a-z][a-z0-9_]{0,31}$/.test(name)) wrong.push(`${name} is not lower snake case`);
  if (!['string', 'number', 'integer', 'boolean'].includes(field.type ?? ''))
    wrong.push(`${name} is not flat`);
  if (!field.description || field.description.length > 100)
    wrong.push(`${name} lacks a description of at most 100 characters`);
  if ((field.enum?.length ?? 0) > 25) wrong.push(`${name} has over 25 choices`);
  return wrong;
}
