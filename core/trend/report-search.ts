import { and, asc, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';

import {
  trendHarvestItems,
  trendHarvests,
  trendSearches,
  trendSearchHarvests,
} from '../../drizzle/schema/trends.ts';
import { secondsAfter } from '../clock.ts';
import type { Context } from '../context.ts';
import { faultWords, isFault, type Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { waitingWords } from '../messages/waiting.ts';
import { platformNames } from '../ports/trend-source.ts';
import { faultOfHarvest, isOver, waitingForOf, type HarvestRow } from './harvest.ts';
import type { RankedTrend } from './rank.ts';
import { readAnswer, type SearchAnswer } from './search-answer.ts';
import { rankBest, storeResults } from './report.ts';
import { readKnown, type KnownSighting } from './sightings.ts';
import { askForThumbnails } from './thumbnail.ts';

const daySeconds = 24 * 60 * 60;
/** The pictures of so many of the best are copied: the platforms' addresses expire. */
const pictured = 10;

/** What of a search's input is applied to what the harvests have brought. */
const wishSchema = z.object({
  views_min: z.int().optional(),
  views_max: z.int().optional(),
  days: z.int(),
  limit: z.int(),
});
type Wish = z.output<typeof wishSchema>;

/** A harvest as one search sees it. */
type Part = { readonly harvest: HarvestRow; readonly isStarter: boolean };

/**
 * Ranks, explains and stores what the harvests of a search have brought; `running` while one of them goes on.
 * Whoever comes second is answered with what the first has stored.
 * @param reasons why a harvest could not be followed to its end, by its id.
 * @throws Fault of the first platform when none could be searched.
 */
export async function reportSearch(
  context: Context,
  id: string,
  reasons: ReadonlyMap<string, Fault>,
): Promise<SearchAnswer> {
  const parts = await readParts(context, id);
  const open = parts.filter(({ harvest }) => !isOver(harvest));
  if (open.some(({ harvest }) => !reasons.has(harvest.id))) return waiting(id, open, context);
  const failures = parts.flatMap(({ harvest }) => {
    const fault = reasons.get(harvest.id) ?? faultOfHarvest(harvest);
    return fault ? [{ harvest, fault }] : [];
  });
  const [search] = await context.database.db
    .select()
    .from(trendSearches)
    .where(eq(trendSearches.id, id));
  if (!search) throw new Error(`there is no search ${id}`);
  const { known, repeated } = await readItems(context, parts);
  const [first] = failures;
  if (first && failures.length === parts.length && known.length === 0) {
    // What could not be asked for yet comes by itself.
    if (failures.some((one) => open.length > 0 && isFault(one.fault, 'provider_busy')))
      return waiting(id, open, context);
    await finish(context, id, { status: 'failed', ...sumOf(parts) }, []);
    throw first.fault;
  }
  await giveUp(context, open);
  const wish = wishSchema.parse(search.request);
  const kept = known.filter((trend) => fits(trend, wish, search.createdAt));
  const ranked = await rankBest(context, kept, wish.limit);
  const outside = known.length - kept.length;
  const values = {
    status: 'ready' as const,
    ...sumOf(parts, { outside_filter: outside, duplicate: repeated }),
    notes: failures.map(({ harvest, fault }) => noteOf(harvest, fault, context)),
  };
  await finish(context, id, values, ranked);
  const [ended] = await context.database.db
    .select()
    .from(trendSearches)
    .where(eq(trendSearches.id, id));
  return readAnswer(context, ended ?? search);
}

/** With whom it waits for, where they are away. */
const waiting = (
  search: string,
  open: readonly Part[],
  { locale }: Pick<Context, 'locale'>,
): SearchAnswer => ({
  search,
  status: 'running',
  trends: [],
  skipped: {},
  notes: open.flatMap(({ harvest }) => {
    const provider = waitingForOf(harvest);
    return provider === null
      ? []
      : [`${platformNames[harvest.platform]}: ${waitingWords[locale](provider)}`];
  }),
  cost_usd: null,
  age_minutes: null,
});

/** What this search answers without is not begun any more: nobody would look at it. */
async function giveUp({ database, clock }: Context, open: readonly Part[]): Promise<void> {
  const own = open.filter(({ isStarter }) => isStarter).map(({ harvest }) => harvest.id);
  if (own.length === 0) return;
  await database.db
    .update(trendHarvests)
    .set({ status: 'failed', costUsd: 0, endedAt: clock.now() })
    .where(and(inArray(trendHarvests.id, own), eq(trendHarvests.status, 'waiting')));
}

async function readParts({ database }: Context, id: string): Promise<Part[]> {
  return database.db
    .select({ harvest: trendHarvests, isStarter: trendSearchHarvests.isStarter })
    .from(trendSearchHarvests)
    .innerJoin(trendHarvests, eq(trendHarvests.id, trendSearchHarvests.harvestId))
    .where(eq(trendSearchHarvests.searchId, id))
    .orderBy(asc(trendHarvests.createdAt), asc(trendHarvests.id));
}

/** The videos once each; the search of one platform may bring a video of another, which its own brings too. */
async function readItems(
  context: Context,
  parts: readonly Part[],
): Promise<{ readonly known: readonly KnownSighting[]; readonly repeated: number }> {
  const items = await context.database.db
    .select({ trendId: trendHarvestItems.trendId })
    .from(trendHarvestItems)
    .where(
      inArray(
        trendHarvestItems.harvestId,
        parts.map(({ harvest }) => harvest.id),
      ),
    );
  const ids = [...new Set(items.map(({ trendId }) => trendId))];
  return { known: await readKnown(context, ids), repeated: items.length - ids.length };
}

/** An unknown count or date cannot be outside the wanted range. */
function fits({ sighting }: KnownSighting, wish: Wish, askedAt: Date): boolean {
  const { views, publishedAt } = sighting;
  const oldest = secondsAfter(askedAt, -wish.days * daySeconds);
  const isOutside =
    (views !== null && views < (wish.views_min ?? 0)) ||
    (views !== null && views > (wish.views_max ?? Number.POSITIVE_INFINITY)) ||
    (publishedAt !== null && publishedAt < oldest);
  return !isOutside;
}

/** What was left out and paid for; only what this search has begun was paid for by it. */
function sumOf(parts: readonly Part[], more: Readonly<Record<string, number>> = {}) {
  const skipped: Record<string, number> = {};
  const counts = [...parts.map(({ harvest }) => harvest.skipped), more];
  for (const [reason, count] of counts.flatMap((one) => Object.entries(one)))
    if (count > 0) skipped[reason] = (skipped[reason] ?? 0) + count;
  const costs = parts.map(({ harvest, isStarter }) =>
    isStarter && harvest.status !== 'waiting' ? harvest.costUsd : 0,
  );
  const costUsd = costs.some((cost) => cost === null)
    ? null
    : costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
  const ends = parts.flatMap(({ harvest }) => harvest.endedAt ?? []);
  const seenAt = ends.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
  return { skipped, costUsd, seenAt };
}

function noteOf({ platform }: HarvestRow, fault: Fault, { locale }: Context): string {
  const { message } = faultWords(catalogue(locale), fault.code, fault.params);
  return `${platformNames[platform]}: ${message}`;
}

/** Written once: a search that is ready, failed or cancelled stays so. */
async function finish(
  context: Context,
  id: string,
  values: Partial<typeof trendSearches.$inferInsert>,
  ranked: readonly RankedTrend[],
): Promise<void> {
  await context.database.db.transaction(async (tx) => {
    const [ended] = await tx
      .update(trendSearches)
      .set(values)
      .where(and(eq(trendSearches.id, id), eq(trendSearches.status, 'running')))
      .returning({ id: trendSearches.id });
    if (!ended) return;
    await storeResults(tx, id, ranked);
    const best = ranked.slice(0, pictured).map((trend) => trend.id);
    await askForThumbnails(tx, context, best);
  });
}
