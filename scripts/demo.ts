import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { ConfigError } from '../core/config.ts';
import { removeEmbedded } from '../drizzle/embedded.ts';
import { readDemoOptions, type DemoOptions } from './demo-options.ts';
import { createProgress } from './demo-progress.ts';
import { describeTrip } from './demo-report.ts';
import { walkTrip } from './demo-trip.ts';
import { explainFailure } from './explain.ts';
import { openHost } from './host.ts';
import { isolated } from './isolated.ts';
import { stopOnSignal } from './stop.ts';

const timeLimitMs = 5 * 60 * 1000;

async function run(options: DemoOptions): Promise<void> {
  const stop = stopOnSignal();
  mkdirSync(options.out, { recursive: true });
  const dataDir = mkdtempSync(join(options.out, 'data-'));
  try {
    const host = await openHost({
      as: 'server',
      overrides: { ...isolated, JILO_DATA_DIR: dataDir },
      sandbox: { pace: { generationMs: 1000, searchMs: 500, processingMs: 1000 }, seed: 7 },
    });
    try {
      const context = await host.contextFor(
        'terminal',
        AbortSignal.any([stop, AbortSignal.timeout(timeLimitMs)]),
      );
      const result = await walkTrip(context, options, createProgress(process.stderr));
      process.stdout.write(
        options.json ? `${JSON.stringify(result, null, 2)}\n` : describeTrip(result),
      );
    } finally {
      await host.close();
    }
  } finally {
    removeEmbedded(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

try {
  await run(readDemoOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`\nThe demo did not finish. ${explainFailure(error)}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
