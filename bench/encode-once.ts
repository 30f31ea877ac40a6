import { readFileSync } from 'node:fs';

import { assemble } from './assembly.ts';

/** One assembly that encodes picture and sound, in a process of its own; says the most memory it held, in MB. */
const [clipSeconds = '', width = '', height = '', outputPath = '', ...paths] =
  process.argv.slice(2);
const seconds = Number(clipSeconds) * paths.length;
await assemble(paths, Number(clipSeconds), outputPath, {
  size: { width: Number(width), height: Number(height) },
  captions: [{ from: 0, to: seconds, text: '每一帧都有字幕 a caption on every frame' }],
  voice: [{ path: paths[0] ?? '', at: 1, seconds: 3 }],
});
process.stdout.write(`${Math.round(peakKilobytes() / 1024)}\n`);

/** On Linux `maxRSS` begins with what the parent process held when it started this one. */
function peakKilobytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  const own = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  if (own === undefined) throw new Error('the kernel does not tell the most memory held');
  return Number(own);
}
