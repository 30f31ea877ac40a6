import express, { Router, type Request } from 'express';

import type { Services } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { answerAs } from '../errors.ts';
import { isOwnPage } from '../own-page.ts';
import { authErrorRoutes } from './auth-error.ts';
import { consentRoutes } from './consent.ts';
import { home } from './next.ts';
import { resetRoutes } from './reset.ts';
import { signInRoutes } from './sign-in.ts';
import { signUpRoutes } from './sign-up.ts';

const maxFormBytes = 16 * 1024;

/** `/`, `/sign-in`, `/sign-up`, `/verify`, `/reset`, `/sign-out`, `/consent`, `/auth-error`: how people get in, and let programs in. */
export function signInPages(services: Services): Router {
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: maxFormBytes, parameterLimit: 20 });
  const paths = ['/sign-in', '/sign-up', '/sign-out', '/verify', '/reset', '/consent'];
  router.use(paths, answerAs({ as: 'page' }), form, (request, _response, next) => {
    if (request.method === 'POST') requireOwnPage(services, request);
    // Another type of body than that of a form is an empty form.
    request.body ??= {};
    next();
  });
  router.get('/', (_request, response) => response.redirect(303, home));
  router.use(signInRoutes(services));
  router.use(signUpRoutes(services));
  router.use(resetRoutes(services));
  router.use(consentRoutes(services));
  router.use(authErrorRoutes());
  return router;
}

/** Nobody is signed in by a page of somebody else's. @throws Fault `link_not_valid` */
function requireOwnPage(services: Services, request: Request): void {
  if (!isOwnPage(services, request)) throw new Fault('link_not_valid', {});
}
