import { assemble } from './assembly.ts';

/** One assembly in a process of its own: seconds of each clip, where to, and the clips. */
const [clipSeconds = '', outputPath = '', ...paths] = process.argv.slice(2);
await assemble(paths, Number(clipSeconds), outputPath);
