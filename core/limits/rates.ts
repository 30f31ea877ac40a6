import type { RateLimiterDrizzle } from 'rate-limiter-flexible';

import type { Database } from '../../drizzle/client.ts';
import { rateLimits } from '../../drizzle/schema/limits.ts';
import type { Actor, Services } from '../context.ts';
import { Fault } from '../fault.ts';
import { networkOf } from './network.ts';

type Counting = Pick<Services, 'config' | 'database'>;
type Limit = {
  readonly of: 'account' | 'server' | 'address' | 'sign-in' | 'login' | 'mail';
  readonly points: number;
  /** Absent: a minute. */
  readonly seconds?: number;
};

/**
 * Counts one request of an account and of the chat server that it comes from, in Postgres, so that all
 * processes count together. Who is over the limit of the account takes nothing from that of the server.
 * @throws Fault `rate_limited`
 */
export async function countRequest(services: Counting, actor: Actor): Promise<void> {
  const { RATE_ACCOUNT_PER_MINUTE, RATE_SERVER_PER_MINUTE } = services.config;
  await count(services, { of: 'account', points: RATE_ACCOUNT_PER_MINUTE }, actor.accountId);
  if (actor.serverId)
    await count(services, { of: 'server', points: RATE_SERVER_PER_MINUTE }, actor.serverId);
}

/** Counts one request from a network address. @throws Fault `rate_limited` */
export async function countAddress(services: Counting, address: string): Promise<void> {
  const points = services.config.RATE_ADDRESS_PER_MINUTE;
  await count(services, { of: 'address', points }, networkOf(address));
}

/** Takes one of the points of a key. @throws Fault `rate_limited` */
export async function count({ database }: Counting, limit: Limit, key: string): Promise<void> {
  const library = await load();
  const limiter = limiterOf(library, database, limit);
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof library.RateLimiterRes)) throw refusal;
    const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    throw new Fault('rate_limited', { seconds }, { retryAfterSeconds: seconds });
  }
}

// Read with the first request: it would be a part of the time in which a process starts.
const load = () => import('rate-limiter-flexible');

const limiters = new WeakMap<Database, Map<string, RateLimiterDrizzle>>();

/**
 * The library reads the wall clock of the process: a minute of a test that moves its own clock does not
 * end by that, and machines whose clocks differ end a minute apart.
 */
function limiterOf(
  { RateLimiterDrizzle: Limiter }: Awaited<ReturnType<typeof load>>,
  database: Database,
  { of, points, seconds = 60 }: Limit,
): RateLimiterDrizzle {
  const known = limiters.get(database) ?? new Map<string, RateLimiterDrizzle>();
  limiters.set(database, known);
  const name = `${of}:${points}`;
  const limiter =
    known.get(name) ??
    new Limiter({
      storeClient: database.db,
      schema: rateLimits,
      keyPrefix: of,
      points,
      duration: seconds,
      // Who goes on asking is refused here, without a word to the database.
      inMemoryBlockOnConsumed: points,
      clearExpiredByTimeout: false,
    });
  known.set(name, limiter);
  return limiter;
}
