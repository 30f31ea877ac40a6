import { and, asc, getTableColumns, is, sql, type SQL } from 'drizzle-orm';
import { PgColumn, type PgTable } from 'drizzle-orm/pg-core';

import type { Db } from '../../drizzle/client.ts';

/** What an account holds in one table. */
export type ExportSection = {
  /** Its name in the file. */
  readonly name: string;
  readonly table: PgTable;
  /** The rows of the account, and of nobody else. */
  readonly own: (db: Db, accountId: string) => SQL | undefined;
  /** In this order the rows are read, some at a time; unique among them. */
  readonly key: PgColumn | SQL;
  /** Columns that are left out: secrets, and what only means something to us. */
  readonly left?: readonly string[];
  /** Columns that name a stored file, each with the name of the link that stands for it. */
  readonly files?: Readonly<Record<string, string>>;
};

/**
 * The columns that a section is read from, by their names in the database.
 * @internal
 */
export function columnsOf({ table, left = [] }: ExportSection): Readonly<Record<string, PgColumn>> {
  const all = Object.values<PgColumn>(getTableColumns(table));
  return Object.fromEntries(
    all.filter(({ name }) => !left.includes(name)).map((column) => [column.name, column]),
  );
}

const pageRows = 200;
type Row = Readonly<Record<string, unknown>>;

export type ExportReader = {
  readonly accountId: string;
  /** A signed address of a stored file. */
  readonly linkOf: (key: string) => string | null;
};

/** The rows of an account in a section, with a link in place of each file; a page in memory at a time. */
export async function* readSection(
  db: Db,
  section: ExportSection,
  reader: ExportReader,
): AsyncGenerator<Row, void> {
  const { table, own, key } = section;
  for (let last: unknown = null; ;) {
    const page: readonly Row[] = await db
      .select({ ...columnsOf(section), [cursor]: key })
      .from(table)
      .where(
        and(
          own(db, reader.accountId),
          last === null
            ? undefined
            : sql`${key} > ${sql.param(last, is(key, PgColumn) ? key : undefined)}`,
        ),
      )
      .orderBy(asc(key))
      .limit(pageRows);
    for (const row of page) yield shownRow(row, section, reader);
    last = page.at(-1)?.[cursor];
    if (page.length < pageRows) return;
  }
}

/** No column is called that. */
const cursor = '*';

function shownRow(row: Row, { files = {} }: ExportSection, { linkOf }: ExportReader): Row {
  const entries = Object.entries(row)
    .filter(([name]) => name !== cursor)
    .map(([name, value]): [string, unknown] => {
      const link = files[name];
      if (link === undefined) return [name, value];
      return [link, typeof value === 'string' ? linkOf(value) : null];
    });
  return Object.fromEntries(entries);
}
