import { eq } from 'drizzle-orm';

import { videos } from '../../drizzle/schema/videos.ts';
import { withAccess } from '../channel/access.ts';
import { requirePort } from '../context.ts';
import { Fault } from '../fault.ts';
import { readLines } from '../video/lines.ts';
import { defineExtra } from './extra.ts';
import { publicationCaptions } from './queue.ts';
import { formatSubRip } from './sub-rip.ts';

/** Gives an uploaded video its own lines as a caption track, which viewers can turn on and off. */
export const captionsPublication = defineExtra(
  'captions',
  publicationCaptions,
  async (context, { channelId, videoId }, hostVideoId) => {
    const [video] = await context.database.db.select().from(videos).where(eq(videos.id, videoId));
    const lines = video ? await readLines(context.database.db, video) : [];
    if (lines.length === 0) throw new Fault('not_found', { what: 'captions', id: videoId });
    const isChinese = lines.some(({ text }) => /\p{Script=Han}/u.test(text));
    const track = {
      language: isChinese ? 'zh-Hans' : 'en',
      name: '',
      srt: formatSubRip(lines),
    };
    const host = requirePort(context.ports, 'videoHost');
    await withAccess(context, channelId, (token) => host.addCaptions(token, hostVideoId, track));
  },
);
