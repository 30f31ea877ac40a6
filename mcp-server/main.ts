import { loadConfig } from '../core/config.ts';
import { presentPorts } from '../core/present-ports.ts';
import { createJiloService } from './jilo/service.ts';
import { serveStdio } from './stdio.ts';
import { offeredTools, readToolList } from './tool-list.ts';
import { openOnce } from './open-once.ts';

async function main(): Promise<number> {
  const product = openOnce(async () => (await import('../scripts/mcp-product.ts')).openProduct());
  try {
    const tools = offeredTools(readToolList(), presentPorts(loadConfig()));
    await serveStdio({ ...createJiloService(tools, product.open), onDefect: report });
    return 0;
  } catch (error) {
    const { explainFailure } = await import('../scripts/explain.ts');
    const reason = explainFailure(error).replaceAll(/\s*\n\s*/g, ' ');
    process.stderr.write(`Jilo cannot start: ${reason}\n`);
    return 1;
  } finally {
    await product.close();
  }
}

/** Clients keep what a server says here; it never reaches the model. */
const report = (error: unknown): void =>
  void process.stderr.write(`Jilo: ${error instanceof Error ? error.message : String(error)}\n`);

// Whatever a library still holds open must not keep a client waiting.
process.exit(await main());
