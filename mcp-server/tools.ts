import { ToolSchema, type Tool, type ToolAnnotations } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

import type { Ports } from '../core/context.ts';
import { inputSchemaFor, needsConsent, type AnyOperation, type Effect } from '../core/operation.ts';

/** Ports behind which other people's computers are. */
const outside: readonly (keyof Ports)[] = [
  'trendSource',
  'languageModel',
  'videoModels',
  'videoHost',
];

/** An operation as a tool: the schema that models may fill in, and every hint said outright. */
export function toTool(operation: AnyOperation): Tool {
  return ToolSchema.parse({
    name: operation.name,
    title: titleOf(operation),
    description: describe(operation),
    inputSchema: schemaOf(inputSchemaFor(operation, true), 'input'),
    outputSchema: schemaOf(operation.output, 'output'),
    annotations: annotate(operation),
  });
}

/** The summary up to its first pause, such as "Find short videos that are taking off". */
const titleOf = ({ name, summary }: AnyOperation): string => summary.en.split(/[.,:;]/)[0] ?? name;

const describe = (operation: AnyOperation): string =>
  [
    operation.summary.en,
    operation.guidance,
    needsConsent(operation)
      ? 'Every call is put to a person, who approves or declines; no argument can do that for them.'
      : undefined,
  ]
    .filter((sentence) => sentence !== undefined)
    .join(' ');

/** Without the dialect's address, which costs a model words and says nothing. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

/** The protocol's own defaults are pessimistic, so none is left open. */
function annotate(operation: AnyOperation): ToolAnnotations {
  const hints: Record<Effect, { readOnly: boolean; destructive: boolean }> = {
    read: { readOnly: true, destructive: false },
    write: { readOnly: false, destructive: false },
    spend: { readOnly: false, destructive: false },
    publish: { readOnly: false, destructive: false },
    destroy: { readOnly: false, destructive: true },
  };
  const { readOnly, destructive } = hints[operation.effect];
  const reachesOut = operation.needs.some((port) => outside.includes(port));
  return {
    title: titleOf(operation),
    readOnlyHint: readOnly,
    destructiveHint: destructive,
    idempotentHint: readOnly,
    openWorldHint: reachesOut || operation.effect === 'spend' || operation.effect === 'publish',
  };
}
