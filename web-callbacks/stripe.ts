import express, { Router } from 'express';

import { receivePaymentNotice } from '../core/billing/receive.ts';
import { requirePort, type Services } from '../core/context.ts';
import { answerAs } from './errors.ts';

const maxNoticeBytes = 1024 * 1024;

/**
 * `POST /webhooks/stripe`: something happened to a payment. The bytes are taken as they came, because
 * Stripe's signature is over them. 400 for what is not Stripe's; 500 for what is our fault, so that
 * Stripe comes again.
 */
export function stripeRoutes(services: Services): Router {
  const router = Router();
  router.post(
    '/webhooks/stripe',
    answerAs({ as: 'callback', statuses: { link_not_valid: 400 } }),
    express.raw({ type: () => true, limit: maxNoticeBytes, inflate: false }),
    async (request, response) => {
      const body: unknown = request.body;
      const notice = await requirePort(services.ports, 'payments').readNotice({
        body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
        signature: request.get('stripe-signature'),
        now: services.clock.now(),
      });
      response.json({ status: await receivePaymentNotice(services, notice, 'webhook') });
    },
  );
  return router;
}
