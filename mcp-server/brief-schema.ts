import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';

const jsonSchema = z.looseObject({
  properties: z.record(z.string(), z.looseObject({})).optional(),
  required: z.array(z.string()).optional(),
});

/** A schema without what a model can do without: it reads every word of it with every question. */
export function briefSchema(schema: z.ZodObject): Tool['inputSchema'] {
  const { properties = {}, required = [] } = jsonSchema.parse(
    z.toJSONSchema(schema, { io: 'input' }),
  );
  const fields = Object.entries(properties).map(([name, field]) => [name, briefField(field)]);
  return {
    type: 'object',
    properties: Object.fromEntries(fields),
    ...(required.length > 0 ? { required } : {}),
  };
}

/** A longer description than this, in characters, is for people. */
const maxFieldWords = 42;

/** What is free text keeps its description: the others say themselves what they take. */
function briefField(field: Readonly<Record<string, unknown>>): object {
  const { type, description, maximum, pattern: _, minLength: _least, ...rest } = field;
  if ('enum' in rest) return rest;
  const isSaid = type === 'string' && String(description).length <= maxFieldWords;
  const isBound = maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER;
  return { type, ...(isSaid ? { description } : {}), ...rest, ...(isBound ? { maximum } : {}) };
}
