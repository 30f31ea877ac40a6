import { loadConfig, loadSurroundings } from '../core/config.ts';
import { openEmbedded } from '../drizzle/embedded.ts';
import { migrateDatabase } from '../drizzle/migrate.ts';
import { explainFailure } from './explain.ts';

async function main(): Promise<void> {
  const config = loadConfig();
  const { path } = loadSurroundings();
  const embedded = config.DATABASE_URL
    ? null
    : await openEmbedded({ dataDir: config.JILO_DATA_DIR, path });
  await migrateDatabase(config.DATABASE_URL ?? embedded?.url ?? '');
  await embedded?.release();
  process.stdout.write('The database is up to date.\n');
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${explainFailure(error)}\n`);
  process.exitCode = 1;
}
