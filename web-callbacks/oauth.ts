import express, { Router, type Request, type RequestHandler, type Response } from 'express';

import type { Services } from '../core/context.ts';
import { authPath, mcpResource } from '../core/token/resource.ts';
import { answerAs } from './errors.ts';
import { sendWebResponse, toWebRequest } from './web-request.ts';

const maxBodyBytes = 64 * 1024;

/**
 * OAuth 2.1 for programs: `/.well-known/oauth-authorization-server/auth` (RFC 8414), and below `/auth`
 * authorise, token, register, revoke, and the ways back from Google and Discord.
 */
export function oauthRoutes(services: Services): Router {
  const router = Router();
  const describe = async (_request: Request, response: Response) => {
    const metadata = await services.signIn.describe();
    // Any page may read what is no secret.
    response.set('Access-Control-Allow-Origin', '*').json(metadata);
  };
  router.get(`/.well-known/oauth-authorization-server${authPath}`, describe);
  router.get(`${authPath}/.well-known/oauth-authorization-server`, describe);
  router.use(authPath, answerAs({ as: 'page' }));
  router.get(`${authPath}/oauth2/authorize`, (request, response, next) => {
    const whole = wholeQuestion(services, request);
    if (whole === null) return next();
    response.redirect(302, whole);
  });
  const body = express.raw({ type: () => true, limit: maxBodyBytes });
  const pass: RequestHandler = async (request, response, next) => {
    const answer = await services.signIn.handle(toWebRequest(services, request));
    if (answer.status === 404) return next();
    if (answer.status >= 500) throw new Error(`the sign-in library answered ${answer.status}`);
    await sendWebResponse(response, answer);
  };
  router.get(`${authPath}/oauth2/authorize`, pass);
  router.get(`${authPath}/callback/:provider`, pass);
  for (const one of ['token', 'register', 'revoke'])
    router.post(`${authPath}/oauth2/${one}`, body, pass);
  return router;
}

/** Programs ask for it to come back by themselves; most forget to. */
const staySignedIn = 'offline_access';

/**
 * The question of a program with what it left out: programs from before RFC 8707 name no resource, and get
 * a token that is good here alone; programs that name their scopes forget the one for refresh tokens.
 * null where nothing is missing.
 */
function wholeQuestion(services: Services, request: Request): string | null {
  const resource = mcpResource(services);
  const address = new URL(request.originalUrl, 'http://127.0.0.1');
  const { searchParams: asked, pathname } = address;
  const scope = asked.get('scope');
  const isScopeWhole = scope === null || scope.split(' ').includes(staySignedIn);
  if ((resource === null || asked.has('resource')) && isScopeWhole) return null;
  if (resource !== null && !asked.has('resource')) asked.set('resource', resource);
  if (!isScopeWhole) asked.set('scope', `${scope} ${staySignedIn}`.trim());
  return `${pathname}?${asked.toString()}`;
}
