import { and, eq } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { channels, publications } from '../../drizzle/schema/publishing.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { inScope } from '../scope.ts';

export type PublicationRow = typeof publications.$inferSelect;

/** Of the bytes that the host has acknowledged, 0 to 100. */
export const uploadPercentOf = ({
  uploadedBytes,
  totalBytes,
}: Pick<PublicationRow, 'uploadedBytes' | 'totalBytes'>): number =>
  Math.floor((100 * uploadedBytes) / Math.max(1, totalBytes));

const isOwn = (context: Context, id: string) =>
  and(eq(publications.id, id), inScope(context.actor, publications));

const missing = (id: string): Fault =>
  new Fault('not_found', { what: 'publication', id }, { field: 'publication' });

/** A publication of the person with the title of its channel. @throws Fault `not_found`. */
export async function readPublication(
  context: Context,
  id: string,
): Promise<{ readonly row: PublicationRow; readonly channel: string }> {
  const [found] = await context.database.db
    .select({ row: publications, channel: channels.title })
    .from(publications)
    .innerJoin(channels, eq(channels.id, publications.channelId))
    .where(isOwn(context, id));
  if (!found) throw missing(id);
  return found;
}

/** The same row, locked until `tx` ends. @throws Fault `not_found`. */
export async function lockPublication(
  tx: Tx,
  context: Context,
  id: string,
): Promise<PublicationRow> {
  const [row] = await tx.select().from(publications).where(isOwn(context, id)).for('update');
  if (!row) throw missing(id);
  return row;
}
