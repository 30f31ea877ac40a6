import type { z } from 'zod';

import { videoWords } from '../../../core/messages/cards/video.ts';
import { videoModels } from '../../../core/video/models.ts';
import type { videoShow } from '../../../core/video/show.ts';
import { actionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import {
  accents,
  button,
  card,
  gallery,
  row,
  section,
  separator,
  text,
  type View,
  type ViewFile,
} from '../view.ts';
import { quoted, small, webAddress } from './format.ts';
import { videoMarks } from './videos.ts';

type Shown = z.output<typeof videoShow.output>;

/** One take, with its file where that may be uploaded. */
export type TakeShown = { readonly video: Shown; readonly file: ViewFile | null };

/** As many as one order can have. */
const mostTakes = 4;
/** What has come to an end looks the same for ever, so its mark may stand in any message. */
const settled: ReadonlySet<string> = new Set(['ready', 'failed', 'cancelled']);

type Take = Shown['takes'][number];

/** The other takes of a video, each to be opened, and all of them side by side; nothing for a single one. */
export function takesRow({ video, takes }: Shown, { locale, owner }: Draw) {
  if (takes.length < 2) return [];
  const words = videoWords[locale];
  const openers = takes.slice(0, mostTakes).map((take) =>
    button(actionId('video-show', owner, take.video), {
      label: words.take({ take: take.take }),
      ...markOf(take),
      disabled: take.video === video,
    }),
  );
  const all = button(actionId('takes-show', owner, video), { label: words.compare(), emoji: '🎞️' });
  return [row(...openers, all)];
}

const markOf = ({ status }: Take): { readonly emoji?: string } => {
  const emoji = settled.has(status) ? videoMarks[status] : undefined;
  return emoji ? { emoji } : {};
};

/** Which take of how many a video is; null for a single one. */
export function takeOf({ video, takes }: Shown, { locale }: Draw): string | null {
  const own = takes.find((take) => take.video === video);
  if (!own || takes.length < 2) return null;
  return videoWords[locale].takeOf({ take: own.take, of: takes.length });
}

/** All takes of one order together, to pick from. */
export function presentTakes(takes: readonly TakeShown[], draw: Draw): View {
  const words = videoWords[draw.locale];
  const shown = takes.slice(0, mostTakes);
  const [first] = shown;
  if (!first || takes.length < 2) return card(accents.quiet, [text(words.takesNone())]);
  const { prompt, model, seconds, shape } = first.video;
  const facts = [
    videoModels[model].label,
    words.seconds({ seconds: String(seconds) }),
    words.shapes[shape].label,
  ];
  const playable = shown.flatMap((take) => playableOf(take));
  const files = shown.flatMap(({ file }) => (file ? [file] : []));
  return card(
    accents.brand,
    [
      text(`### ${words.takesTitle()}\n> ${quoted(prompt, 200)}\n${small(...facts)}`),
      ...(playable.length > 0 ? [gallery(playable)] : []),
      separator(),
      ...shown.map(({ video }) => takeSection(video, draw)),
      text(small(words.takesHelp())),
    ],
    files,
  );
}

/** Where its file can be seen: uploaded with the card, or on the open web. */
function playableOf({ video, file }: TakeShown): string[] {
  if (file) return [`attachment://${file.name}`];
  const link = webAddress(video.url, 2048);
  return link?.startsWith('https:') ? [link] : [];
}

function takeSection(video: Shown, { locale, owner }: Draw) {
  const words = videoWords[locale];
  const { status, duration_seconds: duration, bytes } = video;
  const take = numberOf(video);
  const facts = [
    `${videoMarks[status] ?? '▫️'} ${words.statuses[status]}`,
    ...(duration === null ? [] : [words.seconds({ seconds: duration.toFixed(1) })]),
    ...(bytes === null ? [] : [`${(bytes / 1024 / 1024).toFixed(1)} MB`]),
  ];
  const act = (name: string) => actionId(name, owner, video.video);
  const next =
    status === 'ready'
      ? button(act('publish-open'), { label: words.publish(), emoji: '📣' }, 'primary')
      : button(act('video-show'), { label: words.open() });
  return section([`**${words.take({ take })}** · ${facts.join(' · ')}`], next);
}

const numberOf = ({ video, takes }: Shown): number =>
  takes.find((take) => take.video === video)?.take ?? 1;
