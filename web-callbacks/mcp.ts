import { Router } from 'express';

import type { Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import type { AnyOperation } from '../core/operation.ts';
import { createMcpWeb, describeMcpResource, describeMcpServer } from '../mcp-server/web.ts';
import { isRefusal, noteRefusal } from './refusals.ts';

/** A name or a number, and perhaps a port. */
const hostShape = /^[\w.:[\]-]+$/;

type Describe = (services: Services) => object | null;

const descriptions: readonly (readonly [string, Describe])[] = [
  ['/.well-known/oauth-protected-resource', describeMcpResource],
  ['/.well-known/oauth-protected-resource/mcp', describeMcpResource],
  ['/.well-known/mcp/server-card.json', describeMcpServer],
];

/** `/mcp`: Streamable HTTP for programs that bring an access token, and how they learn to be let in. */
export function mcpRoutes(services: Services, operations: readonly AnyOperation[]): Router {
  const router = Router();
  const serve = createMcpWeb(services, operations);
  for (const [path, describe] of descriptions)
    router.get(path, (_request, response, next) => {
      const description = describe(services);
      if (!description) return next();
      // Any page may read what is no secret.
      response.set('Access-Control-Allow-Origin', '*').json(description);
    });
  router.all('/mcp', (request, response) => {
    // What reads the request would take a host with a user or a path, or TRACE, for a defect of ours.
    if (!hostShape.test(request.get('host') ?? '') || request.method === 'TRACE')
      throw new Fault('link_not_valid', {});
    // What a person owns is in the answers.
    response.set('Cache-Control', 'no-store');
    response.once('finish', () => {
      const { statusCode: status } = response;
      if (isRefusal(status)) noteRefusal(services, request, { response, status, code: 'mcp' });
    });
    return serve(request, response);
  });
  return router;
}
