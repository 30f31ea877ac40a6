import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { EmulatorAnswer, EmulatorRequest } from '../http.ts';
import { apiError, quotaExceeded, signupRequired } from './answers.ts';
import { readMetadata } from './metadata.ts';
import type { PartFiles } from './part-files.ts';
import { authorize, pacificDay, uploadScopes, usedToday, type Project } from './project.ts';
import type { StoredVideo, VideoMetadata } from './state.ts';
import { visibilityOf } from './status.ts';

export type Insert = { readonly channelId: string; readonly metadata: VideoMetadata };

/** The channel that may upload, or the refusal. */
export function findUploader(
  project: Project,
  request: EmulatorRequest,
): { channelId: string } | { refusal: EmulatorAnswer } {
  const caller = authorize(project, request, uploadScopes);
  if ('refusal' in caller) return caller;
  const { channelId } = caller.access;
  return channelId === null ? { refusal: signupRequired() } : { channelId };
}

/** Counts an insert and reads its metadata; one that is refused is counted as well. */
export function acceptInsert(
  { store, options }: Project,
  { channelId, body, query }: { channelId: string; body: Buffer; query: URLSearchParams },
): Insert | { refusal: EmulatorAnswer } {
  const used = usedToday({ store, options });
  if (used.inserts >= (options.insertsPerDay ?? 100)) return { refusal: quotaExceeded() };
  used.inserts += 1;
  const read = readMetadata(body, query, options.clock.now());
  if ('refusal' in read) return read;
  const today = store.state.videos.filter(
    (video) => video.channelId === channelId && pacificDay(new Date(video.uploadedAt)) === used.day,
  );
  if (today.length >= (options.uploadsPerChannelPerDay ?? Infinity)) {
    const message = 'The user has exceeded the number of videos they may upload.';
    const problem = { status: 400, reason: 'uploadLimitExceeded', message };
    return { refusal: apiError({ ...problem, domain: 'youtube.video' }) };
  }
  return { channelId, metadata: read.metadata };
}

/** Turns stored bytes into a video of the channel. */
export async function keepVideo(
  { options, store }: Project,
  parts: PartFiles,
  name: string,
  { channelId, metadata }: Insert,
): Promise<StoredVideo> {
  const sha256 = await parts.sha256(name);
  const id = randomBytes(8).toString('base64url');
  const file = join(options.uploadFolder, `${id}.mp4`);
  parts.move(name, file);
  const visibility = visibilityOf(options, metadata);
  const now = options.clock.now();
  const bytes = statSync(file).size;
  const invalid = bytes === 0 ? 'emptyFile' : 'invalidFile';
  const video: StoredVideo = {
    ...metadata,
    ...visibility,
    id,
    channelId,
    sha256,
    bytes,
    file,
    uploadedAt: now.getTime(),
    failureReason: isMp4(file) ? null : invalid,
    countsHidden: false,
    thumbnail: null,
    history: [{ at: now.getTime(), ...visibility }],
  };
  store.state.videos.push(video);
  return video;
}

function isMp4(file: string): boolean {
  const start = Buffer.alloc(8);
  const source = openSync(file, 'r');
  try {
    readSync(source, start, 0, start.length, 0);
  } finally {
    closeSync(source);
  }
  return start.toString('latin1', 4, 8) === 'ftyp';
}
