import { and, eq, gt, inArray, ne, notExists, type SQL } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { pictures } from '../../drizzle/schema/pictures.ts';
import { publications } from '../../drizzle/schema/publishing.ts';

/** What a row holds of its file before that is written: a file is never there without a row that names it. */
export const fileToCome = { bytes: 0, sha256: '' } as const;

/** Its file can be counted on. */
export const hasFile: SQL = gt(pictures.bytes, 0);

/** Nobody may use it any more, and its file is to be removed, or already was. */
export const isDropped: SQL | undefined = and(eq(pictures.bytes, 0), ne(pictures.sha256, ''));

/** No publication that has still to get its thumbnail refers to it. */
export const isSpare = (tx: Pick<Tx, 'select'>): SQL =>
  notExists(
    tx
      .select({ id: publications.id })
      .from(publications)
      .where(
        and(eq(publications.pictureId, pictures.id), eq(publications.thumbnailStatus, 'waiting')),
      ),
  );

/**
 * Drops those of the pictures that `condition` holds for; the ids of these. One that a publication is
 * just being made with stays.
 */
export async function dropPictures(
  tx: Tx,
  ids: readonly string[],
  condition: SQL | undefined,
): Promise<string[]> {
  const chosen = inArray(pictures.id, [...ids]);
  await tx
    .select({ id: pictures.id })
    .from(pictures)
    .where(chosen)
    .orderBy(pictures.id)
    .for('update');
  // Looked at under the locks: a publication may have come to refer to one meanwhile.
  const dropped = await tx
    .update(pictures)
    .set({ bytes: 0 })
    .where(and(chosen, condition))
    .returning({ id: pictures.id });
  return dropped.map(({ id }) => id);
}
