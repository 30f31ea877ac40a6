import { z } from 'zod';

import type { Database } from '../../drizzle/client.ts';
import { journalRules } from './audit-journal.ts';
import { outsideRules } from './audit-outside.ts';
import type { AuditRule } from './audit-rule.ts';
import { videoRules } from './audit-videos.ts';

type Sql = Database['sql'];

/** So many rows of a breach are named; all of them are counted. */
const namedRows = 20;

/** Every rule that the books must keep, whatever happened. */
export const auditRules: readonly AuditRule[] = [...journalRules, ...videoRules, ...outsideRules];

export type AuditBreach = {
  readonly rule: string;
  readonly count: number;
  readonly rows: readonly { readonly id: string; readonly detail: string }[];
};

export type Audit = {
  readonly transfers: number;
  readonly wallets: number;
  readonly seconds: number;
  readonly breaches: readonly AuditBreach[];
};

/**
 * Replays the journal and proves that wallets, holds, videos, jobs of providers, publications and
 * purchases agree with it, all as of one moment: it disturbs nothing and may run beside everything.
 */
export async function auditBooks(sql: Sql, now: Date): Promise<Audit> {
  return sql.begin('isolation level repeatable read read only', (tx) => auditWithin(tx, now));
}

/** The same within a transaction of the caller. @internal */
export async function auditWithin(tx: Pick<Sql, 'unsafe'>, now: Date): Promise<Audit> {
  // Sorting a million movements in the usual few megabytes goes by way of the disk.
  await tx.unsafe(`select set_config('work_mem', '128MB', true), set_config('jit', 'off', true)`);
  const breaches: AuditBreach[] = [];
  for (const rule of auditRules) {
    const breach = await check(tx, rule, now);
    if (breach) breaches.push(breach);
  }
  const [facts] = await tx.unsafe(`
    select (select count(*)::int from quota_transfers) as transfers,
      (select count(*)::int from wallets) as wallets,
      extract(epoch from clock_timestamp() - now())::float8 as seconds`);
  return { ...factsSchema.parse(facts), breaches };
}

const factsSchema = z.object({
  transfers: z.number(),
  wallets: z.number(),
  seconds: z.number(),
});

const rowsSchema = z.array(
  z.object({ id: z.string(), detail: z.string(), count: z.number().int() }),
);

async function check(
  tx: Pick<Sql, 'unsafe'>,
  { name, breaches }: AuditRule,
  now: Date,
): Promise<AuditBreach | null> {
  const found = await tx.unsafe(
    `with audit as (select $1::timestamptz as now), breach as (${breaches})
      select id, coalesce(detail, '') as detail, (count(*) over ())::int as count
      from breach order by id limit ${namedRows}`,
    [now.toISOString()],
  );
  const rows = rowsSchema.parse([...found]);
  const [first] = rows;
  if (!first) return null;
  return { rule: name, count: first.count, rows: rows.map(({ id, detail }) => ({ id, detail })) };
}
