import { trendSearches } from '../../drizzle/schema/trends.ts';
import { requirePort, type Context } from '../context.ts';
import type { Reading, SkipReason } from '../ports/trend-source.ts';
import { serverOf } from '../scope.ts';
import type { RankedTrend } from './rank.ts';
import { rankBest, storeResults } from './report.ts';
import { sortReadings, storeSightings } from './sightings.ts';

export type TrendReport = {
  readonly searchId: string;
  readonly ranked: readonly RankedTrend[];
  readonly skipped: Partial<Record<SkipReason, number>>;
};

/** More items than this in one call are counted, not read. */
const maxItems = 100_000;

/**
 * Ranks dataset items that were fetched earlier, through the same path as a search; the platform of
 * each is told from its shape.
 * @param documents the text of each file; one that is no JSON counts as `not_json`.
 */
export async function importTrends(
  context: Context,
  found: { readonly keyword: string; readonly documents: readonly string[] },
): Promise<TrendReport> {
  const source = requirePort(context.ports, 'trendSource');
  const broken: Reading[] = [];
  const items: unknown[] = [];
  for (const document of found.documents) {
    const parsed = parseDocument(document);
    if (parsed === null) broken.push({ skipped: 'not_json' });
    else for (const item of parsed) items.push(item);
  }
  const left = items.splice(maxItems).map((): Reading => ({ skipped: 'outside_filter' }));
  const readings = [...broken, ...source.read(items, context.clock.now()), ...left];
  const now = context.clock.now();
  const { sightings, skipped } = sortReadings(readings);
  // A file does not say when its videos were seen.
  const known = await storeSightings(context, sightings, now, { isDated: false });
  const ranked = await rankBest(context, known, maxItems);
  const searchId = context.ids.next('sea');
  await context.database.db.transaction(async (tx) => {
    await tx.insert(trendSearches).values({
      id: searchId,
      accountId: context.actor.accountId,
      keyword: found.keyword,
      request: { files: found.documents.length },
      skipped,
      notes: [],
      seenAt: now,
      serverId: serverOf(context.actor),
      createdAt: now,
    });
    await storeResults(tx, searchId, ranked);
  });
  return { searchId, ranked, skipped };
}

/** A dataset is an array of items; anything else stands for one item. */
function parseDocument(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/u, ''));
    return Array.isArray(value) ? value : [value];
  } catch {
    return null; // Counted as what it is.
  }
}
