import { and, asc, eq } from 'drizzle-orm';
import { z } from 'zod';

import { shots, videos } from '../../drizzle/schema/videos.ts';
import type { Context } from '../context.ts';
import { Fault, faultWords } from '../fault.ts';
import { mediaLink } from '../media-link.ts';
import { catalogue, type Locale } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { modelIds, shapes } from './models.ts';
import { modelOf, shapeOf, type VideoRow } from './row.ts';

const statuses = ['queued', 'generating', 'assembling', 'ready', 'failed', 'cancelled'] as const;

/** @throws Fault `not_found` for a video of another account, just as for none. */
export async function readVideo(context: Context, id: string): Promise<VideoRow> {
  const [video] = await context.database.db
    .select()
    .from(videos)
    .where(and(eq(videos.id, id), eq(videos.accountId, context.actor.accountId)));
  if (!video) throw new Fault('not_found', { what: 'video', id }, { field: 'video' });
  return video;
}

/** Analysing 0-20, shots 20-80 by how many are delivered, assembling 80-100. */
function percentOf(status: VideoRow['status'], delivered: number, planned: number): number {
  if (status === 'ready') return 100;
  if (status === 'assembling') return 80;
  if (status === 'generating') return 20 + Math.round((60 * delivered) / Math.max(1, planned));
  return 0;
}

/** Why a video failed, in the person's words. */
function failureWords(failure: string | null, locale: Locale): string | null {
  const words = catalogue(locale);
  if (failure === null) return null;
  if (failure === 'timed_out') return words.words.timedOut;
  const { message, next } =
    failure === 'content_refused'
      ? faultWords(words, 'content_refused', {})
      : faultWords(words, 'provider_failed', { provider: 'fal' });
  return `${message} ${next}`;
}

export const videoShow = defineOperation({
  name: 'video_show',
  summary: {
    en: 'Show a video: progress, and the file once it is ready.',
    zh: '查看视频：进度，以及完成后的文件。',
  },
  guidance:
    'While it is generating, wait some seconds between two calls. When ready, publication_suggest comes next.',
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({ video: z.string().min(1).describe('Id from video_generate or video_list') }),
  output: z.object({
    video: z.string(),
    status: z.enum(statuses),
    percent: z.int(),
    prompt: z.string(),
    model: z.enum(modelIds),
    seconds: z.int(),
    shape: z.enum(shapes),
    why: z.string().nullable().describe('Why it failed'),
    url: z.string().nullable().describe('Signed address of the file, valid for a day'),
    duration_seconds: z.number().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    bytes: z.int().nullable(),
    shots: z.array(
      z.object({
        seconds: z.number(),
        status: z.enum(['planned', 'submitted', 'delivered', 'failed']),
        prompt: z.string(),
      }),
    ),
    created_at: z.iso.datetime(),
  }),
  async run({ video: id }, context) {
    const video = await readVideo(context, id);
    const parts = await context.database.db
      .select()
      .from(shots)
      .where(eq(shots.videoId, id))
      .orderBy(asc(shots.position));
    const delivered = parts.filter(({ status }) => status === 'delivered').length;
    return {
      video: id,
      status: video.status,
      percent: percentOf(video.status, delivered, parts.length),
      prompt: video.prompt,
      model: modelOf(video.model).id,
      seconds: video.seconds,
      shape: shapeOf(video.shape),
      why: failureWords(video.failure, context.locale),
      url: video.fileKey ? mediaLink(context, video.fileKey) : null,
      duration_seconds: video.durationSeconds,
      width: video.width,
      height: video.height,
      bytes: video.bytes,
      shots: parts.map(({ clipSeconds, status, prompt }) => ({
        seconds: clipSeconds,
        status,
        prompt,
      })),
      created_at: video.createdAt.toISOString(),
    };
  },
  say: (output, locale) => catalogue(locale).say.video_show(output),
});
