import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { Router, type Response } from 'express';
import { z } from 'zod';

import { contextOfAccount } from '../core/account/acting.ts';
import { exportFile, isExportLink } from '../core/account/export-link.ts';
import { writeExport } from '../core/account/export-write.ts';
import type { Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { answerAs } from './errors.ts';

const addressSchema = z.object({
  account: z.string().regex(/^[\w-]{1,64}$/),
  exp: z.string().regex(/^\d{1,12}$/),
  sig: z.string().min(1).max(200),
});

/**
 * `GET /exports/<account>.json?exp&sig`: everything that an account holds, as a file, put together while
 * it is sent, for whoever holds its signed address.
 */
export function accountExportRoutes(services: Services): Router {
  const router = Router();
  router.get('/exports/:account.json', answerAs({ as: 'page' }), async (request, response) => {
    const address = addressSchema.safeParse({ ...request.query, ...request.params });
    if (!address.success) throw new Fault('link_not_valid', {});
    const { account: accountId, ...signed } = address.data;
    if (!isExportLink(services, accountId, signed)) throw new Fault('link_not_valid', {});
    const { signal } = new AbortController();
    await contextOfAccount(services, { accountId, surface: 'web', signal });
    response.attachment(exportFile).set({
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
    });
    if (request.method === 'HEAD') response.end();
    else await send(Readable.from(writeExport(services, accountId)), response);
  });
  return router;
}

async function send(content: Readable, response: Response): Promise<void> {
  let isBroken = false;
  content.once('error', () => (isBroken = true));
  try {
    await pipeline(content, response);
  } catch (error) {
    // Otherwise the reader has left.
    if (isBroken) throw error;
  }
}
