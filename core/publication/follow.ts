import type { Tx } from '../../drizzle/client.ts';
import type { publications } from '../../drizzle/schema/publishing.ts';
import type { Services } from '../context.ts';
import type { JobKind } from '../job.ts';
import {
  publicationCaptions,
  publicationConfirm,
  publicationPlaylist,
  publicationThumbnail,
} from './queue.ts';

type Row = typeof publications.$inferSelect;

/** Starts all that follows once the host has the video, with the change that says so. */
export async function followUpload(
  tx: Tx,
  { queue }: Pick<Services, 'queue'>,
  row: Pick<Row, 'id' | 'thumbnailStatus' | 'playlistStatus' | 'captionsStatus'>,
): Promise<void> {
  const publicationId = row.id;
  const start = (kind: JobKind<{ publicationId: string }>) =>
    queue.enqueue(tx, kind, { publicationId }, { key: publicationId });
  const first = { publicationId, round: 1, told: 0 };
  await queue.enqueue(tx, publicationConfirm, first, { key: `${publicationId}:0:1` });
  if (row.thumbnailStatus === 'waiting') await start(publicationThumbnail);
  if (row.playlistStatus === 'waiting') await start(publicationPlaylist);
  if (row.captionsStatus === 'waiting') await start(publicationCaptions);
}
