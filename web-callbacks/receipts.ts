import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { Router, type Response } from 'express';
import { z } from 'zod';

import { contextOfAccount } from '../core/account/acting.ts';
import type { Services } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { monthSchema } from '../core/quota/month-name.ts';
import { writeCsv } from '../core/quota/receipt-csv.ts';
import { writeJson } from '../core/quota/receipt-json.ts';
import { openReceipt, readReceipt } from '../core/quota/receipt-lines.ts';
import {
  isReceiptLink,
  receiptFile,
  receiptFormats,
  type ReceiptWish,
} from '../core/quota/receipt-link.ts';
import { answerAs } from './errors.ts';

const addressSchema = z.object({
  account: z.string().regex(/^[\w-]{1,64}$/),
  format: z.enum(receiptFormats),
  month: monthSchema.optional(),
  exp: z.string().regex(/^\d{1,12}$/),
  sig: z.string().min(1).max(200),
});

const types = { csv: 'text/csv; charset=utf-8', json: 'application/json; charset=utf-8' } as const;

/**
 * `GET /receipts/<account>.<csv|json>?month&exp&sig`: everything that moved and was paid for, as a
 * file, put together while it is sent, for whoever holds its signed address.
 */
export function receiptRoutes(services: Services): Router {
  const router = Router();
  router.get('/receipts/:account.:format', answerAs({ as: 'page' }), async (request, response) => {
    const address = addressSchema.safeParse({ ...request.query, ...request.params });
    if (!address.success) throw new Fault('link_not_valid', {});
    const { account: accountId, format, month = null, ...signed } = address.data;
    const wish = { accountId, format, month };
    if (!isReceiptLink(services, wish, signed)) throw new Fault('link_not_valid', {});
    await send(services, wish, response, request.method === 'HEAD');
  });
  return router;
}

async function send(
  services: Services,
  wish: ReceiptWish,
  response: Response,
  isHead: boolean,
): Promise<void> {
  const { format, month } = wish;
  const { signal } = new AbortController();
  const asked = { accountId: wish.accountId, surface: 'web', signal } as const;
  const person = await contextOfAccount(services, asked);
  // The account of the link may have become part of another one since.
  const { accountId } = person.actor;
  const { db } = services.database;
  const reader = { accountId, month, locale: person.locale, timeZone: person.timeZone };
  const lines = readReceipt(db, await openReceipt(db, accountId), reader);
  response.attachment(receiptFile(wish)).set({
    'Content-Type': types[format],
    'Cache-Control': 'no-store',
  });
  if (isHead) {
    response.end();
    return;
  }
  const text =
    format === 'csv' ? writeCsv(lines, reader) : writeJson(lines, reader, services.clock.now());
  const content = Readable.from(text);
  let isBroken = false;
  content.once('error', () => (isBroken = true));
  try {
    await pipeline(content, response);
  } catch (error) {
    // Otherwise the reader has left.
    if (isBroken) throw error;
  }
}
