import type { APIButtonComponent } from 'discord-api-types/v10';
import type { z } from 'zod';

import { secondsAfter } from '../../../core/clock.ts';
import { videoWords } from '../../../core/messages/cards/video.ts';
import { waitingWords } from '../../../core/messages/waiting.ts';
import { videoModels } from '../../../core/video/models.ts';
import { videoShow } from '../../../core/video/show.ts';
import { actionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import {
  accents,
  bar,
  button,
  card,
  gallery,
  linkButton,
  row,
  section,
  text,
  thumbnail,
  type View,
  type ViewFile,
} from '../view.ts';
import { moment, quoted, small, webAddress } from './format.ts';
import { takeOf, takesRow } from './takes.ts';

/** Where the file lies on this machine (null: not here), and what may be uploaded at the place. */
export type VideoMedia = { readonly path: string | null; readonly uploadLimit: number };

type Shown = z.output<typeof videoShow.output>;

/** A video as it stands: its progress, the finished file, or why there is none. */
export function presentVideo(
  output: Record<string, unknown>,
  draw: Draw,
  media: VideoMedia = { path: null, uploadLimit: 0 },
): View {
  const video = videoShow.output.parse(output);
  const { step } = video;
  if (step === 'done') return drawReady(video, draw, media);
  if (step === 'stopped') return drawStopped(video, draw);
  return drawRunning(video, step, draw);
}

function headOf(video: Shown, draw: Draw): string {
  const title = videoWords[draw.locale].titles[video.status];
  const take = takeOf(video, draw);
  return `### ${title}${take === null ? '' : ` · ${take}`}\n> ${quoted(video.prompt, 200)}`;
}

function drawRunning(video: Shown, step: 'analysing' | 'making' | 'assembling', draw: Draw): View {
  const { locale, owner, now } = draw;
  const words = videoWords[locale];
  const { percent, shots_done: done, shots_total: total, eta_seconds: eta } = video;
  const waits = waitOf(video, draw);
  const progress = [
    `**${words.steps[step]}**`,
    ...(total > 0 ? [words.shotsDone({ done, total })] : []),
  ];
  const ready =
    eta === null ? words.etaUnknown() : words.eta({ when: moment(secondsAfter(now, eta)) });
  return card(accents.waiting, [
    text(headOf(video, draw)),
    text([`${bar(percent)} ${percent}%`, progress.join(' · '), small(ready)].join('\n')),
    ...waits,
    text(small(...settingsOf(video, draw))),
    ...takesRow(video, draw),
    row(button(actionId('video-cancel', owner, video.video), { label: words.cancel() })),
  ]);
}

/** What holds it up without anybody having to do something. */
function waitOf(video: Shown, { locale }: Draw) {
  if (video.waiting_for !== null)
    return [text(`⏸️ ${quoted(waitingWords[locale](video.waiting_for), 200)}`)];
  return isWaiting(video) ? [text(small(`⏳ ${videoWords[locale].waitingForPlace()}`))] : [];
}

/** Whether no shot has had its turn at the provider yet. */
const isWaiting = ({ status, shots }: Shown): boolean =>
  status === 'queued' && shots.length > 0 && shots.every((shot) => shot.status === 'planned');

function settingsOf({ model, seconds, shape }: Shown, { locale }: Draw): string[] {
  const words = videoWords[locale];
  const length = words.seconds({ seconds: String(seconds) });
  return [videoModels[model].label, length, words.shapes[shape].label];
}

function drawReady(video: Shown, draw: Draw, media: VideoMedia): View {
  const words = videoWords[draw.locale];
  const files = filesOf(video, media);
  const link = webAddress(video.url, 512);
  // Only an address of the open web can be fetched and shown by the chat service.
  const playable = files.length === 0 && link?.startsWith('https:') ? link : null;
  const shown = [
    ...files.map(({ name }) => `attachment://${name}`),
    ...(playable ? [playable] : []),
  ];
  const hint = link ? words.notPlayable() : words.noFile();
  return card(
    accents.good,
    [
      readyHead(video, draw, files.length > 0),
      ...(shown.length > 0 ? [gallery(shown)] : [text(small(hint))]),
      text(small(...factsOf(video, draw), ...keptOf(video, draw))),
      ...takesRow(video, draw),
      row(...readyButtons(video.video, link, draw)),
    ],
    files,
  );
}

/** A still stands beside the prompt where the file itself is not shown. */
function readyHead(video: Shown, draw: Draw, hasFile: boolean) {
  const head = headOf(video, draw);
  const poster = hasFile ? null : webAddress(video.poster_url, 2048);
  return poster?.startsWith('https:')
    ? section([head], thumbnail(poster, video.prompt.slice(0, 1000)))
    : text(head);
}

/** The file, where it is at hand and fits. */
function filesOf({ video, bytes }: Shown, { path, uploadLimit }: VideoMedia): ViewFile[] {
  if (path === null || bytes === null || bytes > uploadLimit) return [];
  return [{ name: `${video}.mp4`, contentType: 'video/mp4', path }];
}

function factsOf(video: Shown, draw: Draw): string[] {
  const { duration_seconds: duration, width, height, bytes } = video;
  const words = videoWords[draw.locale];
  const [model = '', length = '', shape = ''] = settingsOf(video, draw);
  return [
    model,
    duration === null ? length : words.seconds({ seconds: duration.toFixed(1) }),
    width === null || height === null ? shape : `${width}×${height}`,
    ...(bytes === null ? [] : [`${(bytes / 1024 / 1024).toFixed(1)} MB`]),
  ];
}

/** Until when its file is kept, where that is limited. */
function keptOf({ kept_until: until }: Shown, { locale }: Draw): string[] {
  if (until === null) return [];
  return [videoWords[locale].keptUntil({ when: moment(until, 'f') })];
}

function readyButtons(id: string, link: string | null, draw: Draw): APIButtonComponent[] {
  const words = videoWords[draw.locale];
  const act = (name: string) => actionId(name, draw.owner, id);
  return [
    button(act('publish-open'), { label: words.publish(), emoji: '📣' }, 'primary'),
    button(act('video-again'), { label: words.again(), emoji: '🔄' }),
    ...(link ? [linkButton(link, { label: words.download(), emoji: '⬇️' })] : []),
    button(act('video-delete'), { label: words.delete() }, 'danger'),
  ];
}

function drawStopped(video: Shown, draw: Draw): View {
  const words = videoWords[draw.locale];
  const act = (name: string) => actionId(name, draw.owner, video.video);
  return card(video.status === 'cancelled' ? accents.quiet : accents.bad, [
    text(headOf(video, draw)),
    text(video.why === null ? words.noReason() : quoted(video.why, 600)),
    text(small(...settingsOf(video, draw))),
    ...takesRow(video, draw),
    row(
      ...(video.can_retry
        ? [button(act('video-retry-free'), { label: words.retryFree(), emoji: '🎁' }, 'success')]
        : [button(act('video-retry'), { label: words.tryAgain(), emoji: '🔄' }, 'primary')]),
      button(act('video-again'), { label: words.editPrompt(), emoji: '✏️' }),
      button(act('video-delete'), { label: words.delete() }, 'danger'),
    ),
  ]);
}
