import { isIP } from 'node:net';

import type { Services } from '../core/context.ts';
import { mcpResource } from '../core/token/resource.ts';
import manifest from '../package.json' with { type: 'json' };

const schema = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';

/**
 * What registries and clients read about this installation before they connect, in the form of the
 * MCP registry's `server.json`; null while no web app runs.
 */
export function describeMcpServer(services: Services): object | null {
  const url = mcpResource(services);
  if (!url) return null;
  return {
    $schema: schema,
    name: `${reversed(new URL(url).hostname)}/jilo`,
    title: 'Jilo',
    description: 'Finds short videos that take off, makes a new one and publishes it to YouTube.',
    version: manifest.version,
    remotes: [
      {
        type: 'streamable-http',
        url,
        headers: [
          {
            name: 'Authorization',
            description: 'Bearer and an access token, which token_create makes.',
            isRequired: true,
            isSecret: true,
          },
        ],
      },
    ],
  };
}

/** The registry names a server by its host, the other way round: whoever owns the host owns the name. */
const reversed = (hostname: string): string =>
  isIP(hostname) === 0 ? hostname.split('.').toReversed().join('.') : 'localhost';
