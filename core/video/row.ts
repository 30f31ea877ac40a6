import { and, eq, ne } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { shotAttempts, shots, videos } from '../../drizzle/schema/videos.ts';
import { storedOptions, type VideoOptions } from './options.ts';
import { modelIds, shapes, videoModels, type Shape, type VideoModel } from './models.ts';

export type VideoRow = typeof videos.$inferSelect;
export type ShotRow = typeof shots.$inferSelect;
export type AttemptRow = typeof shotAttempts.$inferSelect;

/** Whether the outcome of the video may still change by itself. */
export const isRunning = (video: Pick<VideoRow, 'status'>): boolean =>
  video.status === 'queued' || video.status === 'generating' || video.status === 'assembling';

/** Whether clips are still welcome: the video runs, or it timed out and may arrive late. */
export const isWanted = (video: Pick<VideoRow, 'status' | 'failure' | 'deletedAt'>): boolean =>
  isRunning(video) ||
  (video.status === 'failed' && video.failure === 'timed_out' && video.deletedAt === null);

/** Whether the provider took any shot of the video, or may have. */
export async function wasTaken(tx: Pick<Tx, 'select'>, videoId: string): Promise<boolean> {
  const [taken] = await tx
    .select({ id: shotAttempts.id })
    .from(shotAttempts)
    .innerJoin(shots, eq(shots.id, shotAttempts.shotId))
    .where(and(eq(shots.videoId, videoId), ne(shotAttempts.status, 'rejected')))
    .limit(1);
  return taken !== undefined;
}

export function modelOf(stored: string): VideoModel {
  const id = modelIds.find((known) => known === stored);
  if (!id) throw new Error(`model ${stored} is no longer in the catalogue`);
  return videoModels[id];
}

export function shapeOf(stored: string): Shape {
  const shape = shapes.find((known) => known === stored);
  if (!shape) throw new Error(`shape ${stored} is no longer in the catalogue`);
  return shape;
}

/** What the person chose beside prompt, model, length and shape. */
export const videoOptionsOf = ({ options }: Pick<VideoRow, 'options'>): VideoOptions =>
  storedOptions.parse(options);

/** Locks the video, then reads the shot. */
export async function lockByShot(
  tx: Tx,
  shotId: string,
): Promise<{ shot: ShotRow; video: VideoRow } | null> {
  const [owner] = await tx.select({ id: shots.videoId }).from(shots).where(eq(shots.id, shotId));
  if (!owner) return null;
  const [video] = await tx.select().from(videos).where(eq(videos.id, owner.id)).for('update');
  const [shot] = await tx.select().from(shots).where(eq(shots.id, shotId));
  return shot && video ? { shot, video } : null;
}

/** An attempt with what it is for. */
export type FoundAttempt = {
  readonly attempt: AttemptRow;
  readonly shot: ShotRow;
  readonly video: VideoRow;
};

/** Locks the video, then reads attempt and shot: every end of a video waits for this lock. */
export async function lockByAttempt(tx: Tx, attemptId: string): Promise<FoundAttempt | null> {
  const [ids] = await tx
    .select({ videoId: shots.videoId })
    .from(shotAttempts)
    .innerJoin(shots, eq(shots.id, shotAttempts.shotId))
    .where(eq(shotAttempts.id, attemptId));
  if (!ids) return null;
  const [video] = await tx.select().from(videos).where(eq(videos.id, ids.videoId)).for('update');
  const [row] = await tx
    .select({ attempt: shotAttempts, shot: shots })
    .from(shotAttempts)
    .innerJoin(shots, eq(shots.id, shotAttempts.shotId))
    .where(eq(shotAttempts.id, attemptId));
  return video && row ? { ...row, video } : null;
}
