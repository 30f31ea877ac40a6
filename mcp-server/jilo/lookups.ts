import type { CallToolResult } from '@modelcontextprotocol/server';
import { z } from 'zod';

import type { Context } from '../../core/context.ts';
import { inputFault } from '../../core/input-fault.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { fetchOne, searchEverything } from '../search.ts';
import { fetchInput, searchInput } from '../lookup-tools.ts';

type Lookup = (
  raw: unknown,
  context: Context,
  operations: readonly AnyOperation[],
) => Promise<CallToolResult>;

const lookups: ReadonlyMap<string, Lookup> = new Map([
  [
    'search',
    async (raw, context, operations) => {
      const { query } = parse(searchInput, raw);
      return plainly(await searchEverything(query, context, operations));
    },
  ],
  [
    'fetch',
    async (raw, context, operations) => {
      const { id } = parse(fetchInput, raw);
      return plainly(await fetchOne(id, context, operations));
    },
  ],
]);

export const lookupNames: readonly string[] = [...lookups.keys()];

/** The two tools that ChatGPT looks for, which are no operations: they read across all of them. */
export const findLookup = (name: string): Lookup | undefined => lookups.get(name);

/** @throws Fault `invalid_input`. */
function parse<T extends z.ZodObject>(schema: T, raw: unknown): z.output<T> {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw inputFault(schema, raw);
  return parsed.data;
}

/** One text, of JSON alone: that is what those who call these two expect. */
const plainly = (value: Record<string, unknown>): CallToolResult => ({
  structuredContent: value,
  content: [{ type: 'text', text: JSON.stringify(value) }],
});
