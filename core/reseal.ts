import { z } from 'zod';

import type { Services } from './context.ts';

/** Every column that holds sealed values; rows are bound to their account and to what identifies them. */
export const sealedColumns = [
  { table: 'channels', column: 'access_token_sealed', key: 'id' },
  { table: 'channels', column: 'refresh_token_sealed', key: 'id' },
  { table: 'publications', column: 'session_sealed', key: 'id' },
  { table: 'oauth_states', column: 'code_verifier_sealed', key: 'state_hash' },
] as const;

type SealedColumn = (typeof sealedColumns)[number];

const pageRows = 500;
const rowsSchema = z.array(z.object({ row: z.string(), account: z.string(), sealed: z.string() }));
type Row = z.infer<typeof rowsSchema>[number];

export type Resealed = {
  /** Values that are now sealed under the current key and were not before. */
  readonly resealed: number;
  /** Values that were under the current key already. */
  readonly current: number;
  /** Values that no known key opens, as table, column and row. */
  readonly unreadable: readonly string[];
};

type Tools = Pick<Services, 'database' | 'crypto'>;

/**
 * Seals every value anew that is not under the current key, each in a transaction of its own: running
 * processes go on meanwhile, and after a break it is simply run again.
 */
export async function resealAll(tools: Tools): Promise<Resealed> {
  let resealed = 0;
  let current = 0;
  const unreadable: string[] = [];
  for (const place of sealedColumns) {
    for (let last = ''; ;) {
      const rows = await readPage(tools.database.sql, place, last);
      for (const { row } of rows) {
        const end = await resealRow(tools, place, row);
        if (end === 'resealed') resealed += 1;
        else if (end === 'current') current += 1;
        else if (end === 'unreadable') unreadable.push(`${place.table}.${place.column} of ${row}`);
      }
      last = rows.at(-1)?.row ?? '';
      if (rows.length < pageRows) break;
    }
  }
  return { resealed, current, unreadable };
}

async function readPage(
  sql: Services['database']['sql'],
  { table, column, key }: SealedColumn,
  after: string,
) {
  return rowsSchema.parse(
    await sql`select ${sql(key)} as row, account_id as account, ${sql(column)} as sealed
      from ${sql(table)} where ${sql(column)} is not null and ${sql(key)} > ${after}
      order by ${sql(key)} limit ${pageRows}`,
  );
}

/** The row is locked meanwhile, so that a token which is just being refreshed is not overwritten. */
async function resealRow(
  { database, crypto }: Tools,
  { table, column, key }: SealedColumn,
  id: string,
): Promise<'resealed' | 'current' | 'unreadable' | 'empty'> {
  return database.sql.begin(async (sql) => {
    const [found] = rowsSchema.parse(
      await sql`select ${sql(key)} as row, account_id as account, ${sql(column)} as sealed
        from ${sql(table)} where ${sql(column)} is not null and ${sql(key)} = ${id} for update`,
    );
    if (!found) return 'empty';
    if (crypto.isCurrent(found.sealed)) return 'current';
    const place = { table, column, row: found.row, account: found.account };
    const plain = openOrNull(crypto, found, place);
    if (plain === null) return 'unreadable';
    const sealed = crypto.seal(plain, place);
    await sql`update ${sql(table)} set ${sql({ [column]: sealed })} where ${sql(key)} = ${id}`;
    return 'resealed';
  });
}

function openOrNull(
  crypto: Tools['crypto'],
  { sealed }: Row,
  place: Parameters<Tools['crypto']['open']>[1],
): string | null {
  try {
    return crypto.open(sealed, place);
  } catch {
    return null; // Of a key that nobody has any more, or not as it was sealed: the operator is told.
  }
}
