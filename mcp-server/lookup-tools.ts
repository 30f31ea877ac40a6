import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';

import { briefSchema } from './brief-schema.ts';

const maxQuery = 200;

export const searchInput = z.strictObject({
  query: z.string().trim().max(maxQuery).describe('Words; empty: the newest'),
});

export const fetchInput = z.strictObject({
  id: z.string().min(1).max(maxQuery).describe('Id from search'),
});

const annotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** The two tools by which ChatGPT's connectors read: what the person has, across all operations. */
export const lookupTools: readonly Tool[] = [
  {
    name: 'search',
    title: 'Search everything',
    description: 'Find the videos, publications and trends that the person has. Next: fetch.',
    inputSchema: briefSchema(searchInput),
    outputSchema: { type: 'object' },
    annotations,
  },
  {
    name: 'fetch',
    title: 'Fetch one',
    description: 'Read one thing that search found.',
    inputSchema: briefSchema(fetchInput),
    outputSchema: { type: 'object' },
    annotations,
  },
];
