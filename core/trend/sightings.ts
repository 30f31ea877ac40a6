import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { trends, trendSnapshots } from '../../drizzle/schema/trends.ts';
import type { Services } from '../context.ts';
import type { Locale } from '../messages/catalogue.ts';
import type { Reading, Sighting, SkipReason } from '../ports/trend-source.ts';
import type { Analysis } from './explain.ts';

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

/** Stores each sighting: the trend as it looks now, and a snapshot of its counts. */
export async function storeSightings(
  services: Services,
  sightings: readonly Sighting[],
  seenAt: Date,
): Promise<KnownSighting[]> {
  const known: KnownSighting[] = [];
  // Always in the same order, so that searches which meet the same videos do not lock each other out.
  const ordered = sightings.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  for (let from = 0; from < ordered.length; from += batchSize) {
    const batch = ordered.slice(from, from + batchSize);
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
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  const previous = await readPrevious(
    tx,
    rows.map(({ id }) => id),
    seenAt,
  );
  const known = batch.flatMap((sighting) => {
    const row = byKey.get(keyOf(sighting));
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
  await services.database.db.transaction(async (tx) => {
    for (const [id, analysis] of said.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const added = sql`coalesce(${trends.analysis}, '{}') || ${JSON.stringify({ [locale]: analysis })}::jsonb`;
      await tx.update(trends).set({ analysis: added }).where(eq(trends.id, id));
    }
  });
}
