import { setTimeout } from 'node:timers/promises';

import type { RequestHandler } from 'express';

import type { Services } from '../core/context.ts';
import { isFault } from '../core/fault.ts';
import { countAddress } from '../core/limits/rates.ts';

/** A database that takes longer than this is not waited for. */
const countLimitMs = 2000;

/**
 * Refuses a network address that asks too often. Where it cannot be counted everybody is let in: some
 * pages work without a database, the others say that it is down, and no link opens by guessing.
 * @throws Fault `rate_limited`
 */
export const limitAddresses =
  (services: Services): RequestHandler =>
  async ({ ip }, _response, next) => {
    // A connection that is gone already has no address.
    if (ip !== undefined) await countOrPass(services, ip);
    next();
  };

async function countOrPass(services: Services, ip: string): Promise<void> {
  try {
    const late = setTimeout(countLimitMs, undefined, { ref: false });
    await Promise.race([countAddress(services, ip), late]);
  } catch (error) {
    if (isFault(error, 'rate_limited')) throw error;
    services.log.warn({ err: error }, 'a request was let in uncounted');
  }
}
