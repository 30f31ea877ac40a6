import { and, asc, desc, eq, inArray, isNotNull, lte, or, sql, type SQL } from 'drizzle-orm';

import { publicationCounts, publications } from '../../drizzle/schema/publishing.ts';
import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import type { HostCounts } from '../ports/video-host.ts';

/** What was read of one publication. Null: nothing was read, or the host did not say. */
export type CountedPublication = {
  readonly id: string;
  readonly title: string;
  readonly hostVideoId: string | null;
  readonly now: HostCounts;
  readonly gained: HostCounts;
  /** When its newest numbers were read; null: not yet. */
  readonly readAt: Date | null;
};

/** Sums over publications, each over those that tell. */
export type CountTotals = {
  readonly now: HostCounts;
  readonly gained: HostCounts;
  /** How many were read and do not tell their number. */
  readonly hidden: { readonly views: number; readonly likes: number; readonly comments: number };
};

const kinds = ['views', 'likes', 'comments'] as const;
const unknown: HostCounts = { views: null, likes: null, comments: null };
const nothing: HostCounts = { views: 0, likes: 0, comments: 0 };

/**
 * Publications that are out, or were, with their newest numbers and what they gained in the last `days`;
 * those that gained the most views come first. One that went out within these days began at nothing; of an
 * older one without a reading from before them, what it gained is counted from its first reading.
 */
export async function readCounts(
  { database, clock }: Services,
  scope: SQL | undefined,
  days: number,
): Promise<CountedPublication[]> {
  const { db } = database;
  const { readAt, views, likes, comments } = publicationCounts;
  const since = secondsAfter(clock.now(), -days * 86_400);
  const readings = (name: string, order: SQL, until?: SQL) =>
    db
      .select({ readAt, views, likes, comments })
      .from(publicationCounts)
      .where(and(eq(publicationCounts.publicationId, publications.id), until))
      .orderBy(order)
      .limit(1)
      .as(name);
  const newest = readings('newest', desc(readAt));
  const before = readings('before', desc(readAt), lte(readAt, since));
  const fieldsOf = (reading: typeof newest) => ({
    views: reading.views,
    likes: reading.likes,
    comments: reading.comments,
  });
  const first = readings('first', asc(readAt));
  const isOut = and(
    eq(publications.status, 'live'),
    inArray(publications.hostPrivacy, ['unlisted', 'public']),
  );
  const rows = await db
    .select({
      id: publications.id,
      title: publications.title,
      hostVideoId: publications.hostVideoId,
      liveAt: publications.liveAt,
      newest: { at: newest.readAt, ...fieldsOf(newest) },
      before: { at: before.readAt, ...fieldsOf(before) },
      first: { at: first.readAt, ...fieldsOf(first) },
    })
    .from(publications)
    .leftJoinLateral(newest, sql`true`)
    .leftJoinLateral(before, sql`true`)
    .leftJoinLateral(first, sql`true`)
    .where(and(scope, or(isOut, isNotNull(newest.readAt))))
    .orderBy(desc(publications.liveAt), desc(publications.id));
  return rows
    .map(({ liveAt, newest: latest, before: earlier, first: oldest, ...row }) => {
      const isNew = liveAt !== null && liveAt >= since;
      const start = isNew ? nothing : (readingOf(earlier) ?? readingOf(oldest));
      return { ...row, ...changeOf(readingOf(latest), start, since) };
    })
    .toSorted((one, other) => (other.gained.views ?? 0) - (one.gained.views ?? 0));
}

type Reading = HostCounts & { readonly at: Date };

/** What has been read; null where nothing was. */
const readingOf = (row: (HostCounts & { readonly at: Date | null }) | null): Reading | null =>
  row?.at ? { ...row, at: row.at } : null;

/** The newest numbers and their growth; unknown without a reading after the start. */
function changeOf(
  newest: Reading | null,
  start: Reading | HostCounts | null,
  since: Date,
): Pick<CountedPublication, 'now' | 'gained' | 'readAt'> {
  if (!newest) return { now: unknown, gained: unknown, readAt: null };
  const isLater = newest.at > since && start !== null && !('at' in start && start.at >= newest.at);
  return {
    now: mapKinds((kind) => newest[kind]),
    gained: isLater ? subtract(newest, start) : unknown,
    readAt: newest.at,
  };
}

const subtract = (one: HostCounts, other: HostCounts): HostCounts =>
  mapKinds((kind) => {
    const [later, earlier] = [one[kind], other[kind]];
    return later === null || earlier === null ? null : later - earlier;
  });

const mapKinds = <T>(of: (kind: (typeof kinds)[number]) => T) => ({
  views: of('views'),
  likes: of('likes'),
  comments: of('comments'),
});

/** Sums over publications; null where none of them tells. */
export function sumCounts(counted: readonly CountedPublication[]): CountTotals {
  const sum = (of: 'now' | 'gained') =>
    mapKinds((kind) => {
      const known = counted.flatMap((one) => one[of][kind] ?? []);
      return known.length === 0 ? null : known.reduce((total, count) => total + count, 0);
    });
  const hidden = mapKinds(
    (kind) => counted.filter(({ now, readAt }) => readAt !== null && now[kind] === null).length,
  );
  return { now: sum('now'), gained: sum('gained'), hidden };
}
