import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadSurroundings } from '../core/config.ts';
import { openEmbedded, removeEmbedded } from '../drizzle/embedded.ts';
import { migrateDatabase } from '../drizzle/migrate.ts';
import { benchAudit } from './ledger-audit.ts';
import { benchSpeed } from './ledger-speed.ts';

type Say = (line: string) => void;

/** Holds and the audit of a long journal, as durable as the product's; true within all limits. */
export async function bench(say: Say): Promise<boolean> {
  const isAuditFine = await onDatabase((url) => benchAudit(url, say));
  const isSpeedFine = await onDatabase((url) => benchSpeed(url, say));
  return isAuditFine && isSpeedFine;
}

/** An empty database of its own. */
async function onDatabase(work: (url: string) => Promise<boolean>): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'jilo-bench-ledger-'));
  const server = await openEmbedded({ dataDir: folder, path: loadSurroundings().path });
  try {
    await migrateDatabase(server.url);
    return await work(server.url);
  } finally {
    await server.release();
    removeEmbedded(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}
