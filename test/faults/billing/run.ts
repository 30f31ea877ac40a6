import { openApp, type App } from '../../../core/app.ts';
import { loadSurroundings, parseConfig } from '../../../core/config.ts';
import { bookSettings } from '../../kit/payment-books.ts';
import type { RunResult } from '../run.ts';
import { runHistory } from './history.ts';

/** Opens the product on a migrated database; what people pay is in books of the test. */
export function openBillingWorld(place: {
  readonly databaseUrl: string;
  readonly dataDir: string;
}): Promise<App> {
  return openApp({
    config: parseConfig({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      JILO_DATA_DIR: place.dataDir,
      DATABASE_URL: place.databaseUrl,
      ...bookSettings,
    }),
    path: loadSurroundings().path,
    write: () => undefined,
    worker: false,
    publicUrl: () => 'http://127.0.0.1:8787',
  });
}

/** Plays one life with plans and packs to its end, and looks at what is left. */
export async function playBilling(
  app: App,
  { seed, run }: { readonly seed: number; readonly run: number },
): Promise<RunResult> {
  const counts = new Map<string, number>();
  const broken: string[] = [];
  // Messages are worked on by hand here, so their jobs are left over.
  await app.database.sql`delete from pgboss.job`;
  try {
    await runHistory(app, `${seed}.${run}`, counts);
  } catch (error) {
    broken.push(String(error instanceof Error ? error.stack : error));
  }
  return { run, broken, story: [], counts };
}
