import process from 'node:process';

// Plain JavaScript: a Node that cannot read TypeScript has to be able to say so.
if (Number.parseInt(process.versions.node, 10) < 24) {
  const start = 'node_modules/.bin/node mcp-server/main.ts';
  process.stderr.write(
    `Jilo needs Node 24 or newer and this is ${process.versions.node}: start it as ${start}\n`,
  );
  process.exit(1);
}
await import('./main.ts');
