import { setTimeout } from 'node:timers/promises';

import { Router } from 'express';

import type { Services } from '../core/context.ts';
import manifest from '../package.json' with { type: 'json' };

/** A database that takes longer than this counts as down. */
const answerLimitMs = 2000;

/** `GET /healthz`: whether this process can work, and which run of which version it is. */
export function healthRoutes(services: Services, instance: string): Router {
  const router = Router();
  // Express 5 takes the rejection of an async handler to the error handler by itself.
  router.get('/healthz', async (_request, response) => {
    const up = await isDatabaseUp(services);
    response.set('Cache-Control', 'no-store').status(up ? 200 : 503);
    response.json({ status: up ? 'ok' : 'database_down', instance, version: manifest.version });
  });
  return router;
}

function isDatabaseUp({ database }: Services): Promise<boolean> {
  const asked = database.sql`select 1`.then(
    () => true,
    () => false,
  );
  return Promise.race([asked, setTimeout(answerLimitMs, false, { ref: false })]);
}
