// Plain JavaScript, loaded before each entry: an older Node cannot even read TypeScript to say so.
const wanted = 24;
if (Number.parseInt(process.versions.node, 10) < wanted) {
  process.stderr.write(
    `Jilo needs Node ${wanted} or newer, and this is ${process.versions.node}. Start it with npm after \`npm ci\`, or install Node ${wanted}.\n`,
  );
  process.exit(1);
}
// What follows is said in words that an older Node does not know.
const { enableCompileCache } = await import('node:module');
await import('./quick-imports.mjs');
enableCompileCache(new URL('../node_modules/.cache/compile', import.meta.url).pathname);
