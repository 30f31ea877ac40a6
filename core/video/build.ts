import { createReadStream } from 'node:fs';

import type { videos } from '../../drizzle/schema/videos.ts';
import type { JobContext } from '../context.ts';
import { isFault } from '../fault.ts';
import type { Assembly } from '../ports/media-tools.ts';
import { sizeOf } from './models.ts';
import { shapeOf, videoOptionsOf, type ShotRow, type VideoRow } from './row.ts';

const maxVideoBytes = 2 * 1024 ** 3;
const maxPosterBytes = 2_000_000;

export const fileKeyOf = (videoId: string): string => `videos/${videoId}.mp4`;
export const posterKeyOf = (videoId: string): string => `posters/${videoId}.jpg`;

/** The columns that a finished video fills in. */
export type BuiltVideo = Required<
  Pick<
    typeof videos.$inferInsert,
    'fileKey' | 'bytes' | 'sha256' | 'durationSeconds' | 'width' | 'height' | 'posterKey'
  >
>;

/**
 * Makes one file of the shots, which all have theirs, and a still of it, and stores both. `tell` hears
 * how far it is, as a growing part of 1.
 * @throws Fault `storage_full`, `provider_failed` when a clip cannot be played.
 */
export async function buildVideo(
  context: JobContext,
  video: VideoRow,
  parts: readonly ShotRow[],
  tell: (fraction: number) => void,
): Promise<BuiltVideo> {
  const { storage, mediaTools } = context.ports;
  await using opened = new AsyncDisposableStack();
  const pathOf = async ({ fileKey }: ShotRow): Promise<string> => {
    if (fileKey === null) throw new Error('a shot without its file');
    return opened.use(await storage.local(fileKey)).path;
  };
  const draft = opened.use(await storage.scratch('mp4'));
  const facts = await mediaTools.assemble({
    ...(await layOut(parts, pathOf)),
    seconds: video.seconds,
    size: sizeOf(shapeOf(video.shape)),
    fit: videoOptionsOf(video).fit,
    outputPath: draft.path,
    onProgress: tell,
    signal: context.signal,
  });
  const posterKey = await keepPoster(context, video.id, draft.path);
  const fileKey = fileKeyOf(video.id);
  const file = await storage.write(fileKey, createReadStream(draft.path), maxVideoBytes);
  const { durationSeconds, width, height } = facts;
  return { ...file, fileKey, posterKey, durationSeconds, width, height };
}

/** Clips one after the other; lines are shown and spoken over the clip of the same position. */
async function layOut(
  parts: readonly ShotRow[],
  pathOf: (part: ShotRow) => Promise<string>,
): Promise<Pick<Assembly, 'clips' | 'captions' | 'voice'>> {
  const clips: { path: string; seconds: number }[] = [];
  const captions: { from: number; to: number; text: string }[] = [];
  const voice: { path: string; at: number; seconds: number }[] = [];
  let at = 0;
  for (const clip of parts.filter(({ kind }) => kind === 'clip')) {
    const seconds = clip.keepSeconds ?? clip.clipSeconds;
    clips.push({ path: await pathOf(clip), seconds });
    if (clip.caption !== null) captions.push({ from: at, to: at + seconds, text: clip.caption });
    const line = parts.find(({ kind, position }) => kind === 'voice' && position === clip.position);
    if (line) voice.push({ path: await pathOf(line), at, seconds });
    at += seconds;
  }
  return { clips, captions, voice };
}

/** A still; null when none can be made, which is no reason to hold the video back. */
async function keepPoster(
  { ports, log }: JobContext,
  id: string,
  videoPath: string,
): Promise<string | null> {
  const key = posterKeyOf(id);
  await using still = await ports.storage.scratch('jpg');
  try {
    await ports.mediaTools.poster(videoPath, still.path);
  } catch (error) {
    if (!isFault(error, 'provider_failed')) throw error;
    log.warn({ err: error, id }, 'no still could be made');
    return null;
  }
  await ports.storage.write(key, createReadStream(still.path), maxPosterBytes);
  return key;
}
