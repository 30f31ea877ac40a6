import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { z } from 'zod';

const run = promisify(execFile);

/**
 * What the memory of a 60 s assembly may be of that of a short one. Measured: 1.02 to 1.15 in three rounds
 * each; all frames of a long one kept in memory would make it 2 and more.
 */
export const memoryLimit = 1.3;

/** An assembly that encodes everything: its clips, as long as each other, and where it goes. */
export type Encoding = {
  readonly paths: readonly string[];
  readonly clipSeconds: number;
  readonly size: { readonly width: number; readonly height: number };
  readonly outputPath: string;
};

/** The most memory that it held, in MB resident, in a process of its own. */
export async function measureMemory({
  paths,
  clipSeconds,
  size,
  outputPath,
}: Encoding): Promise<number> {
  const script = join(import.meta.dirname, 'encode-once.ts');
  const numbers = [clipSeconds, size.width, size.height].map(String);
  const { stdout } = await run(process.execPath, [script, ...numbers, outputPath, ...paths]);
  return z.coerce.number().int().positive().parse(stdout.trim());
}
