import { knownMigrations } from '../../drizzle/migration-list.ts';
import type { Sql } from './catalog.ts';

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
  for (const { hash, folderMillis, sql } of knownMigrations().slice(0, count)) {
    await tx.unsafe(sql.join('\n'));
    await tx.unsafe(
      'insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2::text::bigint)',
      [hash, String(folderMillis)],
    );
  }
}
