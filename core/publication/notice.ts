import type { Tx } from '../../drizzle/client.ts';
import type { publications } from '../../drizzle/schema/publishing.ts';
import { recordNotice, type NoticeKind } from '../notice/record.ts';

type Row = typeof publications.$inferSelect;

const kinds: Partial<Record<Row['status'], NoticeKind>> = {
  live: 'publication_live',
  scheduled: 'publication_scheduled',
  unconfirmed: 'publication_failed',
  failed: 'publication_failed',
};

/** Leaves word for the person where a publication has come to something they wait for. */
export async function recordEnd(
  tx: Tx,
  row: Pick<Row, 'id' | 'accountId' | 'status'>,
  at: Date,
): Promise<void> {
  const kind = kinds[row.status];
  if (kind) await recordNotice(tx, { accountId: row.accountId, kind, subjectId: row.id, at });
}
