import { z } from 'zod';

import type { Database } from '../../drizzle/client.ts';

/** A connection or a transaction. */
export type Sql = Pick<Database['sql'], 'unsafe'>;

/** What of the job queue is data; the rest is made anew and only says how the queue has fared. */
const queueTables = ['queue', 'schedule', 'subscription', 'job', 'job_dependency'];

const tablesSchema = z.array(z.object({ name: z.string(), columns: z.array(z.string()) }));
const namesSchema = z.array(z.object({ name: z.string() }));

/** Tables that hold the product's data, with the columns that can be written. */
export async function listTables(sql: Sql): Promise<z.infer<typeof tablesSchema>> {
  const rows = await sql.unsafe(
    `select n.nspname || '.' || c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
       and not a.attisdropped and a.attgenerated = ''
     where c.relkind in ('r', 'p') and not c.relispartition
       and (n.nspname = 'public' or n.nspname = 'pgboss' and c.relname = any($1::text[]))
       and not exists (select 1 from pg_depend d
         where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     group by 1 order by 1`,
    [queueTables],
  );
  return tablesSchema.parse([...rows]);
}

/** Sequences of those schemas, without those of extensions. */
export async function listSequences(sql: Sql): Promise<string[]> {
  const rows = await sql.unsafe(
    `select n.nspname || '.' || c.relname as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'S' and n.nspname in ('public', 'pgboss')
       and not exists (select 1 from pg_depend d
         where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     order by 1`,
  );
  return namesSchema.parse([...rows]).map(({ name }) => name);
}

/** Tables, views and sequences that a Jilo, or another program, has made where Jilo would make its own. */
export async function listForeign(sql: Sql): Promise<string[]> {
  const rows = await sql.unsafe(
    `select n.nspname || '.' || c.relname as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'pgboss', 'drizzle') and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
       and not exists (select 1 from pg_depend d
         where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     order by 1`,
  );
  return namesSchema.parse([...rows]).map(({ name }) => name);
}

/** Whether there is a table of this name. @internal */
export async function hasTable(sql: Sql, table: string): Promise<boolean> {
  const [row] = await sql.unsafe('select to_regclass($1) is not null as found', [table]);
  return row?.['found'] === true;
}

/** Schema version of the job queue; null where none was made. */
export async function queueVersion(sql: Sql): Promise<number | null> {
  if (!(await hasTable(sql, 'pgboss.version'))) return null;
  const [row] = await sql.unsafe('select version from pgboss.version');
  return z.object({ version: z.int() }).parse(row).version;
}

/** A name such as `public.accounts` or a column, as SQL. */
export const quoted = (name: string): string =>
  name
    .split('.')
    .map((word) => `"${word.replaceAll('"', '""')}"`)
    .join('.');
