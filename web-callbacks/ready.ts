import { setTimeout } from 'node:timers/promises';

import { Router } from 'express';

import type { Clock } from '../core/clock.ts';
import type { Services } from '../core/context.ts';
import { providers, type Provider, type ProviderRecord } from '../core/provider-calls.ts';

/** What takes longer than this to answer counts as down. */
const answerLimitMs = 2000;
/** However often somebody asks, database and queue are looked at no more often than this. */
const freshMs = 1000;
/** Storage elsewhere is paid for by the look. */
const storageFreshMs = 10_000;
/** No file has this name: whether storage answers is all that is asked. */
const probeKey = 'ready/probe.txt';

type Check = { readonly state: 'up' | 'down' };
type QueueCheck = Check & { readonly oldest_waiting_seconds: number | null };

/** How a provider is doing as far as this process has seen; ages are whole seconds, null: never. */
type ProviderCheck = {
  readonly state: ProviderRecord['state'];
  readonly last_success_seconds: number | null;
  readonly last_failure_seconds: number | null;
};

/**
 * `GET /readyz`: 200 while this process can do its work, and 503 while its database, its queue or its
 * storage is away. A provider that is away is shown and changes nothing: its work waits in the queue.
 */
export function readyRoutes(services: Services): Router {
  const router = Router();
  const { clock, database, health, ports } = services;
  const look = {
    database: cached(clock, freshMs, () => checkUp(database.sql`select 1`)),
    queue: cached(clock, freshMs, () => checkQueue(services)),
    storage: cached(clock, storageFreshMs, () => checkUp(ports.storage.stat(probeKey))),
  };
  router.get('/readyz', async (_request, response) => {
    const [up, queue, storage] = await Promise.all([look.database(), look.queue(), look.storage()]);
    const isReady = [up, queue, storage].every(({ state }) => state === 'up');
    const now = clock.now();
    const seen = providers.map((name) => [name, describe(health.readProvider(name), now)] as const);
    const known: Partial<Record<Provider, ProviderCheck>> = Object.fromEntries(seen);
    response.set('Cache-Control', 'no-store').status(isReady ? 200 : 503);
    response.json({
      status: isReady ? 'ready' : 'not_ready',
      checks: { database: up, queue, storage, providers: known },
    });
  });
  return router;
}

const isAnswered = (asked: PromiseLike<unknown>): Promise<boolean> =>
  Promise.race([
    Promise.resolve(asked).then(
      () => true,
      () => false,
    ),
    setTimeout(answerLimitMs, false, { ref: false }),
  ]);

async function checkUp(asked: PromiseLike<unknown>): Promise<Check> {
  return { state: (await isAnswered(asked)) ? 'up' : 'down' };
}

async function checkQueue({ health }: Services): Promise<QueueCheck> {
  const asked = health.readQueue();
  const check = await checkUp(asked);
  const oldest = check.state === 'up' ? (await asked).oldestWaitingSeconds : null;
  return { ...check, oldest_waiting_seconds: oldest === null ? null : Math.round(oldest) };
}

function describe({ state, ...at }: ProviderRecord, now: Date): ProviderCheck {
  const age = (then: Date | null) =>
    then === null ? null : Math.max(0, Math.round((now.getTime() - then.getTime()) / 1000));
  return {
    state,
    last_success_seconds: age(at.lastSuccessAt),
    last_failure_seconds: age(at.lastFailureAt),
  };
}

/** One look for everybody who asks while it lasts and for so long after its start. */
function cached<T>(clock: Clock, forMs: number, look: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly found: Promise<T> } | null = null;
  return () => {
    const now = clock.now().getTime();
    if (last === null || now - last.at >= forMs || now < last.at) last = { at: now, found: look() };
    return last.found;
  };
}
