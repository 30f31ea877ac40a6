import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';

import { videos } from '../../drizzle/schema/videos.ts';
import { secondsAfter } from '../clock.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { shareLink } from './share-link.ts';
import { lockVideo, readVideo } from './show.ts';

const secondsADay = 24 * 60 * 60;
const mostDays = 30;
const usualDays = 7;

export const videoShare = defineOperation({
  name: 'video_share',
  summary: {
    en: 'Make a link by which anybody can watch a finished video, or end such links.',
    zh: '生成任何人都能观看成片的分享链接，或停用已有链接。',
  },
  effect: 'write',
  audience: 'people',
  needs: [],
  input: z.object({
    video: z.string().min(1).describe('Id of a video that is ready'),
    days: z
      .int()
      .min(0)
      .max(mostDays)
      .default(usualDays)
      .describe('How long the link works; 0 ends every link of this video'),
  }),
  output: z.object({
    video: z.string(),
    link: z.string().nullable().describe('Shows the player and nothing else; null once ended'),
    expires_at: z.iso.datetime().nullable(),
  }),
  async run({ video: id, days }, context) {
    if (days === 0) {
      await endLinks(context, id);
      return { video: id, link: null, expires_at: null };
    }
    const video = await readVideo(context, id);
    if (video.status !== 'ready')
      throw new Fault('not_ready', { what: 'video', status: video.status }, { field: 'video' });
    const until = secondsAfter(context.clock.now(), days * secondsADay);
    const expires = Math.floor(until.getTime() / 1000);
    return {
      video: id,
      link: shareLink(context, { id, epoch: video.shareEpoch, expires }),
      expires_at: new Date(expires * 1000).toISOString(),
    };
  },
  say: (output, locale) => catalogue(locale).say.video_share(output),
});

/** The number is signed into every link, so those that are out fit no longer. */
async function endLinks(context: Context, id: string): Promise<void> {
  await context.database.db.transaction(async (tx) => {
    await lockVideo(tx, context, id);
    await tx
      .update(videos)
      .set({ shareEpoch: sql`${videos.shareEpoch} + 1` })
      .where(eq(videos.id, id));
  });
}
