import { and, desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { trendResults, trendSearches, watches, watchFinds } from '../../drizzle/schema/trends.ts';
import { faultWords } from '../fault.ts';
import { catalogue, type Locale } from '../messages/catalogue.ts';
import { trendViewSchema, type TrendView } from '../trend/view.ts';
import { lookOf, watchOf } from './spent.ts';

/** What a person is told about one of their watches. */
export type WatchNews =
  | {
      readonly kind: 'found';
      readonly keyword: string;
      /** The search of the private talk that holds what is told. */
      readonly search: string;
      /** The best first. */
      readonly trends: readonly TrendView[];
    }
  | {
      readonly kind: 'paused';
      readonly watch: string;
      readonly keyword: string;
      /** In the person's words. */
      readonly reason: string;
      /** The chat server that it was made in; null: the person's own. */
      readonly serverId: string | null;
    };

const requestSchema = z.object({ watch: z.string(), told: z.string().optional() });

/** What one look has found that is new; null when the watch is no more. */
export async function readFound(tx: Tx, searchId: string): Promise<WatchNews | null> {
  const [search] = await tx
    .select({ request: trendSearches.request, keyword: watches.keyword })
    .from(trendSearches)
    .innerJoin(watches, eq(watches.id, watchOf))
    .where(and(eq(trendSearches.id, searchId), sql`${watches.status} <> 'deleted'`));
  if (!search) return null;
  const { watch, told = searchId } = requestSchema.parse(search.request);
  const rows = await tx
    .select({ score: trendResults.score })
    .from(watchFinds)
    .innerJoin(
      trendResults,
      and(eq(trendResults.trendId, watchFinds.trendId), eq(trendResults.searchId, searchId)),
    )
    .where(and(eq(watchFinds.watchId, watch), eq(watchFinds.searchId, told)))
    .orderBy(desc(watchFinds.score), trendResults.position);
  const trends = rows.map(({ score }) => trendViewSchema.parse(score));
  return { kind: 'found', keyword: search.keyword, search: searchId, trends };
}

const causes = z
  .enum(['provider_failed', 'provider_busy', 'provider_locked', 'run_timed_out', 'run_aborted'])
  .catch('provider_failed');

/** Why a watch was paused; null when it is not paused any more. */
export async function readPaused(
  tx: Tx,
  watchId: string,
  locale: Locale,
): Promise<WatchNews | null> {
  const [found] = await tx
    .select({
      keyword: watches.keyword,
      serverId: watches.serverId,
      ended: sql<string | null>`${trendSearches.request}->>'ended'`,
    })
    .from(watches)
    .leftJoin(
      trendSearches,
      and(eq(trendSearches.accountId, watches.accountId), eq(watchOf, watches.id)),
    )
    .where(and(eq(watches.id, watchId), eq(watches.status, 'paused')))
    .orderBy(sql`${lookOf} desc nulls last`)
    .limit(1);
  if (!found) return null;
  const { keyword, serverId, ended } = found;
  const { message } = faultWords(catalogue(locale), causes.parse(ended), { provider: 'Apify' });
  return { kind: 'paused', watch: watchId, keyword, reason: message, serverId };
}
