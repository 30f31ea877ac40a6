import express, { Router } from 'express';
import { z } from 'zod';

import type { Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { receiveShotCallback } from '../core/video/receive.ts';
import { answerAs } from './errors.ts';

const maxCallbackBytes = 256 * 1024;

const addressSchema = z.object({
  attempt: z.string().min(1).max(100),
  sig: z.string().min(1).max(200),
});

/**
 * `POST /webhooks/fal`: a clip is made, or failed. The bytes are taken as they came, because fal's
 * signature is over them. 401 for what is not fal's; 500 for what is our fault, so that fal calls again.
 */
export function falRoutes(services: Services): Router {
  const router = Router();
  router.post(
    '/webhooks/fal',
    answerAs({ as: 'callback', statuses: { link_not_valid: 401 } }),
    express.raw({ type: () => true, limit: maxCallbackBytes, inflate: false }),
    // Express 5 takes the rejection of an async handler to the error handler by itself.
    async (request, response) => {
      const address = addressSchema.safeParse(request.query);
      if (!address.success) throw new Fault('link_not_valid', {});
      const body: unknown = request.body;
      const status = await receiveShotCallback(services, {
        body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
        header: (name) => request.get(name),
        attemptId: address.data.attempt,
        signature: address.data.sig,
      });
      response.json({ status });
    },
  );
  return router;
}
