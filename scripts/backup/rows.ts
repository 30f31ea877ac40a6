import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

import { z } from 'zod';

import { listSequences, listTables, quoted, type Sql } from './catalog.ts';
import { tableFile, type SequencePart, type TablePart } from './manifest.ts';
import { writeMeasured } from './measured.ts';

const countSchema = z.object({ rows: z.coerce.number().int() });
const sequenceSchema = z.object({ last: z.string(), called: z.boolean() });
const foreignKeySchema = z.array(
  z.object({ table: z.string(), name: z.string(), definition: z.string() }),
);

const columnsOf = (table: Pick<TablePart, 'columns'>): string =>
  table.columns.map(quoted).join(', ');

/** Writes the rows of every table, as one snapshot when `sql` is a transaction that keeps one. */
export async function saveTables(sql: Sql, folder: string): Promise<TablePart[]> {
  const parts: TablePart[] = [];
  for (const table of await listTables(sql)) {
    const rows = await countRows(sql, table.name);
    const open = () => copyOut(sql, table);
    const file = tableFile(folder, table.name);
    parts.push({ ...table, rows, ...(await writeMeasured(file, open, createGzip())) });
  }
  return parts;
}

/**
 * The rows of a table. The driver stops listening while a reader is slow and never begins again once the
 * last row has come, which leaves the next statement unanswered: what wakes a reader is asked once more.
 * @internal
 */
export async function copyOut(
  sql: Sql,
  table: Pick<TablePart, 'name' | 'columns'>,
): Promise<Readable> {
  const rows = await sql
    .unsafe(`copy (select ${columnsOf(table)} from ${quoted(table.name)}) to stdout`)
    .readable();
  // oxlint-disable-next-line no-underscore-dangle -- the driver's own handler, by the name of the stream's contract
  return rows.once('end', () => rows._read(0));
}

/** Where sequences are; asked after the tables, so that each is past every id that was saved. */
export async function saveSequences(sql: Sql): Promise<SequencePart[]> {
  const parts: SequencePart[] = [];
  for (const name of await listSequences(sql)) {
    const [row] = await sql.unsafe(
      `select last_value::text as last, is_called as called from ${quoted(name)}`,
    );
    parts.push({ name, ...sequenceSchema.parse(row) });
  }
  return parts;
}

/**
 * Fills empty tables, all within the caller's transaction. Foreign keys are taken off meanwhile, so
 * that the order of the tables does not matter, and check every row when they are put back.
 * @throws Error when a table has not got the rows that were saved.
 */
export async function loadTables(
  sql: Sql,
  folder: string,
  tables: readonly TablePart[],
): Promise<void> {
  const keys = await foreignKeys(sql);
  for (const { table, name } of keys)
    await sql.unsafe(`alter table ${table} drop constraint ${quoted(name)}`);
  for (const table of tables) await loadTable(sql, folder, table);
  for (const { table, name, definition } of keys)
    await sql.unsafe(`alter table ${table} add constraint ${quoted(name)} ${definition}`);
}

async function loadTable(sql: Sql, folder: string, table: TablePart): Promise<void> {
  const sink = await sql
    .unsafe(`copy ${quoted(table.name)} (${columnsOf(table)}) from stdin`)
    .writable();
  await pipeline(createReadStream(tableFile(folder, table.name)), createGunzip(), sink);
  const rows = await countRows(sql, table.name);
  if (rows !== table.rows)
    throw new Error(`${table.name} has ${rows} rows after loading ${table.rows}.`);
}

/** Lets every sequence go on where it was. */
export async function loadSequences(sql: Sql, sequences: readonly SequencePart[]): Promise<void> {
  for (const { name, last, called } of sequences)
    await sql.unsafe('select setval($1::text::regclass, $2::text::bigint, $3::boolean)', [
      quoted(name),
      last,
      called,
    ]);
}

async function countRows(sql: Sql, table: string): Promise<number> {
  const [row] = await sql.unsafe(`select count(*) as rows from ${quoted(table)}`);
  return countSchema.parse(row).rows;
}

async function foreignKeys(sql: Sql): Promise<z.infer<typeof foreignKeySchema>> {
  const rows = await sql.unsafe(
    `select conrelid::regclass::text as table, conname::text as name,
       pg_get_constraintdef(oid) as definition
     from pg_constraint
     where contype = 'f' and conparentid = 0
       and connamespace in (select oid from pg_namespace where nspname in ('public', 'pgboss'))
     order by 1, 2`,
  );
  return foreignKeySchema.parse([...rows]);
}
