import { z } from 'zod';

/** What can be measured; each says its figures and whether they are within their limit. */
const benches = {
  join: () => import('../bench/join.ts'),
  encode: () => import('../bench/encode.ts'),
  trends: () => import('../bench/trends.ts'),
  upload: () => import('../bench/upload.ts'),
  mcp: () => import('../bench/mcp.ts'),
  ledger: () => import('../bench/ledger.ts'),
};

const name = z
  .enum(['join', 'encode', 'trends', 'upload', 'mcp', 'ledger'])
  .safeParse(process.argv[2]);
if (name.success) {
  const { bench } = await benches[name.data]();
  const isWithinLimit = await bench((line) => void process.stdout.write(`${line}\n`));
  if (!isWithinLimit) process.exitCode = 1;
} else {
  process.stderr.write(`Say what to measure: ${Object.keys(benches).join(', ')}\n`);
  process.exitCode = 2;
}
