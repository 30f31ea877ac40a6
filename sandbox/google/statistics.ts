import { createHash } from 'node:crypto';
import type { StoredVideo } from './state.ts';
import { publicMs } from './status.ts';

/** Hours in which a video gathers most of its views. */
const paceHours = 36;

/**
 * What the clock has made of a video's counts: strings, as the real service sends them. They grow while the
 * video is public. Each video has a reach of its own (100 to 100,000) that follows from its id; hidden
 * counts are absent.
 */
export function statisticsOf(video: StoredVideo, now: Date): object {
  const hours = publicMs(video, now) / 3_600_000;
  const gathered = reachOf(video.id) * (1 - Math.exp(-hours / paceHours));
  const counts = { commentCount: String(Math.floor(gathered / 250)), favoriteCount: '0' };
  if (video.countsHidden) return counts;
  return {
    viewCount: String(Math.floor(gathered)),
    likeCount: String(Math.floor(gathered / 30)),
    ...counts,
  };
}

function reachOf(id: string): number {
  const share = createHash('sha256').update(id).digest().readUInt32BE() / 2 ** 32;
  return 10 ** (2 + 3 * share);
}
