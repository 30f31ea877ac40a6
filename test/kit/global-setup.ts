import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import postgres from 'postgres';
import type { TestProject } from 'vitest/node';

import { loadSurroundings } from '../../core/config.ts';
import { openEmbedded, removeEmbedded } from '../../drizzle/embedded.ts';
import { migrateDatabase } from '../../drizzle/migrate.ts';
import { openQueue } from '../../core/queue.ts';
import { systemIds } from '../../core/ids.ts';
import { jobs } from '../../core/jobs.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the migrated database that each test file copies. */
    templateUrl: string;
  }
}

/** One real Postgres for the whole run; each test file works on a copy of its migrated database. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'jilo-test-'));
  const { path } = loadSurroundings();
  const server = await openEmbedded({ dataDir, path, throwaway: true });
  await migrateDatabase(server.url);
  const queue = await openQueue({
    url: server.url,
    jobs,
    ids: systemIds,
    worker: false,
    onError: (error) => {
      throw error;
    },
  });
  await queue.close();
  const template = new URL(server.url);
  const sql = postgres(server.url.replace(/\/jilo$/, '/postgres'), { max: 1 });
  await sql.unsafe('alter database jilo rename to jilo_template');
  await sql.end();
  template.pathname = '/jilo_template';
  project.provide('templateUrl', template.href);
  return async () => {
    await server.release();
    removeEmbedded(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  };
}
