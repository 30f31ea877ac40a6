// Plain JavaScript, so that an older Node can read it and say that it is too old.
import { setFlagsFromString } from 'node:v8';

// Most of these only wait for a call, and V8's room for young objects would double with all that is
// read. It is set before the compile cache is opened, which is kept for each set of flags.
setFlagsFromString('--semi-space-growth-factor=1');
await import('../scripts/require-node.mjs');
await import('./main.ts');
