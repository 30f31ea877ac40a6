import { systemClock } from '../core/clock.ts';
import { loadConfig, loadSurroundings, type Config } from '../core/config.ts';
import { systemIds } from '../core/ids.ts';
import { rotateKeys, type Rotation } from '../core/rotate-keys.ts';
import { openDatabase } from '../drizzle/client.ts';
import { openEmbedded } from '../drizzle/embedded.ts';
import { migrateDatabase } from '../drizzle/migrate.ts';
import { explainFailure } from './explain.ts';
import { findRuntime } from './runtime.ts';

const nextSteps: Readonly<Record<Rotation['previous'], string>> = {
  removed: 'The older secret is removed: nothing needs it.',
  kept: 'The older secret is kept in the data folder: stop Jilo and run this again to remove it.',
  set: 'Once every process runs with the new JILO_SECRET, JILO_SECRET_PREVIOUS can be removed.',
};

function report({ resealed, current, unreadable, previous }: Rotation): string {
  const counts = `${resealed} values sealed anew, ${current} were under the current key already.`;
  if (unreadable.length === 0) return `${counts}\n${nextSteps[previous]}\n`;
  return [
    counts,
    `${unreadable.length} cannot be opened with any secret that is set:`,
    ...unreadable.map((place) => `  ${place}`),
    'Add the secret that they were sealed with to JILO_SECRET_PREVIOUS and run this again,',
    'or connect these channels anew.',
    '',
  ].join('\n');
}

async function rotate(config: Config, url: string): Promise<void> {
  await migrateDatabase(url);
  const database = openDatabase(url);
  try {
    const tools = { config, ids: systemIds, clock: systemClock, database };
    const isInUse = async () => (await findRuntime(config.JILO_DATA_DIR)) !== null;
    const rotation = await rotateKeys(tools, isInUse);
    process.stdout.write(report(rotation));
    if (rotation.unreadable.length > 0) process.exitCode = 1;
  } finally {
    await database.close();
  }
}

async function main(): Promise<void> {
  const config = loadConfig();
  const { path } = loadSurroundings();
  if (config.DATABASE_URL) return rotate(config, config.DATABASE_URL);
  const embedded = await openEmbedded({ dataDir: config.JILO_DATA_DIR, path });
  try {
    await rotate(config, embedded.url);
  } finally {
    await embedded.release();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${explainFailure(error)}\n`);
  process.exitCode = 1;
}
