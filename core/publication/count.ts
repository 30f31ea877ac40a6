import { and, eq, gt, gte, inArray, isNotNull, notExists, or, sql, type SQL } from 'drizzle-orm';

import {
  channels,
  hostAllowances,
  publicationCounts,
  publications,
} from '../../drizzle/schema/publishing.ts';
import { withAccess } from '../channel/access.ts';
import { secondsAfter } from '../clock.ts';
import { requirePort, type JobContext } from '../context.ts';
import { isFault, type FaultCode } from '../fault.ts';
import { defineJob } from '../job.ts';
import { pacificDay } from '../pacific-day.ts';
import { countsPerCall, type HostCounts } from '../ports/video-host.ts';
import { publicationCount } from './queue.ts';

const hourSeconds = 3600;
const daySeconds = 24 * hourSeconds;
const hourlyDays = 7;
const dailyDays = 90;
/** Of a day's units counting takes no more, so that it is never what keeps a video from being published. */
const countingShare = 0.5;
/** Whoever asks for more patience than this has nothing left for today. */
const dayIsOverSeconds = 15 * 60;

/**
 * Reads how often published videos were played and liked: every hour for their first 7 days, then once a
 * day until they are 90 days old, 50 of a channel in one call. One row an hour at most, whoever reads.
 */
export const countPublications = defineJob({
  ...publicationCount,
  attempts: 3,
  backoff: { seconds: 60, maxSeconds: 600 },
  timeoutSeconds: 1200,
  cron: '17 * * * *',
  async run(_payload, context) {
    if (!context.ports.videoHost) return;
    const hour = hourOf(context.clock.now());
    const defects: unknown[] = [];
    for (const channelId of await readDueChannels(context, hour)) {
      context.signal.throwIfAborted();
      if (await hasSpentShare(context)) break;
      try {
        if ((await countChannel(context, channelId, hour)) === 'day over') break;
      } catch (error) {
        // The other channels do not wait for this one.
        defects.push(error);
      }
    }
    if (defects.length > 0) throw new AggregateError(defects, 'counts could not be read');
  },
});

/** What is read within one hour is kept under its beginning, so that it is kept once. */
const hourOf = (now: Date): Date =>
  new Date(now.getTime() - (now.getTime() % (hourSeconds * 1000)));

/**
 * What is to be read in this hour. A private video gathers nothing, and the host's units are shared by
 * everybody; one that becomes public later is read from then on.
 */
function isDue({ database, clock }: JobContext, hour: Date): SQL | undefined {
  const now = clock.now();
  const { liveAt, status, hostVideoId, hostPrivacy } = publications;
  const isHourly = gte(liveAt, secondsAfter(now, -hourlyDays * daySeconds));
  const notReadFor = (seconds: number) =>
    notExists(
      database.db
        .select({ readAt: publicationCounts.readAt })
        .from(publicationCounts)
        .where(
          and(
            eq(publicationCounts.publicationId, publications.id),
            gt(publicationCounts.readAt, secondsAfter(hour, -seconds)),
          ),
        ),
    );
  return and(
    eq(status, 'live'),
    isNotNull(hostVideoId),
    inArray(hostPrivacy, ['unlisted', 'public']),
    gte(liveAt, secondsAfter(now, -dailyDays * daySeconds)),
    or(and(isHourly, notReadFor(hourSeconds)), notReadFor(daySeconds)),
  );
}

/** Connected channels with something to read; those that were left out the longest come first. */
async function readDueChannels(context: JobContext, hour: Date): Promise<readonly string[]> {
  const { db } = context.database;
  const lastRead = sql`(select max(${publicationCounts.readAt}) from ${publicationCounts} where ${publicationCounts.publicationId} = ${publications.id})`;
  const rows = await db
    .select({ channelId: publications.channelId })
    .from(publications)
    .innerJoin(channels, eq(channels.id, publications.channelId))
    .where(and(eq(channels.status, 'connected'), isDue(context, hour)))
    .groupBy(publications.channelId)
    .orderBy(sql`min(${lastRead}) asc nulls first`, publications.channelId);
  return rows.map(({ channelId }) => channelId);
}

async function hasSpentShare({ database, clock, config }: JobContext): Promise<boolean> {
  const [today] = await database.db
    .select({ used: hostAllowances.used })
    .from(hostAllowances)
    .where(
      and(eq(hostAllowances.day, pacificDay(clock.now())), eq(hostAllowances.bucket, 'units')),
    );
  return (today?.used ?? 0) >= config.YOUTUBE_DAILY_UNITS * countingShare;
}

type Due = { readonly id: string; readonly hostVideoId: string | null };
type End = 'read' | 'passed by' | 'day over';

async function countChannel(context: JobContext, channelId: string, hour: Date): Promise<End> {
  for (let last = ''; ;) {
    context.signal.throwIfAborted();
    const batch: readonly Due[] = await context.database.db
      .select({ id: publications.id, hostVideoId: publications.hostVideoId })
      .from(publications)
      .where(
        and(eq(publications.channelId, channelId), gt(publications.id, last), isDue(context, hour)),
      )
      .orderBy(publications.id)
      .limit(countsPerCall);
    last = batch.at(-1)?.id ?? '';
    if (batch.length === 0) return 'read';
    const counts = await fetchCounts(context, channelId, batch);
    if (typeof counts === 'string') return counts;
    await keep(context, batch, counts, hour);
    if (batch.length < countsPerCall) return 'read';
  }
}

/** What passes by itself, or what only the person can change, who is told where it is found. */
const passedBy: ReadonlySet<FaultCode> = new Set([
  'provider_busy',
  'provider_locked',
  'channel_reconnect',
  'channel_scope_missing',
  'channel_missing',
  'publication_refused',
] as const);

/** Counts by video; where there are none, whether there is more to be had of others. */
async function fetchCounts(
  context: JobContext,
  channelId: string,
  batch: readonly Due[],
): Promise<ReadonlyMap<string, HostCounts> | Exclude<End, 'read'>> {
  const host = requirePort(context.ports, 'videoHost');
  const ids = batch.flatMap(({ hostVideoId }) => hostVideoId ?? []);
  try {
    return await withAccess(context, channelId, (token) => host.fetchCounts(token, ids));
  } catch (error) {
    if (!isFault(error) || !passedBy.has(error.code)) throw error;
    context.log.info({ err: error, channelId }, 'counts are not read in this hour');
    return isFault(error, 'provider_busy') && (error.retryAfterSeconds ?? 0) >= dayIsOverSeconds
      ? 'day over'
      : 'passed by';
  }
}

/** A video that the host does not know any more has a row as well: it says nothing about it now. */
async function keep(
  { database }: JobContext,
  batch: readonly Due[],
  counts: ReadonlyMap<string, HostCounts>,
  readAt: Date,
): Promise<void> {
  const none: HostCounts = { views: null, likes: null, comments: null };
  await database.db
    .insert(publicationCounts)
    .values(
      batch.map(({ id, hostVideoId }) => {
        const { views, likes, comments } = counts.get(hostVideoId ?? '') ?? none;
        return { publicationId: id, readAt, views, likes, comments };
      }),
    )
    // Another worker may have read the same.
    .onConflictDoNothing();
}
