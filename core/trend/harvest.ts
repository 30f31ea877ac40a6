import { and, desc, eq, gt, gte, inArray, or } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { trendHarvests } from '../../drizzle/schema/trends.ts';
import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import { canonicalJson, sha256Hex } from '../crypto.ts';
import { Fault } from '../fault.ts';
import { platforms, type Platform, type TrendErrand } from '../ports/trend-source.ts';
import { trendHarvest } from './queue.ts';

/** One actor's run for one platform; searches and watches that ask the same share it. */
export type HarvestRow = typeof trendHarvests.$inferSelect;

/** The job that takes over looks this long after the opening for the first time. */
const firstLookSeconds = 60;

export const isOver = ({ status }: Pick<HarvestRow, 'status'>): boolean =>
  status !== 'waiting' && status !== 'running';

const errandSchema = z.union([
  z.object({
    keyword: z.string(),
    platform: z.enum(platforms),
    maxItems: z.int(),
    maxCostUsd: z.number(),
    days: z.int(),
  }),
  z.object({
    platform: z.enum(platforms),
    addresses: z.array(z.string()).min(1),
    maxCostUsd: z.number(),
  }),
]);

export const errandOf = ({ request }: Pick<HarvestRow, 'request'>): TrendErrand =>
  errandSchema.parse(request);

/** Equal for errands that bring the same, however the keyword is written; how many items apart. */
function queryOf(errand: TrendErrand): string {
  const asked =
    'addresses' in errand
      ? { addresses: errand.addresses.toSorted() }
      : {
          keyword: errand.keyword.normalize('NFKC').toLowerCase().trim().replace(/\s+/gu, ' '),
          days: errand.days,
        };
  return sha256Hex(canonicalJson(asked));
}

const itemsOf = (errand: TrendErrand): number =>
  'addresses' in errand ? errand.addresses.length : errand.maxItems;

export type Opened = {
  readonly id: string;
  readonly platform: Platform;
  /** False when somebody else has sent the actor. */
  readonly isStarter: boolean;
};

/**
 * The harvest that this errand is answered from: one that brought the same and is fresh, one that is going
 * on, or a new one. A new one is picked up by a job should this process die; of two at once, one is opened.
 */
export async function openHarvest(
  tx: Tx,
  services: Services,
  wanted: { readonly purpose: HarvestRow['purpose']; readonly errand: TrendErrand },
): Promise<Opened> {
  const { platform } = wanted.errand;
  for (;;) {
    const found = await findHarvest(tx, services, wanted.errand);
    if (found) return { id: found.id, platform, isStarter: false };
    const id = await insertHarvest(tx, services, wanted);
    if (id === null) continue;
    const options = { delaySeconds: firstLookSeconds };
    await services.queue.enqueue(tx, trendHarvest, { harvestId: id }, options);
    return { id, platform, isStarter: true };
  }
}

/** Whether an errand would be answered without sending an actor. */
export async function findHarvest(
  tx: Pick<Tx, 'select'>,
  { clock, config }: Pick<Services, 'clock' | 'config'>,
  errand: TrendErrand,
): Promise<HarvestRow | null> {
  const since = secondsAfter(clock.now(), -config.TREND_FRESH_MINUTES * 60);
  const isFresh = and(eq(trendHarvests.status, 'done'), gt(trendHarvests.endedAt, since));
  const [found] = await tx
    .select()
    .from(trendHarvests)
    .where(
      and(
        eq(trendHarvests.platform, errand.platform),
        eq(trendHarvests.query, queryOf(errand)),
        gte(trendHarvests.maxItems, itemsOf(errand)),
        or(inArray(trendHarvests.status, ['waiting', 'running']), isFresh),
      ),
    )
    .orderBy(desc(trendHarvests.createdAt), desc(trendHarvests.id))
    .limit(1);
  return found ?? null;
}

/** null when somebody else opens the same in this moment. */
async function insertHarvest(
  tx: Tx,
  { ids, clock }: Services,
  { purpose, errand }: { readonly purpose: HarvestRow['purpose']; readonly errand: TrendErrand },
): Promise<string | null> {
  const now = clock.now();
  const [row] = await tx
    .insert(trendHarvests)
    .values({
      id: ids.next('hrv'),
      purpose,
      platform: errand.platform,
      query: queryOf(errand),
      request: { ...errand },
      maxItems: itemsOf(errand),
      maxCostUsd: errand.maxCostUsd,
      status: 'waiting',
      skipped: {},
      leasedUntil: now,
      createdAt: now,
    })
    .onConflictDoNothing()
    .returning({ id: trendHarvests.id });
  return row?.id ?? null;
}

export async function readHarvest(services: Services, id: string): Promise<HarvestRow> {
  const [row] = await services.database.db
    .select()
    .from(trendHarvests)
    .where(eq(trendHarvests.id, id));
  if (!row) throw new Error(`there is no harvest ${id}`);
  return row;
}

const provider = 'Apify';
const faultSchema = z.object({
  code: z.enum(['provider_failed', 'provider_busy', 'provider_locked']),
  retryAfterSeconds: z.number().optional(),
});

/** Who a harvest that goes on waits for, since they were away when they were asked last; null: nobody. */
export const waitingForOf = ({ status, fault }: HarvestRow): string | null =>
  !isOver({ status }) && faultSchema.safeParse(fault).success ? provider : null;

/** Why a harvest that is over brought nothing, or not everything; null for one that went well. */
export function faultOfHarvest({ status, fault }: HarvestRow): Fault | null {
  if (status === 'timed_out') return new Fault('run_timed_out', { provider });
  if (status === 'aborted') return new Fault('run_aborted', { provider });
  if (status !== 'failed') return null;
  const said = faultSchema.safeParse(fault);
  if (!said.success) return new Fault('provider_failed', { provider });
  const { code, retryAfterSeconds } = said.data;
  return new Fault(
    code,
    { provider },
    retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
  );
}
