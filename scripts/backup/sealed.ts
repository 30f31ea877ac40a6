import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import type { Config } from '../../core/config.ts';
import { createCrypto } from '../../core/crypto.ts';
import type { Ids } from '../../core/ids.ts';
import { sealedColumns } from '../../core/reseal.ts';
import { loadSecrets } from '../../core/secret.ts';
import type { Database } from '../../drizzle/client.ts';

const rowsSchema = z.array(z.object({ row: z.string(), account: z.string(), sealed: z.string() }));

/** How many sealed values the secret at hand does not open; null where no secret is there to try. */
export async function unreadableTokens(tools: {
  readonly config: Config;
  readonly database: Database;
  readonly ids: Ids;
}): Promise<number | null> {
  const { config, database, ids } = tools;
  // Asking for the secret would create one, which must not stand in the way of the kept one.
  if (!config.JILO_SECRET && !existsSync(join(config.JILO_DATA_DIR, 'secret'))) return null;
  const crypto = createCrypto(() => loadSecrets(config, ids), ids);
  let count = 0;
  for (const { table, column, key } of sealedColumns) {
    const { sql } = database;
    const rows = rowsSchema.parse(
      await sql`select ${sql(key)} as row, account_id as account, ${sql(column)} as sealed
        from ${sql(table)} where ${sql(column)} is not null`,
    );
    for (const { row, account, sealed } of rows)
      if (!opens(() => crypto.open(sealed, { table, column, row, account }))) count += 1;
  }
  return count;
}

function opens(open: () => string): boolean {
  try {
    open();
    return true;
  } catch {
    return false; // Another key: the operator is told how many there are.
  }
}
