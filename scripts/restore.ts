import { systemClock } from '../core/clock.ts';
import { ConfigError, loadConfig, loadSurroundings } from '../core/config.ts';
import { systemIds } from '../core/ids.ts';
import type { Audit } from '../core/quota/audit.ts';
import type { FilesPart } from './backup/manifest.ts';
import { withDatabase } from './backup/open.ts';
import { restoreBackup, type Restored } from './backup/restore.ts';
import { explainFailure } from './explain.ts';

const usage = 'npm run restore -- BACKUP: the folder or the .tar that `npm run backup` has written';

const aboutFiles = (files: FilesPart): string =>
  files.kind === 'included'
    ? `${files.list.length} stored files.`
    : `The files are not in this backup: they were in ${files.place}. STORAGE_URL has to lead there, or to a copy.`;

function aboutTokens(unreadable: number | null): string {
  if (unreadable === null)
    return 'There is no secret here yet: before the first start put the one of the backup into JILO_SECRET, or into the file "secret" of the data folder.';
  if (unreadable === 0) return 'The secret opens every token.';
  return `The secret does not open ${unreadable} tokens: set the one of the backup as JILO_SECRET, or connect these channels again.`;
}

function aboutBooks({ transfers, wallets, breaches }: Audit): string {
  const facts = `${transfers} movements in ${wallets} wallets`;
  if (breaches.length === 0) return `The books agree: ${facts}.`;
  return [
    `${breaches.length} rules of the books are broken (${facts}); \`npm run audit\` names the rows:`,
    ...breaches.map(({ rule, count }) => `  ${rule}: ${count} rows`),
  ].join('\n');
}

function report({ manifest, audit, unreadable }: Restored): string {
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  return [
    `Restored what Jilo ${manifest.version} backed up at ${manifest.createdAt}.`,
    `${rows} rows of ${manifest.tables.length} tables.`,
    aboutFiles(manifest.files),
    aboutTokens(unreadable),
    aboutBooks(audit),
    '',
  ].join('\n');
}

async function main(words: readonly string[]): Promise<void> {
  const [source, ...rest] = words;
  if (!source || rest.length > 0 || source.startsWith('-')) throw new ConfigError(usage);
  const config = loadConfig();
  const { path } = loadSurroundings();
  await withDatabase(config, path, async (database) => {
    const restored = await restoreBackup({
      config,
      database,
      ids: systemIds,
      source,
      now: systemClock.now(),
    });
    process.stdout.write(report(restored));
    if (restored.audit.breaches.length > 0) process.exitCode = 1;
  });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${explainFailure(error)}\n`);
  process.exitCode = 1;
}
