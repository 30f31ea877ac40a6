import type { Project } from './project.ts';
import type { PrivacyChange, StoredVideo } from './state.ts';

export type VideoStatus = {
  readonly uploadStatus: 'uploaded' | 'processed' | 'failed';
  readonly privacy: StoredVideo['privacy'];
  readonly publishAt: string | null;
};

/** What the clock has made of a video: processing ends, a schedule comes due. */
export function statusOf(video: StoredVideo, { options }: Project): VideoStatus {
  const now = options.clock.now();
  const isReady = now.getTime() >= video.uploadedAt + options.processingMs;
  const settled = video.failureReason === null ? 'processed' : 'failed';
  const isPublished = isDue(video, now);
  return {
    uploadStatus: isReady ? settled : 'uploaded',
    privacy: isPublished ? 'public' : video.privacy,
    publishAt: isPublished ? null : video.publishAt,
  };
}

const isDue = ({ publishAt }: StoredVideo, now: Date): boolean =>
  publishAt !== null && Date.parse(publishAt) <= now.getTime();

/** Who could see a video since when, oldest first, with the end of a schedule that has come due. */
export function historyOf(video: StoredVideo, now: Date): readonly PrivacyChange[] {
  const { privacy, publishAt, uploadedAt } = video;
  // Videos of older state files have none.
  const told = video.history.length > 0 ? video.history : [{ at: uploadedAt, privacy, publishAt }];
  if (publishAt === null || !isDue(video, now)) return told;
  const at = Math.max(told.at(-1)?.at ?? uploadedAt, Date.parse(publishAt));
  return [...told, { at, privacy: 'public', publishAt: null }];
}

/** Since when a video is out, or was for the first time; null: nobody but its owner ever found it. */
export const firstPublicAt = (video: StoredVideo, now: Date): number | null =>
  historyOf(video, now).find(({ privacy }) => privacy === 'public')?.at ?? null;

/** How long a video has been public altogether, in milliseconds. */
export function publicMs(video: StoredVideo, now: Date): number {
  const history = historyOf(video, now);
  return history.reduce((sum, { at, privacy }, index) => {
    const until = history[index + 1]?.at ?? now.getTime();
    return privacy === 'public' ? sum + Math.max(0, until - at) : sum;
  }, 0);
}

type Visibility = Pick<StoredVideo, 'privacy' | 'publishAt'>;

/** What becomes of a wish: in a locked project everything stays private. */
export const visibilityOf = (
  { projectLocked }: Project['options'],
  { privacy, publishAt }: Visibility,
): Visibility => (projectLocked ? { privacy: 'private', publishAt: null } : { privacy, publishAt });

/** Makes a video visible as asked and writes it down. */
export function changeVisibility(
  { options }: Project,
  video: StoredVideo,
  asked: Visibility,
): void {
  const now = options.clock.now();
  const history = historyOf(video, now);
  const { privacy, publishAt } = visibilityOf(options, asked);
  const last = history.at(-1);
  const isSame = last?.privacy === privacy && last.publishAt === publishAt;
  const change = { at: now.getTime(), privacy, publishAt };
  video.history = isSame ? [...history] : [...history, change];
  video.privacy = privacy;
  video.publishAt = publishAt;
}
