import {
  bearerAuthChallengeResponse,
  isJSONRPCRequest,
  localhostAllowedHostnames,
  OAuthError,
  OAuthErrorCode,
} from '@modelcontextprotocol/server';

import type { Services } from '../core/context.ts';
import type { Grant, TokenVerifier } from '../core/token/grant.ts';
import { mcpResource } from '../core/token/resource.ts';
import { scopeFor, type Scope } from '../core/token/scopes.ts';
import { answerUnreadable, readBody, refuseStranger, serveMcp, unreadable } from './http-serve.ts';
import { createMailbox } from './mailbox.ts';
import type { Service } from './service.ts';
import type { ListedTool } from './tools.ts';

export type McpHttpParts = {
  readonly services: Services;
  readonly verifier: TokenVerifier;
  readonly tools: readonly ListedTool[];
  /** The service as the person of a grant sees it. */
  readonly serviceFor: (grant: Grant) => Service;
};

/**
 * MCP over Streamable HTTP for both eras, at one address. Each request is served by what it brings
 * along and by the database: no process remembers a client.
 */
export function createMcpHttp(parts: McpHttpParts): {
  fetch(request: Request): Promise<Response>;
} {
  return {
    async fetch(request) {
      const refused = refuseStranger(request, ownNames(parts.services));
      if (refused) return refused;
      try {
        const grant = await readGrant(request, parts);
        const body = await readBody(request);
        if (body === unreadable) return answerUnreadable();
        requireScopes(body, grant, parts.tools);
        const { services } = parts;
        return await serveMcp(request, body, {
          service: parts.serviceFor(grant),
          mailbox: createMailbox(services, grant.accountId),
          crypto: services.crypto,
          ids: services.ids,
          account: grant.accountId,
        });
      } catch (error) {
        if (!(error instanceof OAuthError)) throw error;
        return challenge(error, parts.services);
      }
    },
  };
}

/** The names that the web app has, and in development every name of this machine. */
function ownNames({ publicUrl, config }: Services): string[] {
  const own = new URL(publicUrl() ?? 'http://127.0.0.1').hostname;
  return config.NODE_ENV === 'production' ? [own] : [own, ...localhostAllowedHostnames()];
}

/** @throws OAuthError when there is no token, or it is no good here. */
async function readGrant(request: Request, { services, verifier }: McpHttpParts): Promise<Grant> {
  const [scheme = '', token = ''] = (request.headers.get('authorization') ?? '').split(' ', 2);
  if (scheme.toLowerCase() !== 'bearer' || token === '')
    throw new OAuthError(OAuthErrorCode.InvalidToken, 'No access token was given.');
  const grant = await verifier.verify(token);
  if (!grant || grant.resource !== mcpResource(services) || grant.expiresAt <= services.clock.now())
    throw new OAuthError(OAuthErrorCode.InvalidToken, 'The access token is not valid here.');
  return grant;
}

class MissingScope extends OAuthError {
  readonly scope: Scope;
  constructor(scope: Scope) {
    super(OAuthErrorCode.InsufficientScope, `This needs a token with the scope ${scope}.`);
    this.scope = scope;
  }
}

/** @throws OAuthError when the request, or one of a batch, needs a scope that the token lacks. */
function requireScopes(body: unknown, grant: Grant, tools: readonly ListedTool[]): void {
  for (const message of Array.isArray(body) ? body : [body]) {
    const scope = scopeOf(message, tools);
    if (scope && !grant.scopes.includes(scope)) throw new MissingScope(scope);
  }
}

/** null for what any token may ask: how to talk, and what there is. */
function scopeOf(message: unknown, tools: readonly ListedTool[]): Scope | null {
  if (!isJSONRPCRequest(message)) return null;
  if (/^(?:resources|prompts\/get|completion|subscriptions)/.test(message.method)) return 'read';
  if (message.method !== 'tools/call') return null;
  const called = tools.find(({ tool }) => tool.name === message.params?.['name']);
  return called ? scopeFor(called.effect) : null;
}

const challenge = (error: OAuthError, services: Services): Response =>
  bearerAuthChallengeResponse(error, {
    ...(error instanceof MissingScope ? { requiredScopes: [error.scope] } : {}),
    ...metadataOf(services),
  });

function metadataOf(services: Services): { resourceMetadataUrl?: string } {
  const resource = mcpResource(services);
  if (!resource) return {};
  return {
    resourceMetadataUrl: new URL('/.well-known/oauth-protected-resource/mcp', resource).href,
  };
}
