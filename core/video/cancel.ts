import { eq } from 'drizzle-orm';
import { z } from 'zod';

import { videos } from '../../drizzle/schema/videos.ts';
import type { Context } from '../context.ts';
import { recordEvent } from '../events.ts';
import { Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { settleVideo } from '../quota/settlement.ts';
import { askForDispatch } from './dispatch.ts';
import { stopUpstream } from './fail.ts';
import { isRunning, modelOf, wasTaken, type VideoRow } from './row.ts';
import { lockVideo, readVideo } from './show.ts';

export const videoCancel = defineOperation({
  name: 'video_cancel',
  summary: { en: 'Stop a video that is being made.', zh: '停止正在制作的视频。' },
  guidance: 'A person approves. Quota comes back only before the provider has started.',
  effect: 'destroy',
  audience: 'everyone',
  needs: [],
  input: z.object({ video: z.string().min(1).describe('Id of a video that is being made') }),
  output: z.object({
    video: z.string(),
    status: z.literal('cancelled'),
    charged: z.boolean().describe('Whether its quota is spent: the provider had started'),
  }),
  async preview({ video: id }, context) {
    const video = await readVideo(context, id);
    refuseEnded(video);
    const { words, preview } = catalogue(context.locale);
    const isCharged = await wasTaken(context.database.db, id);
    return {
      title: preview.video_cancel(),
      lines: [
        [words.prompt, video.prompt],
        [words.model, modelOf(video.model).label],
        [words.length, preview.length(video)],
        [words.quotaHeld, isCharged ? words.cancelCharged : words.cancelReturned],
      ],
      cost: 0,
    };
  },
  async run({ video: id }, context) {
    const charged = await cancelVideo(context, id);
    return { video: id, status: 'cancelled' as const, charged };
  },
  say: (output, locale) => catalogue(locale).say.video_cancel(output),
});

/** @throws Fault `already_over`. */
function refuseEnded(video: VideoRow): void {
  if (!isRunning(video))
    throw new Fault('already_over', { what: 'video', status: video.status }, { field: 'video' });
}

/** Ends and settles the video in one commit; answers whether its quota is spent. */
async function cancelVideo(context: Context, id: string): Promise<boolean> {
  return context.database.db.transaction(async (tx) => {
    const video = await lockVideo(tx, context, id);
    refuseEnded(video);
    const at = context.clock.now();
    const isCharged = await wasTaken(tx, id);
    const effects = await settleVideo(tx, video, isCharged ? 'cancelled_late' : 'cancelled', at);
    await tx.update(videos).set({ status: 'cancelled' }).where(eq(videos.id, id));
    await recordEvent(tx, { at, subjectId: id, kind: 'cancelled', data: { effects } });
    await stopUpstream(tx, context, id);
    await askForDispatch(tx, context, { cause: id });
    return isCharged;
  });
}
