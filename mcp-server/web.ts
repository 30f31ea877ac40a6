import type { IncomingMessage, ServerResponse } from 'node:http';

import { toNodeHandler } from '@modelcontextprotocol/node';

import { contextOfAccount } from '../core/account/acting.ts';
import type { Services } from '../core/context.ts';
import type { AnyOperation } from '../core/operation.ts';
import type { Grant } from '../core/token/grant.ts';
import { authPath, mcpResource } from '../core/token/resource.ts';
import { scopes } from '../core/token/scopes.ts';
import { isOAuthToken, verifyOAuthToken } from '../core/token/verify-oauth.ts';
import { verifyToken } from '../core/token/verify.ts';
import { createMcpHttp } from './http.ts';
import { maxBodyBytes } from './http-serve.ts';
import { createJiloService } from './jilo/service.ts';
import { listTools } from './tools.ts';

export { describeMcpServer } from './server-card.ts';

type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** MCP for the web app to mount: any number of processes may serve it side by side. */
export function createMcpWeb(services: Services, operations: readonly AnyOperation[]): NodeHandler {
  const tools = listTools(operations);
  const http = createMcpHttp({
    services,
    verifier: {
      verify: (token) =>
        isOAuthToken(token) ? verifyOAuthToken(services, token) : verifyToken(services, token),
    },
    tools,
    serviceFor: (grant) => ({
      ...createJiloService(tools, async () => productOf(grant)),
      onDefect: (error) => services.log.error({ err: error }, 'an MCP request broke'),
    }),
  });
  const productOf = ({ accountId }: Grant) => ({
    operations,
    contextFor: (signal: AbortSignal) =>
      contextOfAccount(services, { accountId, surface: 'mcp', signal }),
  });
  const handle = toNodeHandler(http, {
    maxRequestBodySize: maxBodyBytes,
    onerror: (error) => services.log.error({ err: error }, 'a request over MCP broke'),
  });
  return (request, response) => {
    const { method = 'GET', url = '/' } = request;
    return handle(Object.assign(request, { method, url }), response);
  };
}

/** What a client reads to learn how to be let in (RFC 9728); null while no web app runs. */
export function describeMcpResource(services: Services): object | null {
  const resource = mcpResource(services);
  if (!resource) return null;
  return {
    resource,
    resource_name: 'Jilo',
    authorization_servers: [new URL(authPath, resource).href],
    scopes_supported: [...scopes],
    bearer_methods_supported: ['header'],
  };
}
