import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import type { Sighting } from '../ports/trend-source.ts';
import type { Analysis } from './analysis.ts';
import { askAnalyst, type Subject } from './explain-answer.ts';

/** Why a video was not watched though it was asked for. */
export const watchProblems = ['youtube_only', 'not_watched'] as const;
export type WatchProblem = (typeof watchProblems)[number];

/** The opening decides, and a minute is about 17,000 tokens. */
const watchedSeconds = 60;

/** The address that Gemini takes a public video by; null where there is none. */
function watchAddress({ platform, externalId }: Sighting): string | null {
  const isVideo = platform === 'youtube' && /^[\w-]{11}$/u.test(externalId);
  return isVideo ? `https://www.youtube.com/watch?v=${externalId}` : null;
}

/** Whether the model could watch this video. */
export const isWatchable = (context: Context, sighting: Sighting): boolean =>
  context.ports.languageModel !== undefined && watchAddress(sighting) !== null;

/**
 * Lets the model watch the first minute of a YouTube video. A video that it cannot see (private,
 * refused, another platform) gives the reason instead.
 */
export async function watchTrend(
  context: Context,
  subject: Subject,
): Promise<Analysis | WatchProblem> {
  const url = watchAddress(subject.sighting);
  if (url === null) return 'youtube_only';
  const model = context.ports.languageModel;
  if (!model) return 'not_watched';
  const video = { url, seconds: lookOf(subject.sighting) };
  try {
    const found = await askAnalyst(context, model, { subjects: [subject], video });
    return found.get(subject.id) ?? 'not_watched';
  } catch (error) {
    if (!isFault(error)) throw error;
    context.log.warn({ err: error, trend: subject.id }, 'a video was not watched');
    return 'not_watched';
  }
}

/** Whole seconds, never past the video's end. */
function lookOf({ durationSeconds }: Sighting): number {
  const isKnown = durationSeconds !== null && durationSeconds >= 1;
  return isKnown ? Math.min(watchedSeconds, Math.floor(durationSeconds)) : watchedSeconds;
}
