import { and, asc, eq, gt, isNull, lt, lte } from 'drizzle-orm';
import { z } from 'zod';

import { publications } from '../../drizzle/schema/publishing.ts';
import { trendForecasts } from '../../drizzle/schema/trends.ts';
import { withAccess } from '../channel/access.ts';
import { secondsAfter } from '../clock.ts';
import { requirePort, type JobContext } from '../context.ts';
import { isFault, type FaultCode } from '../fault.ts';
import { defineJob } from '../job.ts';
import { countsPerCall, type HostCounts } from '../ports/video-host.ts';
import { readForecastGrade } from './forecast.ts';

const retrySeconds = 86_400;
const maxRetries = 3;
/** Views that are read later than this say nothing about the first days. */
const keptSeconds = 10 * 86_400;

/**
 * Reads the views of published videos whose time has come, up to 50 of a channel in one call. Views that
 * cannot be read are asked for on three more days, and then the forecast is closed without a grade.
 */
export const readForecastViews = defineJob({
  name: 'trend.forecast',
  payload: z.object({}),
  attempts: 3,
  backoff: { seconds: 60, maxSeconds: 600 },
  timeoutSeconds: 900,
  cron: '29 * * * *',
  async run(_payload, context) {
    if (!context.ports.videoHost) return;
    await closeStale(context);
    const defects: unknown[] = [];
    let graded = 0;
    for (const channelId of await readDueChannels(context)) {
      context.signal.throwIfAborted();
      try {
        graded += await readChannel(context, channelId);
      } catch (error) {
        // The other channels do not wait for this one.
        defects.push(error);
      }
    }
    if (graded > 0)
      context.log.info(
        { read: graded, ...(await readForecastGrade(context)) },
        'forecasts were marked by their views',
      );
    if (defects.length > 0) throw new AggregateError(defects, 'views could not be read');
  },
});

const isOpen = isNull(trendForecasts.gradedAt);

async function closeStale({ database, clock }: JobContext): Promise<void> {
  const now = clock.now();
  await database.db
    .update(trendForecasts)
    .set({ gradedAt: now })
    .where(and(isOpen, lt(trendForecasts.madeAt, secondsAfter(now, -keptSeconds))));
}

async function readDueChannels({ database, clock }: JobContext): Promise<readonly string[]> {
  const rows = await database.db
    .selectDistinct({ channelId: publications.channelId })
    .from(trendForecasts)
    .innerJoin(publications, eq(publications.id, trendForecasts.publicationId))
    .where(and(isOpen, lte(trendForecasts.dueAt, clock.now())))
    .orderBy(asc(publications.channelId));
  return rows.map(({ channelId }) => channelId);
}

type Due = {
  readonly id: string;
  readonly tries: number;
  readonly hostVideoId: string | null;
};

/** Reads what is due of one channel; answers how many were graded. */
async function readChannel(context: JobContext, channelId: string): Promise<number> {
  let graded = 0;
  for (let last = ''; ;) {
    const batch: readonly Due[] = await context.database.db
      .select({
        id: trendForecasts.id,
        tries: trendForecasts.tries,
        hostVideoId: publications.hostVideoId,
      })
      .from(trendForecasts)
      .innerJoin(publications, eq(publications.id, trendForecasts.publicationId))
      .where(
        and(
          isOpen,
          lte(trendForecasts.dueAt, context.clock.now()),
          eq(publications.channelId, channelId),
          gt(trendForecasts.id, last),
        ),
      )
      .orderBy(asc(trendForecasts.id))
      .limit(countsPerCall);
    const counts = batch.length > 0 ? await fetchCounts(context, channelId, batch) : null;
    if (counts === null) return graded;
    graded += await settle(context, batch, counts);
    last = batch.at(-1)?.id ?? '';
    if (batch.length < countsPerCall) return graded;
  }
}

/** Only people can change these; everything else passes by itself. */
const lasting: ReadonlySet<FaultCode> = new Set([
  'channel_reconnect',
  'channel_scope_missing',
  'channel_missing',
  'publication_refused',
] as const);
const passing: ReadonlySet<FaultCode> = new Set(['provider_busy', 'provider_locked'] as const);

/** Counts by video; none where the channel cannot be read, null where YouTube is to be asked later. */
async function fetchCounts(
  context: JobContext,
  channelId: string,
  batch: readonly Due[],
): Promise<ReadonlyMap<string, HostCounts> | null> {
  const host = requirePort(context.ports, 'videoHost');
  const ids = batch.flatMap(({ hostVideoId }) => hostVideoId ?? []);
  if (ids.length === 0) return new Map();
  try {
    return await withAccess(context, channelId, (token) => host.fetchCounts(token, ids));
  } catch (error) {
    if (isFault(error) && passing.has(error.code)) return null;
    if (isFault(error) && lasting.has(error.code)) return new Map();
    throw error;
  }
}

/** Writes down what was read, each forecast once; answers how many were graded. */
async function settle(
  { database, clock }: JobContext,
  batch: readonly Due[],
  counts: ReadonlyMap<string, HostCounts>,
): Promise<number> {
  const now = clock.now();
  return database.db.transaction(async (tx) => {
    let graded = 0;
    for (const due of batch) {
      const { views } = counts.get(due.hostVideoId ?? '') ?? { views: null };
      const changed = await tx
        .update(trendForecasts)
        .set(views === null ? withoutViews(due, now) : { views, gradedAt: now })
        // Another worker may have read the same.
        .where(and(eq(trendForecasts.id, due.id), isOpen, eq(trendForecasts.tries, due.tries)))
        .returning({ views: trendForecasts.views });
      graded += changed.filter((row) => row.views !== null).length;
    }
    return graded;
  });
}

const withoutViews = ({ tries }: Due, now: Date) =>
  tries < maxRetries
    ? { tries: tries + 1, dueAt: secondsAfter(now, retrySeconds) }
    : { tries: tries + 1, gradedAt: now };
