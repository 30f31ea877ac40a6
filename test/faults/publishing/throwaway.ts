import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { copyDatabase } from '../../kit/database.ts';
import { openPublishingWorld, type PublishingWorld } from './world.ts';

/** A world on a database and a folder of its own, which both go with it. */
export async function openThrowawayPublishing(): Promise<PublishingWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'jilo-publishing-test-'));
  const database = await copyDatabase();
  const world = await openPublishingWorld({ databaseUrl: database.url, dataDir: folder });
  return {
    ...world,
    async close() {
      await world.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
