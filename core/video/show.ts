import { and, asc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { shots, videos } from '../../drizzle/schema/videos.ts';
import type { Context } from '../context.ts';
import { Fault, faultWords } from '../fault.ts';
import { mediaLink } from '../media-link.ts';
import { catalogue, joinSentences, type Locale } from '../messages/catalogue.ts';
import { awayWords, waitingWords } from '../messages/waiting.ts';
import { defineOperation } from '../operation.ts';
import { providerNames } from '../ports/video-models.ts';
import { progressLink } from '../progress/link.ts';
import { waitForEnd, waitSeconds } from '../progress/wait.ts';
import { inScope } from '../scope.ts';
import { modelIds, shapes } from './models.ts';
import {
  percentOf,
  quotaStates,
  readEtaSeconds,
  readQuotaState,
  stepOf,
  steps,
  type QuotaState,
} from './progress.ts';
import { hasFreeRetry } from './free-retry.ts';
import { videoPageLink } from './page-link.ts';
import { readKeptUntil } from './retention.ts';
import { modelOf, shapeOf, type VideoRow } from './row.ts';
import { waitingForOf } from './wait.ts';

const statuses = ['queued', 'generating', 'assembling', 'ready', 'failed', 'cancelled'] as const;

/** @throws Fault `not_found` for a video of another account or server, and a deleted one, just as for none. */
export async function readVideo(context: Context, id: string): Promise<VideoRow> {
  const [video] = await context.database.db.select().from(videos).where(seen(context, id));
  if (!video) throw new Fault('not_found', { what: 'video', id }, { field: 'video' });
  return video;
}

/**
 * The same, locked: every end of a video waits for this lock.
 * @throws Fault `not_found`.
 */
export async function lockVideo(tx: Tx, context: Context, id: string): Promise<VideoRow> {
  const [video] = await tx.select().from(videos).where(seen(context, id)).for('update');
  if (!video) throw new Fault('not_found', { what: 'video', id }, { field: 'video' });
  return video;
}

const seen = (context: Context, id: string) =>
  and(eq(videos.id, id), inScope(context.actor, videos), isNull(videos.deletedAt));

/** Why there will be no file, and whether it was charged, in the person's words. */
function whyOf(
  video: VideoRow,
  { quota, canRetry }: { readonly quota: QuotaState; readonly canRetry: boolean },
  locale: Locale,
): string | null {
  const { words } = catalogue(locale);
  if (video.status !== 'failed' && video.status !== 'cancelled') return null;
  const reasons = video.status === 'cancelled' ? [words.stopped] : failureWords(video, locale);
  const money = {
    held: [],
    charged: [words.quotaCharged, ...(canRetry ? [words.freeRetry] : [])],
    returned: [words.quotaReturned],
  };
  return joinSentences([...reasons, ...money[quota]], locale);
}

function failureWords({ failure, model }: VideoRow, locale: Locale): string[] {
  const words = catalogue(locale);
  const provider = providerNames[modelOf(model).provider];
  if (failure === 'timed_out') return [words.words.timedOut];
  if (failure === 'provider_away') return [awayWords[locale](provider)];
  const { message, next } =
    failure === 'content_refused'
      ? faultWords(words, 'content_refused', {})
      : faultWords(words, 'provider_failed', { provider });
  return [message, next];
}

/** What was ordered together with this video; a free retry stands alone. */
async function readTakes(context: Context, { batchId }: VideoRow) {
  if (batchId === '') return [];
  return context.database.db
    .select({ video: videos.id, take: videos.take, status: videos.status })
    .from(videos)
    .where(
      and(eq(videos.batchId, batchId), inScope(context.actor, videos), isNull(videos.deletedAt)),
    )
    .orderBy(asc(videos.take));
}

export const videoShow = defineOperation({
  name: 'video_show',
  summary: {
    en: 'Show a video: progress, and the file once it is ready.',
    zh: '查看视频：进度，以及完成后的文件。',
  },
  guidance: 'Give wait_seconds 40 instead of polling. When ready, publication_suggest comes next.',
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({
    video: z.string().min(1).describe('Id from video_generate or video_list'),
    wait_seconds: waitSeconds,
  }),
  output: z.object({
    video: z.string(),
    status: z.enum(statuses),
    step: z.enum(steps),
    percent: z.int(),
    shots_done: z.int(),
    shots_total: z.int(),
    eta_seconds: z.int().nullable().describe('As videos of this kind took lately'),
    prompt: z.string(),
    model: z.enum(modelIds),
    seconds: z.int(),
    shape: z.enum(shapes),
    why: z
      .string()
      .nullable()
      .describe('Why it failed, was stopped or waits, and whether it was charged'),
    waiting_for: z
      .string()
      .nullable()
      .default(null)
      .describe('The service that is away; it goes on by itself'),
    quota: z.enum(quotaStates).describe('What became of its quota'),
    can_retry: z.boolean().describe('Whether video_retry makes it again free of charge'),
    takes: z
      .array(z.object({ video: z.string(), take: z.int(), status: z.enum(statuses) }))
      .describe('All takes of the same order, this one among them'),
    url: z.string().nullable().describe('Signed address of the file, valid for a day'),
    poster_url: z.string().nullable().describe('Signed address of a still'),
    page_url: z.string().nullable().default(null).describe('Page with progress and player'),
    progress_url: z
      .string()
      .nullable()
      .default(null)
      .describe('Signed address of live progress, as server-sent events'),
    duration_seconds: z.number().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    bytes: z.int().nullable(),
    shots: z.array(
      z.object({
        seconds: z.number(),
        status: z.enum(['planned', 'due', 'submitted', 'delivered', 'failed']),
        prompt: z.string(),
      }),
    ),
    created_at: z.iso.datetime(),
    kept_until: z.iso
      .datetime()
      .nullable()
      .describe('When it will be deleted by itself; null while nothing ends its time'),
  }),
  async run({ video: id, wait_seconds }, context) {
    if (wait_seconds > 0) {
      await readVideo(context, id);
      await waitForEnd(context, id, wait_seconds);
    }
    const video = await readVideo(context, id);
    const parts = await context.database.db
      .select()
      .from(shots)
      .where(eq(shots.videoId, id))
      .orderBy(asc(shots.position));
    const clips = parts.filter(({ kind }) => kind === 'clip');
    const quota = await readQuotaState(context, video);
    const canRetry = await hasFreeRetry(context, video);
    const waitingFor = waitingForOf(video, parts);
    return {
      video: id,
      status: video.status,
      step: stepOf(video),
      percent: percentOf(video, parts),
      shots_done: clips.filter(({ status }) => status === 'delivered').length,
      shots_total: clips.length,
      eta_seconds: await readEtaSeconds(context, video),
      prompt: video.prompt,
      model: modelOf(video.model).id,
      seconds: video.seconds,
      shape: shapeOf(video.shape),
      why:
        waitingFor === null
          ? whyOf(video, { quota, canRetry }, context.locale)
          : waitingWords[context.locale](waitingFor),
      waiting_for: waitingFor,
      quota,
      can_retry: canRetry,
      takes: await readTakes(context, video),
      url: video.fileKey ? mediaLink(context, video.fileKey) : null,
      poster_url: video.posterKey ? mediaLink(context, video.posterKey) : null,
      page_url: videoPageLink(context, video.id, 'owner'),
      progress_url: progressLink(context, video),
      duration_seconds: video.durationSeconds,
      width: video.width,
      height: video.height,
      bytes: video.bytes,
      shots: clips.map(({ clipSeconds, status, prompt }) => ({
        seconds: clipSeconds,
        status,
        prompt,
      })),
      created_at: video.createdAt.toISOString(),
      kept_until: (await readKeptUntil(context, video))?.toISOString() ?? null,
    };
  },
  say: (output, locale) => catalogue(locale).say.video_show(output),
});
