import { sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/** What is looked for among the things of an account. */
export type Lookup = {
  /** Words of its texts; none: everything fits. */
  readonly words: readonly string[];
  /** Whether each of the words has to be there, or one is enough. */
  readonly match: 'every' | 'any';
  /** What has an id that begins so fits as well, whatever its words. */
  readonly idPrefix?: string;
  readonly limit: number;
};

/** What fits, best and newest first, and how much of it there is in all. */
export type Found<Row> = { readonly rows: readonly Row[]; readonly total: number };

/** The newest things, whatever they are about. */
export const newest = (limit: number): Lookup => ({ words: [], match: 'any', limit });

const maxTextLength = 200;
const maxWords = 8;

/** The words of what somebody typed: the first 8 within its first 200 characters. */
export const wordsOf = (text: string): string[] =>
  Array.from(text)
    .slice(0, maxTextLength)
    .join('')
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
    .split(/\s+/u)
    .filter((word) => word !== '')
    .slice(0, maxWords);

/** Characters that mean something in a pattern mean themselves. */
const escapePattern = (text: string): string => text.replaceAll(/[\\%_]/gu, String.raw`\$&`);

/** The condition of a lookup over texts, and how many of its words stand in them. */
export function matching(
  { words, match, idPrefix }: Lookup,
  id: PgColumn,
  texts: readonly (PgColumn | SQL.Aliased<string>)[],
): { readonly fits: SQL | undefined; readonly hits: SQL<number> } {
  const text = sql`concat_ws(' ', ${sql.join([...texts], sql`, `)})`;
  const stands = words.map(
    (word) => sql`(${text} ilike ${`%${escapePattern(word)}%`}::text)::integer`,
  );
  const hits = sql<number>`(${sql.join([sql`0::integer`, ...stands], sql` + `)})`.mapWith(Number);
  if (words.length === 0 && idPrefix === undefined) return { fits: undefined, hits };
  const needed = match === 'every' ? words.length : Math.min(1, words.length);
  const byWords = words.length === 0 ? sql`false` : sql`${hits} >= ${needed}::integer`;
  const byId =
    idPrefix === undefined ? sql`false` : sql`${id} like ${`${escapePattern(idPrefix)}%`}::text`;
  return { fits: sql`(${byWords} or ${byId})`, hits };
}

/** How many rows there are in all, beside each of those that are read. */
export const countedInAll = sql<number>`count(*) over ()`.mapWith(Number);
