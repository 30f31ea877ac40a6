import process from 'node:process';

/** Nothing that needs Node 24 may be loaded before this has been looked at. */
const oldestNode = 24;

const say = (line: string): void =>
  void process.stderr.write(`${line.replaceAll(/\s*\n\s*/g, ' ')}\n`);

async function main(): Promise<number> {
  if (Number.parseInt(process.versions.node, 10) < oldestNode) {
    say(
      `Jilo needs Node ${oldestNode} or newer and this is ${process.versions.node}: start it as node_modules/.bin/node mcp-server/main.ts`,
    );
    return 1;
  }
  try {
    const [{ openHost }, { serveStdio }] = await Promise.all([
      import('../scripts/host.ts'),
      import('./stdio.ts'),
    ]);
    const host = await openHost({ as: 'resident' });
    try {
      await serveStdio(host);
    } finally {
      await host.close();
    }
    return 0;
  } catch (error) {
    const { explainFailure } = await import('../scripts/explain.ts');
    say(`Jilo cannot start: ${explainFailure(error)}`);
    return 1;
  }
}

process.exit(await main());
