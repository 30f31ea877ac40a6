import { and, eq, isNull, not } from 'drizzle-orm';

import { publications } from '../../drizzle/schema/publishing.ts';
import { shots, videos } from '../../drizzle/schema/videos.ts';
import { ofDeletedAccount } from '../account/deleted.ts';
import type { Services } from '../context.ts';
import { uploadPercentOf } from '../publication/row.ts';
import { percentOf } from '../video/progress.ts';
import { waitingForOf } from '../video/wait.ts';

/** How far a video or a publication is, and nothing private about it. */
export type SubjectState = {
  readonly subject: string;
  readonly kind: 'video' | 'publication';
  readonly status: string;
  /** 0 to 100. */
  readonly percent: number;
  /** Acknowledged bytes of a publication; of a video the same as `percent`. */
  readonly done: number;
  readonly total: number;
  /** What it waits for before it goes on by itself: a service by its name, `channel` or `allowance`; null: nothing. */
  readonly waitingFor: string | null;
};

/** Where nothing more is waited for; what comes after one of these comes in its own time. */
const ends: ReadonlySet<string> = new Set([
  'ready',
  'failed',
  'cancelled',
  'scheduled',
  'live',
  'unconfirmed',
]);

/** Whether a video or a publication with this status has come to an end. */
export const hasEnded = ({ status }: { readonly status: string }): boolean => ends.has(status);

/** How far it is by now, whoever's it is; null for what does not exist or was deleted. */
export const readSubjectState = (services: Services, id: string): Promise<SubjectState | null> =>
  id.startsWith('pub_') ? readPublicationState(services, id) : readVideoState(services, id);

async function readPublicationState(
  { database }: Services,
  subject: string,
): Promise<SubjectState | null> {
  const isOpen = not(ofDeletedAccount(publications.accountId));
  const [row] = await database.db
    .select()
    .from(publications)
    .where(and(eq(publications.id, subject), isOpen));
  if (!row) return null;
  const { status, uploadedBytes: done, totalBytes: total } = row;
  const { waitingFor } = row;
  const percent = uploadPercentOf(row);
  return { subject, kind: 'publication', status, percent, done, total, waitingFor };
}

async function readVideoState(
  { database }: Services,
  subject: string,
): Promise<SubjectState | null> {
  const { db } = database;
  const isVideo = and(eq(videos.id, subject), isNull(videos.deletedAt));
  const [video] = await db.select().from(videos).where(isVideo);
  if (!video) return null;
  const parts = await db
    .select({ status: shots.status, waitingFor: shots.waitingFor })
    .from(shots)
    .where(eq(shots.videoId, subject));
  const percent = percentOf(video, parts);
  const waitingFor = waitingForOf(video, parts);
  const { status } = video;
  return { subject, kind: 'video', status, percent, done: percent, total: 100, waitingFor };
}
