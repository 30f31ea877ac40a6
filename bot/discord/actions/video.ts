import { findVideoFile } from '../../../core/progress/video-file.ts';
import { videoOptionsOf } from '../../../core/video/row.ts';
import { readVideo } from '../../../core/video/show.ts';
import { presentVideo } from '../cards/video.ts';
import { defineAction, type Action, type Exchange } from '../exchange.ts';
import { openEditor } from './prompt.ts';
import { showQuote } from './quote.ts';
import { showTakes } from './takes.ts';

/** What a video of the person was made from. @throws Fault `not_found`. */
async function wishOf(exchange: Exchange, id: string) {
  const video = await readVideo(exchange.context, id);
  const { prompt, model, seconds, shape } = video;
  return { prompt, model, seconds, shape, ...videoOptionsOf(video) };
}

/** Answers with a video and its file, where that fits; needs to have been announced. */
export async function showVideo(exchange: Exchange, id: string): Promise<void> {
  const found = await exchange.perform('video_show', { video: id });
  if (!found) return;
  const { uploadLimit } = exchange.place;
  await using file = await findVideoFile(exchange.context, id, uploadLimit);
  const media = { path: file?.path ?? null, uploadLimit };
  await exchange.answer(presentVideo(found, exchange.draw, media));
}

const show = defineAction('video-show', async (exchange, [video = '']) => {
  await exchange.defer(exchange.visibility);
  await showVideo(exchange, video);
});

const pick = defineAction('video-pick', async (exchange, _args, { picked }) => {
  await exchange.defer(exchange.visibility);
  await showVideo(exchange, picked?.[0] ?? '');
});

const list = defineAction('videos-show', async (exchange) => {
  await exchange.defer(exchange.visibility);
  await exchange.show('video_list', { limit: 25 });
});

const cancel = defineAction('video-cancel', async (exchange, [video]) => {
  await exchange.defer('person');
  await exchange.show('video_cancel', { video });
});

const remove = defineAction('video-delete', async (exchange, [video]) => {
  await exchange.defer('person');
  await exchange.show('video_delete', { video });
});

const again = defineAction('video-again', async (exchange, [video = '']) => {
  await openEditor(exchange, await wishOf(exchange, video));
});

const retry = defineAction('video-retry', async (exchange, [video = '']) => {
  await exchange.defer(exchange.visibility);
  await showQuote(exchange, await wishOf(exchange, video));
});

const retryFree = defineAction('video-retry-free', async (exchange, [video]) => {
  await exchange.defer('person');
  await exchange.show('video_retry', { video });
});

const compare = defineAction('takes-show', async (exchange, [video = '']) => {
  await exchange.defer(exchange.visibility);
  await showTakes(exchange, video);
});

/** Buttons and lists of the cards about videos. */
export const videoActions: readonly Action[] = [
  show,
  pick,
  list,
  cancel,
  remove,
  again,
  retry,
  retryFree,
  compare,
];
