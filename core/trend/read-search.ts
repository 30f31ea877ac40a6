import { and, eq } from 'drizzle-orm';

import { trendSearches } from '../../drizzle/schema/trends.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { inScope } from '../scope.ts';
import { reportSearch } from './report-search.ts';
import { readAnswer, type SearchAnswer } from './search-answer.ts';

/**
 * An earlier search of the account in this place with its keyword, its trends in the order in which they were
 * ranked. One whose process has died is finished now, if what it waited for has come.
 * @throws Fault `not_found`.
 */
export async function readSearch(
  context: Context,
  id: string,
): Promise<SearchAnswer & { readonly keyword: string }> {
  const [search] = await context.database.db
    .select()
    .from(trendSearches)
    .where(and(eq(trendSearches.id, id), inScope(context.actor, trendSearches)));
  if (!search) throw new Fault('not_found', { what: 'search', id }, { field: 'search' });
  const answer =
    search.status === 'running'
      ? await reportSearch(context, id, new Map())
      : await readAnswer(context, search);
  return { ...answer, keyword: search.keyword };
}
