import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';

import {
  appliedMigrations,
  judgeSchema,
  migrationsFolder,
  type SchemaState,
} from './migration-list.ts';

/** Any number that no other program on the same database uses for an advisory lock. */
const migrationLock = 7_240_019;

/**
 * Brings the database at `url` to the newest schema; processes that start together take turns.
 * @throws Error with the next step when the database has seen migrations that this version does not know.
 */
export async function migrateDatabase(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => undefined });
  try {
    await sql`select pg_advisory_lock(${migrationLock})`;
    checkSchema(judgeSchema(await appliedMigrations(sql)));
    await migrate(drizzle(sql), { migrationsFolder });
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** The migrator itself looks at dates only, and an older Jilo would work on a newer schema unaware. */
function checkSchema({ schema, applied, wanted, inCommon }: SchemaState): void {
  if (schema === 'ahead')
    throw new Error(
      `The database has a newer schema (${applied} migrations) than this Jilo (${wanted}): start the newer version, or restore a backup into a new database (docs/deploying.md).`,
    );
  if (schema === 'foreign')
    throw new Error(
      `The database has a schema that this Jilo never had (migration ${inCommon + 1} differs): start the version that made it, or use another DATABASE_URL or JILO_DATA_DIR.`,
    );
}
