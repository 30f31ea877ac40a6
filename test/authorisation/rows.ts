import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { World } from '../kit/world.ts';

const idShape = /\b[a-z]{3}_[0-9a-hjkmnp-tv-z]{16}\b/gu;

/** Rows as text, by table. */
type Rows = ReadonlyMap<string, readonly string[]>;

const named = z.array(z.object({ name: z.string() }));
const texts = z.array(z.object({ text: z.string() }));

async function readRows({ app }: World, condition: string): Promise<Rows> {
  const { sql } = app.database;
  // How often somebody has asked is counted for every request, refused ones as well.
  const tables = named.parse(
    await sql`select tablename as name from pg_tables
      where schemaname = 'public' and tablename <> 'rate_limits' order by 1`,
  );
  const read = tables.map(async ({ name }) => {
    const rows = await sql.unsafe(`select t::text as text from "${name}" t where ${condition}`);
    return [name, texts.parse([...rows]).map(({ text }) => text)] as const;
  });
  return new Map(await Promise.all(read));
}

const naming = (ids: readonly string[]): string => `t::text ~ '${ids.join('|')}'`;

/** Every id in the rows of an account, in the rows that name these, and so on; its own comes first. */
export async function idsOf(world: World, accountId: string): Promise<string[]> {
  const ids = new Set([accountId]);
  for (let before = 0; before < ids.size;) {
    before = ids.size;
    for (const rows of (await readRows(world, naming([...ids]))).values())
      for (const text of rows) for (const id of text.match(idShape) ?? []) ids.add(id);
  }
  return [...ids];
}

/** The tables that hold anything in which one of the ids stands. */
export async function tablesOf(world: World, ids: readonly string[]): Promise<string[]> {
  const rows = await readRows(world, naming(ids));
  return [...rows].flatMap(([name, found]) => (found.length > 0 ? [name] : []));
}

/** A hash for each table, over the rows in which one of the ids stands; without ids over all of them. */
export async function hashRows(
  world: World,
  ids: readonly string[] | null = null,
): Promise<Record<string, string>> {
  const rows = await readRows(world, ids === null ? 'true' : naming(ids));
  const hash = (found: readonly string[]) =>
    createHash('sha256').update(found.toSorted().join('\n')).digest('hex');
  return Object.fromEntries([...rows].map(([name, found]) => [name, hash(found)]));
}
