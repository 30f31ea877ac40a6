import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { sha256Hex } from '../../core/crypto.ts';
import { hasTable, type Sql } from './catalog.ts';

type Migration = { readonly hash: string; readonly at: number; readonly statements: string };

const migrationsFolder = join(import.meta.dirname, '../../drizzle/migrations');
const journalSchema = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.int() })) });
const appliedSchema = z.array(z.object({ hash: z.string() }));

/** The migrations of this version in their order, with the hashes under which a database records them. */
function knownMigrations(): Migration[] {
  const read = (file: string) => readFileSync(join(migrationsFolder, file), 'utf8');
  const { entries } = journalSchema.parse(JSON.parse(read('meta/_journal.json')));
  return entries.map(({ tag, when }) => {
    const text = read(`${tag}.sql`);
    const statements = text.replaceAll('--> statement-breakpoint', '');
    return { hash: sha256Hex(text), at: when, statements };
  });
}

/** Hashes of the migrations that a database has seen; none where it has no schema. */
export async function appliedMigrations(sql: Sql): Promise<string[]> {
  if (!(await hasTable(sql, 'drizzle.__drizzle_migrations'))) return [];
  const rows = await sql.unsafe(
    'select hash from drizzle.__drizzle_migrations order by created_at',
  );
  return appliedSchema.parse([...rows]).map(({ hash }) => hash);
}

/** @throws Error when this version cannot make the schema that a backup was taken from. */
export function checkMigrations(wanted: readonly string[], writtenBy: string): void {
  const known = knownMigrations();
  if (wanted.length > known.length)
    throw new Error(
      `The backup has a newer schema (${wanted.length} migrations) than this Jilo (${known.length}): restore it with Jilo ${writtenBy} or newer.`,
    );
  if (wanted.some((hash, at) => known[at]?.hash !== hash))
    throw new Error(
      `The backup has a schema that this Jilo never had: restore it with Jilo ${writtenBy}.`,
    );
}

/**
 * Makes the schema of the first `count` migrations in an empty database, recorded as the migrator
 * does: it goes on from there. The rows of an older version fit the older schema only.
 */
export async function makeSchema(tx: Sql, count: number): Promise<void> {
  await tx.unsafe(`create schema drizzle;
    create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`);
  for (const { hash, at, statements } of knownMigrations().slice(0, count)) {
    await tx.unsafe(statements);
    await tx.unsafe(
      'insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2::text::bigint)',
      [hash, String(at)],
    );
  }
}
