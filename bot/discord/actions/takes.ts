import { findVideoFile } from '../../../core/progress/video-file.ts';
import { videoShow } from '../../../core/video/show.ts';
import { presentTakes, type TakeShown } from '../cards/takes.ts';
import type { Exchange } from '../exchange.ts';

/** What one message may carry together, in bytes, with room for everything beside the files. */
const mostTogether = 24 * 1024 * 1024;

/** Answers with all takes of the order that a video belongs to, with the files that fit. */
export async function showTakes(exchange: Exchange, id: string): Promise<void> {
  const { context, place, draw } = exchange;
  const found = await exchange.perform('video_show', { video: id });
  if (!found) return;
  await using files = new AsyncDisposableStack();
  const takes: TakeShown[] = [];
  let room = mostTogether;
  for (const { video: take } of videoShow.output.parse(found).takes) {
    const output = await exchange.perform('video_show', { video: take });
    if (!output) return;
    const video = videoShow.output.parse(output);
    const isReady = video.status === 'ready';
    const limit = Math.min(place.uploadLimit, room);
    const local = isReady ? await findVideoFile(context, take, limit) : null;
    if (local) files.use(local);
    room -= local ? (video.bytes ?? 0) : 0;
    const file = local && { name: `${take}.mp4`, contentType: 'video/mp4', path: local.path };
    takes.push({ video, file });
  }
  await exchange.answer(presentTakes(takes, draw));
}
