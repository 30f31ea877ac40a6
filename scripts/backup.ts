import { systemClock } from '../core/clock.ts';
import { ConfigError, loadConfig, loadSurroundings } from '../core/config.ts';
import { systemIds } from '../core/ids.ts';
import manifestOfPackage from '../package.json' with { type: 'json' };
import { createBackup } from './backup/create.ts';
import type { Manifest } from './backup/manifest.ts';
import { withDatabase } from './backup/open.ts';
import { explainFailure } from './explain.ts';

const usage =
  'npm run backup -- PLACE: a folder that is not there yet, or a file that ends in .tar';

function report(place: string, { tables, files, secret }: Manifest): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const stored =
    files.kind === 'elsewhere'
      ? [`The files stay where they are, in ${files.place}.`, files.how]
      : [
          `${files.list.length} stored files.`,
          ...files.gone.map((key) => `Removed while the backup was made: ${key}`),
        ];
  return [
    `${rows} rows of ${tables.length} tables.`,
    ...stored,
    secret,
    `Backed up: ${place}`,
    '',
  ].join('\n');
}

async function main(words: readonly string[]): Promise<void> {
  const [target, ...rest] = words;
  if (!target || rest.length > 0 || target.startsWith('-')) throw new ConfigError(usage);
  const config = loadConfig();
  const { path } = loadSurroundings();
  await withDatabase(config, path, async (database) => {
    const manifest = await createBackup({
      config,
      database,
      ids: systemIds,
      target,
      version: manifestOfPackage.version,
      now: systemClock.now(),
    });
    process.stdout.write(report(target, manifest));
  });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${explainFailure(error)}\n`);
  process.exitCode = 1;
}
