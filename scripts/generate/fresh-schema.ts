import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openDatabase } from '../../drizzle/client.ts';
import { openEmbedded, removeEmbedded } from '../../drizzle/embedded.ts';
import { migrateDatabase } from '../../drizzle/migrate.ts';
import { dumpSchema } from './schema-dump.ts';

/** The schema of an empty database after all migrations, made on a server of its own. */
export async function dumpFreshSchema(options: {
  /** Where system binaries of Postgres are looked for. */
  readonly path: string;
  readonly only?: 'npm' | 'system';
}): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'jilo-generate-'));
  const server = await openEmbedded({ ...options, dataDir, throwaway: true });
  const database = openDatabase(server.url, 1);
  try {
    await migrateDatabase(server.url);
    return await dumpSchema(database.sql);
  } finally {
    await database.close();
    await server.release();
    removeEmbedded(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  }
}
