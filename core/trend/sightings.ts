import { and, desc, eq, inArray, isNotNull, sql, type SQL } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

import type { Tx } from '../../drizzle/client.ts';
import { trends, trendSnapshots } from '../../drizzle/schema/trends.ts';
import type { Services } from '../context.ts';
import type { Locale } from '../messages/catalogue.ts';
import type { Reading, Sighting, SkipReason } from '../ports/trend-source.ts';
import type { Analysis } from './explain.ts';

/** Rows per statement: far below Postgres' 65,535 parameters. */
const batchSize = 1000;

/** Two looks closer than this tell more about caches than about growth. */
const growthMinutes = 10;

export type KnownSighting = {
  readonly id: string;
  readonly sighting: Sighting;
  /** The last look at the same video at least ten minutes before this one. */
  readonly previous: { readonly views: number; readonly seenAt: Date } | null;
  /** What an analyst said earlier. */
  readonly analysis: unknown;
};

/** Sightings on one side, counts of what was left out on the other. */
export function sortReadings(readings: readonly Reading[]): {
  readonly sightings: Sighting[];
  readonly skipped: Partial<Record<SkipReason, number>>;
} {
  const sightings = new Map<string, Sighting>();
  const skipped: Partial<Record<SkipReason, number>> = {};
  for (const reading of readings) {
    const reason = 'skipped' in reading ? reading.skipped : takeIn(sightings, reading.sighting);
    if (reason) skipped[reason] = (skipped[reason] ?? 0) + 1;
  }
  return { sightings: [...sightings.values()], skipped };
}

/** The search of one platform may bring a video of another, which its own search brings too. */
function takeIn(sightings: Map<string, Sighting>, sighting: Sighting): 'duplicate' | null {
  const key = keyOf(sighting);
  if (sightings.has(key)) return 'duplicate';
  sightings.set(key, sighting);
  return null;
}

const keyOf = ({ platform, externalId }: Pick<Sighting, 'platform' | 'externalId'>): string =>
  `${platform} ${externalId}`;

/**
 * Stores sightings: each trend as it is known from then on, and a snapshot of what was seen.
 *
 * - The four counters and `seenAt` belong together. Views only go up, so a sighting with fewer views than are
 *   stored, or of an earlier moment, is an older look whatever date it claims, and replaces nothing.
 * - A sighting without views replaces none either: it fills in what is known of a video whose views nobody has
 *   seen yet.
 * - Words and addresses come from the newest look; what it does not tell stays. Of two dates of publication the
 *   earlier one counts, as "3 days ago" is rounded down. What was once seen as a short stays one.
 * - A snapshot keeps what was seen as it was seen, once for each moment. Where nobody knows when it was seen, as in
 *   a file (`isDated` false), there is none, and no growth is made up.
 */
export async function storeSightings(
  services: Services,
  sightings: readonly Sighting[],
  seenAt: Date,
  { isDated = true }: { readonly isDated?: boolean } = {},
): Promise<KnownSighting[]> {
  const known: KnownSighting[] = [];
  // Always in the same order, so that searches which meet the same videos do not lock each other out.
  const ordered = sightings.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  for (let from = 0; from < ordered.length; from += batchSize) {
    const batch = ordered.slice(from, from + batchSize);
    const stored = await services.database.db.transaction(async (tx) => {
      const looks = await storeTrends(tx, services, batch, seenAt);
      return isDated ? appendSnapshots(tx, looks, seenAt) : looks;
    });
    known.push(...stored);
  }
  return known;
}

/** The value that this sighting brought. */
const brought = (column: AnyPgColumn): SQL => sql`excluded.${sql.identifier(column.name)}`;
const when = (condition: SQL, then: SQL, otherwise: SQL): SQL =>
  sql`case when ${condition} then ${then} else ${otherwise} end`;

const knowsViews = sql`${brought(trends.views)} is not null`;
const isNotEarlier = sql`${brought(trends.seenAt)} >= ${trends.seenAt}`;
const isNoFewer = sql`coalesce(${brought(trends.views)} >= ${trends.views}, true)`;
/** Whether its words are the newest ones. */
const isLatest = sql`${isNotEarlier} and ${isNoFewer}`;
/** Whether its counters are. */
const counts = when(
  sql`${trends.views} is null`,
  sql`${knowsViews} or ${isNotEarlier}`,
  sql`${knowsViews} and ${isLatest}`,
);

const counter = (column: AnyPgColumn): SQL =>
  when(
    counts,
    when(knowsViews, brought(column), sql`coalesce(${brought(column)}, ${column})`),
    sql`${column}`,
  );
/** What the newest look tells, or what was told before. */
const latest = (column: AnyPgColumn): SQL =>
  when(
    isLatest,
    sql`coalesce(${brought(column)}, ${column})`,
    sql`coalesce(${column}, ${brought(column)})`,
  );
/** The same for a column in which nothing is the value `empty`. */
const latestBut = (column: AnyPgColumn, empty: SQL): SQL =>
  sql`coalesce(${when(
    isLatest,
    sql`nullif(${brought(column)}, ${empty})`,
    sql`nullif(${column}, ${empty})`,
  )}, nullif(${column}, ${empty}), ${brought(column)})`;

const newestOf = {
  kind: when(sql`${trends.kind} = 'short'`, sql`${trends.kind}`, brought(trends.kind)),
  title: latestBut(trends.title, sql`''`),
  description: latestBut(trends.description, sql`''`),
  hashtags: latestBut(trends.hashtags, sql`'[]'::jsonb`),
  url: latest(trends.url),
  channel: latest(trends.channel),
  channelFollowers: latest(trends.channelFollowers),
  durationSeconds: latest(trends.durationSeconds),
  thumbnailUrl: latest(trends.thumbnailUrl),
  // Another address may work where the one before has expired.
  thumbnailTries: when(
    sql`${latest(trends.thumbnailUrl)} is distinct from ${trends.thumbnailUrl}`,
    sql`0`,
    sql`${trends.thumbnailTries}`,
  ),
  publishedAt: sql`least(${trends.publishedAt}, ${brought(trends.publishedAt)})`,
  views: counter(trends.views),
  likes: counter(trends.likes),
  comments: counter(trends.comments),
  shares: counter(trends.shares),
  seenAt: when(counts, brought(trends.seenAt), sql`${trends.seenAt}`),
};

async function storeTrends(
  tx: Tx,
  services: Services,
  batch: readonly Sighting[],
  seenAt: Date,
): Promise<KnownSighting[]> {
  const rows = await tx
    .insert(trends)
    .values(batch.map((sighting) => ({ ...sighting, id: services.ids.next('trd'), seenAt })))
    .onConflictDoUpdate({ target: [trends.platform, trends.externalId], set: newestOf })
    .returning({
      id: trends.id,
      platform: trends.platform,
      externalId: trends.externalId,
      analysis: trends.analysis,
    });
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return batch.flatMap((sighting) => {
    const row = byKey.get(keyOf(sighting));
    return row ? [{ id: row.id, sighting, previous: null, analysis: row.analysis }] : [];
  });
}

/** The row of each trend is locked by now, so that of two with the same look one is appended. */
async function appendSnapshots(
  tx: Tx,
  looks: readonly KnownSighting[],
  seenAt: Date,
): Promise<KnownSighting[]> {
  const ids = looks.map(({ id }) => id);
  const previous = await readPrevious(tx, ids, sql`${seenAt.toISOString()}::timestamptz`);
  const had = await tx
    .select({ id: trendSnapshots.trendId })
    .from(trendSnapshots)
    .where(and(inArray(trendSnapshots.trendId, ids), eq(trendSnapshots.seenAt, seenAt)));
  const appended = new Set(had.map(({ id }) => id));
  const fresh = looks.flatMap(({ id, sighting: { views, likes, comments, shares } }) =>
    appended.has(id) ? [] : [{ trendId: id, seenAt, views, likes, comments, shares }],
  );
  if (fresh.length > 0) await tx.insert(trendSnapshots).values(fresh);
  return looks.map((look) => ({ ...look, previous: previous.get(look.id) ?? null }));
}

/**
 * The look that the growth until `until` is measured from: the last one with the most views that were seen until
 * ten minutes before. Where a later look counted fewer, it was an older one or another count.
 */
async function readPrevious(tx: Pick<Tx, 'selectDistinctOn'>, ids: readonly string[], until: SQL) {
  const rows = await tx
    .selectDistinctOn([trendSnapshots.trendId], {
      trendId: trendSnapshots.trendId,
      views: trendSnapshots.views,
      seenAt: trendSnapshots.seenAt,
    })
    .from(trendSnapshots)
    .innerJoin(trends, eq(trends.id, trendSnapshots.trendId))
    .where(
      and(
        inArray(trendSnapshots.trendId, [...ids]),
        isNotNull(trendSnapshots.views),
        sql`${trendSnapshots.seenAt} <= ${until} - make_interval(mins => ${growthMinutes})`,
      ),
    )
    .orderBy(trendSnapshots.trendId, desc(trendSnapshots.views), desc(trendSnapshots.seenAt));
  const previous = new Map<string, { views: number; seenAt: Date }>();
  for (const { trendId, views, seenAt } of rows)
    if (views !== null) previous.set(trendId, { views, seenAt });
  return previous;
}

/** A trend as it is stored, with the moment at which its counters were seen. */
export type KnownTrend = KnownSighting & { readonly seenAt: Date };

/** Stored trends as they were last seen, in the order of the ids; an unknown id is left out. */
export async function readKnown(
  { database }: Pick<Services, 'database'>,
  ids: readonly string[],
): Promise<KnownTrend[]> {
  const known: KnownTrend[] = [];
  for (let from = 0; from < ids.length; from += batchSize) {
    const batch = ids.slice(from, from + batchSize);
    const rows = await database.db.select().from(trends).where(inArray(trends.id, batch));
    const previous = await readPrevious(database.db, batch, sql`${trends.seenAt}`);
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const id of batch) {
      const row = byId.get(id);
      if (!row) continue;
      const {
        analysis,
        seenAt,
        thumbnailKey: _key,
        thumbnailTries: _tries,
        id: _id,
        ...sighting
      } = row;
      known.push({ id, sighting, previous: previous.get(id) ?? null, analysis, seenAt });
    }
  }
  return known;
}

/**
 * Keeps what the model said in a language, so that it is not asked and paid for twice. What the rules
 * said is not kept: the model is asked again when it is back.
 */
export async function storeAnalyses(
  services: Services,
  locale: Locale,
  analyses: ReadonlyMap<string, Analysis>,
): Promise<void> {
  const said = [...analyses].filter(([, { by }]) => by === 'model');
  // One row at a time: two that lock several in another order would wait for each other.
  for (const [id, analysis] of said) {
    const added = sql`coalesce(${trends.analysis}, '{}') || ${JSON.stringify({ [locale]: analysis })}::jsonb`;
    // Who has seen the video knows more than who has read its title.
    const isLess = analysis.watched
      ? undefined
      : sql`${trends.analysis} #>> array[${locale}::text, 'watched'] is distinct from 'true'`;
    await services.database.db
      .update(trends)
      .set({ analysis: added })
      .where(and(eq(trends.id, id), isLess));
  }
}
