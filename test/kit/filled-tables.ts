import { z } from 'zod';

import { movedColumns } from '../../core/account/merge-rows.ts';
import { sealedColumns } from '../../core/reseal.ts';
import type { World } from './world.ts';

const columnsSchema = z.array(
  z.object({ name: z.string(), type: z.string(), isNeeded: z.boolean() }),
);

/** Values that something reads, where any other text would do. */
const readable = (accountId: string): Readonly<Record<string, unknown>> => ({
  'watches.platforms': '["youtube"]',
  // One that went on would make its account the one that stays.
  'subscriptions.status': 'canceled',
  'videos.id': `vid_${accountId}`,
  'channels.id': `chn_${accountId}`,
  // A row that is written twice in one transaction has to name what there is.
  'publications.video_id': `vid_${accountId}`,
  'publications.channel_id': `chn_${accountId}`,
});

/**
 * Writes a row into every table whose rows move with an account; what is sealed in it is `secret`. The
 * rows name hardly anything else that there is.
 */
export async function fillTables(world: World, accountId: string, secret: string): Promise<void> {
  const { database, crypto } = world.app;
  const known = readable(accountId);
  const tables = new Set(movedColumns.map(([table]) => table));
  await database.sql.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    for (const table of tables) {
      const columns = columnsSchema.parse([
        ...(await sql`select column_name as name, data_type as type,
            is_nullable = 'NO' and column_default is null as "isNeeded"
          from information_schema.columns
          where table_schema = 'public' and table_name = ${table}`),
      ]);
      const own: readonly string[] = movedColumns
        .filter(([name]) => name === table)
        .map(([, column]) => column);
      const row = new Map<string, unknown>(
        columns
          .filter(({ isNeeded }) => isNeeded)
          .map(({ name, type }) => [
            name,
            own.includes(name)
              ? accountId
              : (known[`${table}.${name}`] ?? sample(type, world.app.ids.next('any'))),
          ]),
      );
      for (const { column, key, ...place } of sealedColumns.filter((one) => one.table === table)) {
        const id = z.string().parse(row.get(key));
        row.set(column, crypto.seal(secret, { ...place, column, row: id, account: accountId }));
      }
      const names = [...row.keys()];
      const places = names.map((_, index) => `$${index + 1}`).join(', ');
      const quoted = names.map((name) => `"${name}"`).join(', ');
      await sql.unsafe(
        `insert into "${table}" (${quoted}) values (${places})`,
        z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).parse([...row.values()]),
      );
    }
  });
}

function sample(type: string, text: string): string | number | boolean {
  if (type === 'text') return text;
  if (type === 'boolean') return false;
  if (type === 'jsonb') return '[]';
  return type.startsWith('timestamp') ? '2026-11-22T08:00:00Z' : 1;
}
