import type { z } from 'zod';

import { videoWords, type VideoWords } from '../../../core/messages/cards/video.ts';
import { promptTemplates } from '../../../core/prompt/templates.ts';
import { videoList } from '../../../core/video/list.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, button, card, row, select, separator, text, type View } from '../view.ts';
import { moment, quoted, small } from './format.ts';

type Listed = z.output<typeof videoList.output>['videos'][number];

const shownVideos = 10;
/** The state of a video as one sign. */
export const videoMarks: Readonly<Record<string, string>> = {
  queued: '⏳',
  generating: '⏳',
  assembling: '⏳',
  ready: '✅',
  failed: '❌',
  cancelled: '⏹️',
};

/** The person's videos, newest first, and a list to open one. */
export const presentVideos: Presenter = (output, draw) => {
  const words = videoWords[draw.locale];
  const { videos } = videoList.output.parse(output);
  if (videos.length === 0) return drawNone(draw);
  const shown = videos.slice(0, shownVideos);
  const more = videos.length - shown.length;
  const options = videos.slice(0, 25).map((video) => ({
    label: `${markOf(video)} ${video.prompt.trim() || video.video}`,
    value: video.video,
    description: factsOf(video, words).join(' · '),
  }));
  return card(accents.brand, [
    text(`### ${words.videosTitle()}\n${small(words.newest({ count: videos.length }))}`),
    separator(),
    text(shown.map((video) => lineOf(video, words)).join('\n')),
    ...(more > 0 ? [text(small(words.moreVideos({ count: more })))] : []),
    row(select(actionId('video-pick', draw.owner), words.pickVideo(), options)),
  ]);
};

const markOf = ({ status }: Listed): string => videoMarks[status] ?? '▫️';

function lineOf(video: Listed, words: VideoWords): string {
  const title = quoted(video.prompt, 90) || video.video;
  return `${markOf(video)} **${title}**\n${small(...factsOf(video, words), moment(video.created_at))}`;
}

function factsOf({ status, seconds }: Listed, words: VideoWords): string[] {
  const state = Object.entries(words.statuses).find(([name]) => name === status);
  return [state?.[1] ?? status, words.seconds({ seconds: String(seconds) })];
}

function drawNone({ locale, owner }: Draw): View {
  const words = videoWords[locale];
  const templates = promptTemplates.map(({ id, title }) => ({ label: title[locale], value: id }));
  return card(accents.quiet, [
    text(`### ${words.videosTitle()}\n${words.noVideos()}`),
    row(select(actionId('prompt-template', owner), words.template(), templates)),
    row(button(actionId('prompt-edit', owner), { label: words.start(), emoji: '🎬' }, 'primary')),
  ]);
}
