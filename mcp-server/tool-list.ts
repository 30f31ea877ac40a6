import { readFileSync } from 'node:fs';

import { isSpecType, type Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';

import type { Ports } from '../core/context.ts';
import type { ListedTool } from './tools.ts';

const listSchema = z.array(
  z.object({
    tool: z.custom<Tool>((value) => isSpecType.Tool(value)),
    needs: z.array(z.custom<keyof Ports>((value) => typeof value === 'string')),
    effect: z.enum(['read', 'write', 'spend', 'publish', 'destroy']),
  }),
);

/**
 * The tools as `npm run generate` wrote them down from the operations, so that a client sees them
 * before anything of the product is loaded.
 */
export const readToolList = (): ListedTool[] =>
  listSchema.parse(JSON.parse(readFileSync(new URL('tools.json', import.meta.url), 'utf8')));

/** The tools whose ports are all there. */
export const offeredTools = (
  tools: readonly ListedTool[],
  present: ReadonlySet<keyof Ports>,
): ListedTool[] => tools.filter(({ needs }) => needs.every((port) => present.has(port)));
