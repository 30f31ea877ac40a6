import { and, eq, isNull } from 'drizzle-orm';

import { publications } from '../../drizzle/schema/publishing.ts';
import { shots, videos } from '../../drizzle/schema/videos.ts';
import type { Services } from '../context.ts';
import { uploadPercentOf } from '../publication/row.ts';
import { percentOf } from '../video/progress.ts';

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
  const [row] = await database.db.select().from(publications).where(eq(publications.id, subject));
  if (!row) return null;
  const { status, uploadedBytes: done, totalBytes: total } = row;
  return { subject, kind: 'publication', status, percent: uploadPercentOf(row), done, total };
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
    .select({ status: shots.status })
    .from(shots)
    .where(eq(shots.videoId, subject));
  const percent = percentOf(video, parts);
  return { subject, kind: 'video', status: video.status, percent, done: percent, total: 100 };
}
