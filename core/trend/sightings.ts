import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { trends, trendSnapshots } from '../../drizzle/schema/trends.ts';
import type { Services } from '../context.ts';
import type { Reading, Sighting, SkipReason } from '../ports/trend-source.ts';

/** Rows per statement: far below Postgres' 65,535 parameters. */
const batchSize = 1000;

export type KnownSighting = {
  readonly id: string;
  readonly sighting: Sighting;
  /** The last look at the same video before this one. */
  readonly previous: { readonly views: number; readonly seenAt: Date } | null;
  /** What an analyst said earlier. */
  readonly analysis: unknown;
};

/** Sightings on one side, counts of what was left out on the other. */
export function sortReadings(readings: readonly Reading[]): {
  readonly sightings: Sighting[];
  readonly skipped: Partial<Record<SkipReason, number>>;
} {
  const sightings: Sighting[] = [];
  const skipped: Partial<Record<SkipReason, number>> = {};
  for (const reading of readings) {
    if ('sighting' in reading) sightings.push(reading.sighting);
    else skipped[reading.skipped] = (skipped[reading.skipped] ?? 0) + 1;
  }
  return { sightings, skipped };
}

/** Stores each sighting: the trend as it looks now, and a snapshot of its counts. */
export async function storeSightings(
  services: Services,
  sightings: readonly Sighting[],
  seenAt: Date,
): Promise<KnownSighting[]> {
  const known: KnownSighting[] = [];
  for (let from = 0; from < sightings.length; from += batchSize) {
    const batch = sightings.slice(from, from + batchSize);
    known.push(
      ...(await services.database.db.transaction((tx) => storeBatch(tx, services, batch, seenAt))),
    );
  }
  return known;
}

/** The value that the newer sighting brought. */
const excluded = (column: string) => sql`excluded.${sql.identifier(column)}`;

async function storeBatch(
  tx: Tx,
  services: Services,
  batch: readonly Sighting[],
  seenAt: Date,
): Promise<KnownSighting[]> {
  const rows = await tx
    .insert(trends)
    .values(batch.map((sighting) => ({ ...sighting, id: services.ids.next('trd'), seenAt })))
    .onConflictDoUpdate({
      target: [trends.platform, trends.externalId],
      set: {
        title: excluded('title'),
        description: excluded('description'),
        url: excluded('url'),
        views: excluded('views'),
        likes: excluded('likes'),
        comments: excluded('comments'),
        shares: excluded('shares'),
        thumbnailUrl: excluded('thumbnail_url'),
        seenAt: excluded('seen_at'),
      },
    })
    .returning({
      id: trends.id,
      platform: trends.platform,
      externalId: trends.externalId,
      analysis: trends.analysis,
    });
  const byKey = new Map(rows.map((row) => [`${row.platform} ${row.externalId}`, row]));
  const previous = await readPrevious(
    tx,
    rows.map(({ id }) => id),
    seenAt,
  );
  const known = batch.flatMap((sighting) => {
    const row = byKey.get(`${sighting.platform} ${sighting.externalId}`);
    if (!row) return [];
    return { id: row.id, sighting, previous: previous.get(row.id) ?? null, analysis: row.analysis };
  });
  await tx.insert(trendSnapshots).values(
    known.map(({ id, sighting: { views, likes, comments, shares } }) => {
      return { trendId: id, seenAt, views, likes, comments, shares };
    }),
  );
  return known;
}

async function readPrevious(tx: Tx, ids: readonly string[], seenAt: Date) {
  const rows = await tx
    .selectDistinctOn([trendSnapshots.trendId], {
      trendId: trendSnapshots.trendId,
      views: trendSnapshots.views,
      seenAt: trendSnapshots.seenAt,
    })
    .from(trendSnapshots)
    .where(and(inArray(trendSnapshots.trendId, [...ids]), lt(trendSnapshots.seenAt, seenAt)))
    .orderBy(trendSnapshots.trendId, desc(trendSnapshots.seenAt));
  const previous = new Map<string, { views: number; seenAt: Date }>();
  for (const row of rows)
    if (row.views !== null) previous.set(row.trendId, { views: row.views, seenAt: row.seenAt });
  return previous;
}

/** Keeps what an analyst said, so that it is not asked and paid for twice. */
export async function storeAnalyses(
  services: Services,
  analyses: ReadonlyMap<string, unknown>,
): Promise<void> {
  await services.database.db.transaction(async (tx) => {
    for (const [id, analysis] of analyses)
      await tx.update(trends).set({ analysis }).where(eq(trends.id, id));
  });
}
