// Plain JavaScript, so that an older Node can read it and say that it is too old.
await import('../scripts/require-node.mjs');
await import('./main.ts');
