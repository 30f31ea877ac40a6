import type { APIButtonComponent, APIComponentInContainer } from 'discord-api-types/v10';
import type { z } from 'zod';

import { formatMoment } from '../../../core/local-time.ts';
import { commonWords } from '../../../core/messages/cards/common.ts';
import { publishWords } from '../../../core/messages/cards/publish.ts';
import { publicationCreate } from '../../../core/publication/create.ts';
import { publicationShow } from '../../../core/publication/show.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, bar, button, card, linkButton, row, separator, text } from '../view.ts';
import { quoted, small, webAddress } from './format.ts';

type Publication = z.output<typeof publicationShow.output>;

const looks: Record<Publication['status'], { readonly emoji: string; readonly accent: number }> = {
  uploading: { emoji: '⬆️', accent: accents.brand },
  processing: { emoji: '⏳', accent: accents.brand },
  scheduled: { emoji: '🗓️', accent: accents.good },
  live: { emoji: '✅', accent: accents.good },
  unconfirmed: { emoji: '❔', accent: accents.waiting },
  failed: { emoji: '⚠️', accent: accents.bad },
};

/** A publication on its way to YouTube, and the true state that it has there. */
export const presentPublication: Presenter = (output, draw) => {
  const publication = publicationShow.output.parse(output);
  const { status, title, why, thumbnail_note, forecast } = publication;
  const words = publishWords[draw.locale];
  const isHidden = status === 'live' && publication.privacy === 'private';
  const heading = isHidden ? words.state.livePrivate : words.state[status];
  const { emoji, accent } = looks[status];
  return card(isHidden ? accents.waiting : accent, [
    text(`### ${isHidden ? '🔒' : emoji} ${heading}\n**${quoted(title, 100)}**`),
    ...progressPart(publication, draw),
    ...(why === null ? [] : [text(quoted(why, 600))]),
    ...(thumbnail_note === null ? [] : [text(`🖼️ ${quoted(thumbnail_note, 400)}`)]),
    ...(status === 'unconfirmed' ? [text(words.publication.unconfirmed)] : []),
    ...(forecast === null ? [] : [text(`📈 ${words.publication.forecast(forecast)}`)]),
    text(small(...factsOf(publication, draw))),
    separator(),
    row(...buttonsOf(publication, draw)),
  ]);
};

/** The bar and the bytes while it is sent. */
function progressPart(publication: Publication, draw: Draw): APIComponentInContainer[] {
  const words = publishWords[draw.locale].publication;
  const { status, percent, uploaded_bytes, total_bytes } = publication;
  if (status === 'processing') return [text(words.processing)];
  if (status !== 'uploading') return [];
  const bytes = words.bytes({
    sent: formatBytes(uploaded_bytes, draw),
    total: formatBytes(total_bytes, draw),
  });
  return [text(`\`${bar(percent)}\` ${percent}%\n${small(bytes)}`)];
}

const formatBytes = (bytes: number, { locale }: Draw): string =>
  new Intl.NumberFormat(locale === 'zh' ? 'zh-CN' : 'en', {
    style: 'unit',
    unit: 'megabyte',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(bytes / 1024 / 1024);

function factsOf(publication: Publication, draw: Draw): string[] {
  const words = publishWords[draw.locale].publication;
  const { channel, privacy, publish_at, status, thumbnail_status } = publication;
  // Once it is out, what YouTube says counts, not what was planned.
  const isPlanned = publish_at !== null && status !== 'live' && status !== 'failed';
  return [
    `${words.channel} ${quoted(channel, 100)}`,
    isPlanned
      ? words.publicFrom({
          moment: formatMoment(new Date(publish_at), draw.timeZone, draw.locale),
        })
      : `${words.privacy} ${commonWords[draw.locale].privacy[privacy]}`,
    ...(thumbnail_status === 'none' || status === 'failed'
      ? []
      : [words.thumbnail[thumbnail_status]]),
  ];
}

function buttonsOf(publication: Publication, { owner, locale }: Draw): APIButtonComponent[] {
  const words = publishWords[locale].publication;
  const { status, video } = publication;
  const url = webAddress(publication.url, 512);
  const label = status === 'live' ? words.watch : words.studio;
  const isRunning = status !== 'live' && status !== 'failed';
  const refresh = actionId('publication-show', owner, publication.publication);
  return [
    ...(url === null ? [] : [linkButton(url, { label, emoji: '▶️' })]),
    ...(isRunning ? [button(refresh, { label: words.refresh, emoji: '🔄' })] : []),
    ...(status === 'failed'
      ? [
          button(
            actionId('publish-open', owner, video),
            { label: words.again, emoji: '📣' },
            'primary',
          ),
        ]
      : []),
    ...(status === 'failed' || status === 'unconfirmed'
      ? [button(actionId('channels-show', owner), { label: words.channels, emoji: '📺' })]
      : []),
    button(actionId('publications-show', owner), { label: words.all, emoji: '📋' }),
  ];
}

/** The answer to a publication that has just been started; its progress has a message of its own. */
export const presentStarted: Presenter = (output, draw) => {
  const { publication, channel } = publicationCreate.output.parse(output);
  const words = publishWords[draw.locale];
  const id = actionId('publication-show', draw.owner, publication);
  return card(accents.good, [
    text(
      `### 🚀 ${words.started.heading}\n${words.started.note({ channel: quoted(channel, 100) })}`,
    ),
    row(button(id, { label: words.started.show, emoji: '🔄' })),
  ]);
};
