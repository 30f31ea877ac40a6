import { join } from 'node:path';

import { readMigrationFiles, type MigrationMeta } from 'drizzle-orm/migrator';
import type postgres from 'postgres';
import { z } from 'zod';

export const migrationsFolder = join(import.meta.dirname, 'migrations');

/** The migrations of this version in their order, with the hashes under which a database records them. */
export const knownMigrations = (): readonly MigrationMeta[] =>
  readMigrationFiles({ migrationsFolder });

const appliedSchema = z.array(z.object({ hash: z.string() }));

/** Hashes of the migrations that a database has seen; none where it has no schema. */
export async function appliedMigrations(sql: Pick<postgres.Sql, 'unsafe'>): Promise<string[]> {
  const [found] = await sql.unsafe(
    `select to_regclass('drizzle.__drizzle_migrations') is not null as exists`,
  );
  if (found?.['exists'] !== true) return [];
  const rows = await sql.unsafe(
    'select hash from drizzle.__drizzle_migrations order by created_at',
  );
  return appliedSchema.parse([...rows]).map(({ hash }) => hash);
}

/** How the schema of a database stands to that of this version. */
export type SchemaState = {
  /** `ahead`: a newer version made it; `foreign`: one whose migrations are not those of this version. */
  readonly schema: 'current' | 'behind' | 'ahead' | 'foreign';
  readonly applied: number;
  readonly wanted: number;
  /** So many from the first one on are the same. */
  readonly inCommon: number;
};

/** Compares what a database has seen, in its order, with the migrations of this version. */
export function judgeSchema(hashes: readonly string[]): SchemaState {
  const known = knownMigrations();
  const [applied, wanted] = [hashes.length, known.length];
  const other = hashes.findIndex((hash, at) => known[at]?.hash !== hash);
  const inCommon = other < 0 ? applied : other;
  const judge = (): SchemaState['schema'] => {
    if (applied > wanted) return 'ahead';
    if (inCommon < applied) return 'foreign';
    return applied < wanted ? 'behind' : 'current';
  };
  return { schema: judge(), applied, wanted, inCommon };
}
