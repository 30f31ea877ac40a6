import { explainFailure } from '../scripts/explain.ts';
import { openHost } from '../scripts/host.ts';
import { serveStdio } from './stdio.ts';

async function main(): Promise<number> {
  try {
    const host = await openHost({ as: 'resident' });
    try {
      await serveStdio(host);
    } finally {
      await host.close();
    }
    return 0;
  } catch (error) {
    const reason = explainFailure(error).replaceAll(/\s*\n\s*/g, ' ');
    process.stderr.write(`Jilo cannot start: ${reason}\n`);
    return 1;
  }
}

// Whatever a library still holds open must not keep a client waiting.
process.exit(await main());
