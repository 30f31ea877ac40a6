import { systemClock } from '../core/clock.ts';
import { loadConfig, loadSurroundings } from '../core/config.ts';
import { auditBooks, auditRules, type Audit } from '../core/quota/audit.ts';
import { openDatabase } from '../drizzle/client.ts';
import { openEmbedded } from '../drizzle/embedded.ts';
import { migrateDatabase } from '../drizzle/migrate.ts';
import { explainFailure } from './explain.ts';

function report({ transfers, wallets, seconds, breaches }: Audit): string {
  const broken = new Map(breaches.map((breach) => [breach.rule, breach]));
  const width = Math.max(...auditRules.map(({ name }) => name.length));
  const table = auditRules.map(({ name }) => {
    const breach = broken.get(name);
    return `  ${name.padEnd(width)}  ${breach ? `${breach.count} rows` : 'yes'}`;
  });
  const rows = breaches.flatMap(({ rule, count, rows: named }) => [
    '',
    `${rule}:`,
    ...named.map(({ id, detail }) => `  ${id}  ${detail}`),
    ...(count > named.length ? [`  and ${count - named.length} more`] : []),
  ]);
  const facts = `${transfers} movements in ${wallets} wallets, ${seconds.toFixed(1)} s`;
  const end =
    breaches.length === 0
      ? `The books agree: ${facts}.`
      : `${breaches.length} of ${auditRules.length} rules are broken: ${facts}.`;
  return [...table, ...rows, '', end, ''].join('\n');
}

async function audit(url: string): Promise<void> {
  await migrateDatabase(url);
  const database = openDatabase(url, 1);
  try {
    const found = await auditBooks(database.sql, systemClock.now());
    process.stdout.write(report(found));
    if (found.breaches.length > 0) process.exitCode = 1;
  } finally {
    await database.close();
  }
}

async function main(): Promise<void> {
  const config = loadConfig();
  const { path } = loadSurroundings();
  if (config.DATABASE_URL) return audit(config.DATABASE_URL);
  const embedded = await openEmbedded({ dataDir: config.JILO_DATA_DIR, path });
  try {
    await audit(embedded.url);
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
