import type { Config } from '../../core/config.ts';
import { openDatabase, type Database } from '../../drizzle/client.ts';
import { openEmbedded } from '../../drizzle/embedded.ts';

/** Works on the database of the settings, which is left as it is: no migration runs. */
export async function withDatabase(
  config: Config,
  path: string,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  await using opened = new AsyncDisposableStack();
  let url = config.DATABASE_URL;
  if (!url) {
    const embedded = await openEmbedded({ dataDir: config.JILO_DATA_DIR, path });
    opened.defer(() => embedded.release());
    url = embedded.url;
  }
  const database = openDatabase(url, 2);
  opened.defer(() => database.close());
  await work(database);
}
