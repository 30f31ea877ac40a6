import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { copyDatabase } from '../kit/database.ts';
import { openFaultWorld, type FaultWorld } from './world.ts';

/** A world on a database and a folder of its own, which both go with it. */
export async function openThrowawayWorld(): Promise<FaultWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'jilo-faults-test-'));
  const database = await copyDatabase();
  const world = await openFaultWorld({ databaseUrl: database.url, dataDir: folder });
  return {
    ...world,
    async close() {
      await world.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
