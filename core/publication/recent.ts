import { and, desc } from 'drizzle-orm';

import { publications } from '../../drizzle/schema/publishing.ts';
import type { Context } from '../context.ts';
import { countedInAll, matching, type Found, type Lookup } from '../lookup.ts';
import { inScope } from '../scope.ts';
import type { PublicationRow } from './row.ts';

/** Publications of the person whose title fits, best and newest first. */
export async function findPublications(
  context: Context,
  lookup: Lookup,
): Promise<Found<{ readonly row: PublicationRow; readonly hits: number }>> {
  const { fits, hits } = matching(lookup, publications.id, [publications.title]);
  const found = await context.database.db
    .select({ row: publications, hits, total: countedInAll })
    .from(publications)
    .where(and(inScope(context.actor, publications), fits))
    .orderBy(desc(hits), desc(publications.createdAt), desc(publications.id))
    .limit(lookup.limit);
  return { rows: found, total: found[0]?.total ?? 0 };
}
