import { setTimeout as pause } from 'node:timers/promises';

import { and, eq, inArray, lte } from 'drizzle-orm';

import { trendHarvestItems, trendHarvests } from '../../drizzle/schema/trends.ts';
import { secondsAfter } from '../clock.ts';
import { requirePort, type Services } from '../context.ts';
import { isFault } from '../fault.ts';
import type { TrendHarvest, TrendRun } from '../ports/trend-source.ts';
import { errandOf, isOver, readHarvest, type HarvestRow } from './harvest.ts';
import { sortReadings, storeSightings } from './sightings.ts';

/** Nobody else may take it over for so long: longer than a start and the look for its run may take. */
const startLeaseSeconds = 180;
/** While a run is waited for, each look renews this. */
const lookLeaseSeconds = 60;
const lookSeconds = 20;
/** How often a harvest that somebody else works on is read. */
const readEveryMs = 500;
const isActive = inArray(trendHarvests.status, ['waiting', 'running']);

export type Following = {
  /** Gives up with this signal's reason. */
  readonly signal: AbortSignal;
  /** Asks for the row as it is by then; the harvest goes on by itself. */
  readonly patience?: AbortSignal;
};

/**
 * Waits until a harvest is over, and does its work where nobody else does: any number may follow, one at a
 * time works. Answers the row as it is then, or when patience ends.
 * @throws Fault when the provider cannot be asked how it stands; the harvest is not over then.
 */
export async function followHarvest(
  services: Services,
  id: string,
  how: Following,
): Promise<HarvestRow> {
  const { signal, patience } = how;
  const either = patience ? AbortSignal.any([signal, patience]) : signal;
  for (;;) {
    signal.throwIfAborted();
    const mine = patience?.aborted ? null : await claim(services, id);
    const row = mine ?? (await readHarvest(services, id));
    if (isOver(row) || patience?.aborted) return row;
    try {
      if (mine) await work(services, mine, either);
      else await pause(readEveryMs, undefined, { signal: either });
    } catch (error) {
      if (mine) await release(services, id, error);
      if (signal.aborted || !patience?.aborted) throw signal.aborted ? signal.reason : error;
    }
  }
}

/** The row, when nobody works on it: from here on it is ours. */
async function claim(services: Services, id: string): Promise<HarvestRow | null> {
  const now = services.clock.now();
  const [row] = await services.database.db
    .update(trendHarvests)
    .set({ leasedUntil: secondsAfter(now, startLeaseSeconds) })
    .where(and(eq(trendHarvests.id, id), isActive, lte(trendHarvests.leasedUntil, now)))
    .returning();
  return row ?? null;
}

/** Gives it back, so that whoever follows next goes on at once, with what it waits for. */
async function release({ database, clock }: Services, id: string, error: unknown): Promise<void> {
  const fault = isFault(error, 'provider_busy') ? { code: error.code } : null;
  await database.db
    .update(trendHarvests)
    .set({ leasedUntil: clock.now(), fault })
    .where(and(eq(trendHarvests.id, id), isActive));
}

async function work(services: Services, row: HarvestRow, signal: AbortSignal): Promise<void> {
  const source = requirePort(services.ports, 'trendSource');
  const runId = row.runId ?? (await begin(services, row, signal));
  if (runId === null) return;
  for (;;) {
    const run = await source.look(runId, lookSeconds, signal);
    if (run.state !== 'running') {
      const harvest = await source.collect(runId, errandOf(row), signal);
      await store(services, row, run, harvest);
      return;
    }
    const leasedUntil = secondsAfter(services.clock.now(), lookLeaseSeconds);
    if (!(await change(services, row.id, { leasedUntil, fault: null }))) return;
  }
}

/**
 * The run of a harvest, started at most once: that it is to be started is written before, and where that
 * was written already by a process that has died, the run is looked for first. null when it is over.
 */
async function begin(
  services: Services,
  row: HarvestRow,
  signal: AbortSignal,
): Promise<string | null> {
  const source = requirePort(services.ports, 'trendSource');
  const errand = errandOf(row);
  let runId: string | null = null;
  if (row.status === 'running') runId = await source.find(errand, row.createdAt, signal);
  else if (!(await change(services, row.id, { status: 'running' }))) return null;
  try {
    runId ??= await source.start(errand, signal);
  } catch (error) {
    if (!isFault(error)) throw error;
    const { code, retryAfterSeconds } = error;
    if (code === 'provider_busy' && row.purpose !== 'sample') {
      // It has certainly not begun: it waits, and the job that takes over goes on with it.
      await change(services, row.id, { status: 'waiting' });
      throw error;
    }
    // What was refused has cost nothing; of anything else nobody can say.
    const costUsd = code === 'provider_failed' ? null : 0;
    await end(services, row.id, { status: 'failed', costUsd, fault: { code, retryAfterSeconds } });
    throw error;
  }
  if (await change(services, row.id, { runId })) return runId;
  // Nobody waits for it any more, and until now nobody could name it.
  await source.abort(runId);
  return null;
}

type Change = Partial<typeof trendHarvests.$inferInsert>;

/** Whether it could be written: what is over stays as it is. */
async function change({ database }: Services, id: string, values: Change): Promise<boolean> {
  const changed = await database.db
    .update(trendHarvests)
    .set(values)
    .where(and(eq(trendHarvests.id, id), isActive))
    .returning({ id: trendHarvests.id });
  return changed.length > 0;
}

const end = (services: Services, id: string, values: Change): Promise<boolean> =>
  change(services, id, { ...values, endedAt: services.clock.now() });

/** What a run has brought is kept however it ended: it is paid for. */
async function store(
  services: Services,
  { id }: HarvestRow,
  { state, costUsd }: TrendRun,
  { readings, seenAt }: TrendHarvest,
): Promise<void> {
  const { sightings, skipped } = sortReadings(readings);
  const known = await storeSightings(services, sightings, seenAt);
  const status = state === 'running' ? 'done' : state;
  await services.database.db.transaction(async (tx) => {
    const [ended] = await tx
      .update(trendHarvests)
      .set({ status, skipped, costUsd, fault: null, endedAt: services.clock.now() })
      .where(and(eq(trendHarvests.id, id), isActive))
      .returning({ id: trendHarvests.id });
    if (!ended || known.length === 0) return;
    await tx
      .insert(trendHarvestItems)
      .values(known.map((trend) => ({ harvestId: id, trendId: trend.id })));
  });
}
