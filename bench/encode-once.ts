import { assemble } from './assembly.ts';

/** One assembly that encodes picture and sound, in a process of its own; says the most memory it held. */
const [clipSeconds = '', outputPath = '', ...paths] = process.argv.slice(2);
const seconds = Number(clipSeconds) * paths.length;
await assemble(paths, Number(clipSeconds), outputPath, {
  captions: [{ from: 0, to: seconds, text: '每一帧都有字幕 a caption on every frame' }],
  voice: [{ path: paths[0] ?? '', at: 1, seconds: 3 }],
});
process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
