import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { shots, videos } from '../../drizzle/schema/videos.ts';
import type { Context } from '../context.ts';
import { recordEvent } from '../events.ts';
import { Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { takeFreeRetry } from '../quota/settlement.ts';
import { askForDispatch } from './dispatch.ts';
import { hasFreeRetry } from './free-retry.ts';
import { videoAssemble } from './queue.ts';
import { modelOf, type ShotRow, type VideoRow } from './row.ts';
import { lockVideo, readVideo } from './show.ts';

export const videoRetry = defineOperation({
  name: 'video_retry',
  summary: {
    en: 'Make a video that timed out again, once and free of charge.',
    zh: '免费重新制作一次超时的视频。',
  },
  guidance: 'Only when video_show says can_retry. A person approves.',
  effect: 'spend',
  audience: 'everyone',
  needs: ['videoModels'],
  input: z.object({ video: z.string().min(1).describe('Id of a video that timed out') }),
  output: z.object({
    video: z.string().describe('The new video; pass this to video_show'),
    status: z.enum(['queued', 'assembling']),
    shots_kept: z.int().describe('Shots that need not be made again'),
    shots_total: z.int(),
  }),
  async preview({ video: id }, context) {
    const video = await readVideo(context, id);
    await refuseUnowed(context, video);
    const parts = await readShots(context.database.db, id);
    const { words, preview } = catalogue(context.locale);
    return {
      title: preview.video_retry(),
      lines: [
        [words.prompt, video.prompt],
        [words.model, modelOf(video.model).label],
        [words.length, preview.length(video)],
        [words.shots, preview.shotsKept({ kept: countKept(parts), total: parts.length })],
        [words.quota, words.free],
      ],
      cost: 0,
    };
  },
  async run({ video: id }, context) {
    return context.database.db.transaction(async (tx) => {
      const video = await lockVideo(tx, context, id);
      return startRetry(tx, context, video);
    });
  },
  say: (output, locale) => catalogue(locale).say.video_retry(output),
});

const refusal = (video: VideoRow) =>
  new Fault('no_free_retry', { id: video.id }, { field: 'video' });

/** @throws Fault `no_free_retry`. */
async function refuseUnowed(context: Context, video: VideoRow): Promise<void> {
  if (!(await hasFreeRetry(context, video))) throw refusal(video);
}

const readShots = (tx: Pick<Tx, 'select'>, videoId: string) =>
  tx.select().from(shots).where(eq(shots.videoId, videoId)).orderBy(asc(shots.position));

const isKept = (shot: ShotRow): boolean => shot.status === 'delivered' && shot.fileKey !== null;
const countKept = (parts: readonly ShotRow[]): number => parts.filter(isKept).length;

/** A new video on the same root, with every delivered shot in place; nothing is held for it. */
async function startRetry(tx: Tx, context: Context, video: VideoRow) {
  const at = context.clock.now();
  const root = { id: video.rootId, accountId: video.accountId };
  if (video.failure !== 'timed_out' || !(await takeFreeRetry(tx, root, at))) throw refusal(video);
  const parts = await readShots(tx, video.id);
  const kept = countKept(parts);
  const status = kept === parts.length ? ('assembling' as const) : ('queued' as const);
  const id = context.ids.next('vid');
  const { accountId, quoteId, rootId, prompt, model, seconds, shape, options, serverId } = video;
  await tx.insert(videos).values({
    id,
    accountId,
    quoteId,
    rootId,
    batchId: id,
    prompt,
    model,
    seconds,
    shape,
    options,
    quota: 0,
    status,
    serverId,
    approvalId: context.approvalId ?? null,
    createdAt: at,
  });
  const rows = parts.map((shot) => ({
    ...shot,
    id: context.ids.next('sht'),
    videoId: id,
    status: isKept(shot) ? ('delivered' as const) : ('planned' as const),
    fileKey: isKept(shot) ? shot.fileKey : null,
    bytes: isKept(shot) ? shot.bytes : null,
    sha256: isKept(shot) ? shot.sha256 : null,
    notBefore: null,
  }));
  await tx.insert(shots).values(rows);
  const data = { shots: parts.length, kept };
  await recordEvent(tx, { at, subjectId: id, kind: 'queued', data });
  await recordEvent(tx, { at, subjectId: video.id, kind: 'retried', data: { video: id } });
  if (status === 'queued') await askForDispatch(tx, context, { cause: id });
  else {
    await recordEvent(tx, { at, subjectId: id, kind: 'assembling' });
    await context.queue.enqueue(tx, videoAssemble, { videoId: id }, { key: id });
  }
  return { video: id, status, shots_kept: kept, shots_total: parts.length };
}
