import type { Tool, ToolAnnotations } from '@modelcontextprotocol/server';
import { z } from 'zod';

import type { Ports } from '../core/context.ts';
import { inputSchemaFor, isTool, type AnyOperation, type Effect } from '../core/operation.ts';
import { briefSchema } from './brief-schema.ts';
import { lookupTools } from './lookup-tools.ts';

/** A tool, with what decides whether it is offered and to whom. */
export type ListedTool = {
  readonly tool: Tool;
  /** Ports without which it is not offered. */
  readonly needs: readonly (keyof Ports)[];
  readonly effect: Effect;
};

/** Every tool of the registry, and the two that find and fetch what a person has. */
export const listTools = (operations: readonly AnyOperation[]): ListedTool[] => [
  ...operations.filter(isTool).map((operation) => ({
    tool: toTool(operation),
    needs: operation.needs,
    effect: operation.effect,
  })),
  ...lookupTools.map((tool) => ({ tool, needs: [], effect: 'read' as const })),
];

/** Ports behind which other people's computers are. */
const outside: readonly (keyof Ports)[] = [
  'trendSource',
  'languageModel',
  'videoModels',
  'videoHost',
];

/**
 * An operation as a tool: what models may fill in, said briefly, and every hint said outright.
 * @internal
 */
export function toTool(operation: AnyOperation): Tool {
  return {
    name: operation.name,
    title: titleOf(operation),
    description: [operation.summary.en, operation.guidance].filter(Boolean).join(' '),
    inputSchema: briefSchema(listedInput(operation)),
    outputSchema: { type: 'object' },
    annotations: annotate(operation),
  };
}

/** The name the other way round: "Search trends" for `trend_search`. */
function titleOf({ name }: AnyOperation): string {
  const [noun = name, verb = ''] = name.split('_');
  const nouns = verb === 'list' || verb === 'search' ? `${noun}s` : noun;
  return `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${nouns}`;
}

function listedInput(operation: AnyOperation): z.ZodObject {
  const schema = inputSchemaFor(operation, true);
  const listed = operation.listedToModels;
  if (!listed) return schema;
  const entries = Object.entries(schema.shape).filter(([field]) => listed.includes(field));
  return z.strictObject(Object.fromEntries(entries));
}

/** The protocol's own defaults are pessimistic, so none is left open. */
function annotate(operation: AnyOperation): ToolAnnotations {
  const { effect, needs } = operation;
  const reachesOut = needs.some((port) => outside.includes(port));
  return {
    readOnlyHint: effect === 'read',
    destructiveHint: effect === 'destroy',
    idempotentHint: effect === 'read',
    openWorldHint: reachesOut || effect === 'spend' || effect === 'publish',
  };
}
