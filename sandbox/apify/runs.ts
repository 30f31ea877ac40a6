import { z } from 'zod';

import type { Actor } from './actors.ts';

export const runSchema = z.object({
  id: z.string(),
  actorName: z.string(),
  status: z.enum(['READY', 'RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED-OUT', 'ABORTED']),
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  input: z.record(z.string(), z.unknown()),
  maxItems: z.number().nullable(),
  maxTotalChargeUsd: z.number().nullable(),
  /** What the run is going to end as. */
  ending: z.enum(['SUCCEEDED', 'FAILED', 'TIMED-OUT']),
  items: z.array(z.unknown()),
});

/** A run as the emulator keeps it; times in milliseconds. */
export type Run = z.infer<typeof runSchema>;

/** Whether the run will not change any more. */
export function isOver(run: Run): boolean {
  return run.status !== 'READY' && run.status !== 'RUNNING';
}

/** How many items the run's cap pays for; a cap that is hit is no error. */
export function countPaidItems(actor: Actor, maxTotalChargeUsd: number | null): number {
  if (maxTotalChargeUsd === null) return Infinity;
  // A hair more, because 0.1 / 0.004 is 24.999… in binary.
  return Math.max(0, Math.floor((maxTotalChargeUsd - actor.startUsd) / actor.itemUsd + 1e-9));
}

/** The run as the real API writes it. */
export function describeRun(run: Run, actor: Actor): object {
  const charged = run.items.length;
  const started = actor.startUsd > 0 ? { 'apify-actor-start': 1 } : {};
  return {
    id: run.id,
    actId: actor.id,
    userId: 'sandboxUser00001',
    startedAt: new Date(run.startedAt).toISOString(),
    finishedAt: run.finishedAt === null ? null : new Date(run.finishedAt).toISOString(),
    status: run.status,
    statusMessage: run.status === 'SUCCEEDED' ? `Finished! ${charged} results.` : null,
    meta: { origin: 'API' },
    stats: { restartCount: 0 },
    options: {
      build: 'latest',
      timeoutSecs: 3600,
      memoryMbytes: 1024,
      maxItems: run.maxItems,
      maxTotalChargeUsd: run.maxTotalChargeUsd,
    },
    buildId: 'sandboxBuild0001',
    exitCode: isOver(run) ? Number(run.status !== 'SUCCEEDED') : null,
    defaultKeyValueStoreId: `${run.id}-kvs`,
    defaultDatasetId: `${run.id}-data`,
    defaultRequestQueueId: `${run.id}-queue`,
    usageTotalUsd: Number((actor.startUsd + charged * actor.itemUsd).toFixed(6)),
    pricingInfo: {
      pricingModel: 'PAY_PER_EVENT',
      minimalMaxTotalChargeUsd: actor.floorUsd,
      pricingPerEvent: {
        actorChargeEvents: {
          'apify-actor-start': { eventPriceUsd: actor.startUsd },
          'apify-default-dataset-item': { eventPriceUsd: actor.itemUsd },
        },
      },
    },
    chargedEventCounts: { ...started, 'apify-default-dataset-item': charged },
  };
}
