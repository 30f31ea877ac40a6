import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadSurroundings } from '../../core/config.ts';
import { openEmbedded, removeEmbedded } from '../../drizzle/embedded.ts';
import { migrateDatabase } from '../../drizzle/migrate.ts';
import { raceOverProcesses } from './quota-race-rounds.ts';

const rounds = Number(process.argv[2] ?? 200);
const folder = mkdtempSync(join(tmpdir(), 'jilo-race-'));
const server = await openEmbedded({ dataDir: folder, path: loadSurroundings().path });
try {
  await migrateDatabase(server.url);
  const figures = await raceOverProcesses(server.url, rounds);
  process.stdout.write(`${rounds} rounds\n${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await server.release();
  removeEmbedded(folder);
  rmSync(folder, { recursive: true, force: true });
}
