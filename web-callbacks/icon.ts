import { readFileSync } from 'node:fs';

import { Router } from 'express';

const icon = readFileSync(new URL('page/icon.svg', import.meta.url));
const dayInSeconds = 24 * 60 * 60;

/** `GET /icon.svg`: what browsers show beside the title of our pages. */
export function iconRoutes(): Router {
  const router = Router();
  router.get('/icon.svg', (_request, response) => {
    response.set('Cache-Control', `public, max-age=${dayInSeconds}`).type('svg').send(icon);
  });
  return router;
}
