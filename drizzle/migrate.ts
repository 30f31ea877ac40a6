import { join } from 'node:path';

import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';

/** Any number that no other program on the same database uses for an advisory lock. */
const migrationLock = 7_240_019;

/** Brings the database at `url` to the newest schema; processes that start together take turns. */
export async function migrateDatabase(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => undefined });
  try {
    await sql`select pg_advisory_lock(${migrationLock})`;
    await migrate(drizzle(sql), { migrationsFolder: join(import.meta.dirname, 'migrations') });
  } finally {
    await sql.end({ timeout: 5 });
  }
}
