import type { APIComponentInContainer, APISelectMenuOption } from 'discord-api-types/v10';
import type { z } from 'zod';

import { formatMoment } from '../../../core/local-time.ts';
import { commonWords } from '../../../core/messages/cards/common.ts';
import { publishWords } from '../../../core/messages/cards/publish.ts';
import { publicationList } from '../../../core/publication/list.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, card, row, select, text } from '../view.ts';
import { quoted, small } from './format.ts';

const shownPublications = 10;

type Listed = z.output<typeof publicationList.output>['publications'][number];
type Forecasts = z.output<typeof publicationList.output>['forecasts'];

/** The newest publications, and a list to look at one of them. */
export const presentPublications: Presenter = (output, draw) => {
  const { publications, forecasts } = publicationList.output.parse(output);
  const words = publishWords[draw.locale].list;
  const shown = publications.slice(0, shownPublications);
  const more = publications.length - shown.length;
  return card(accents.brand, [
    text(`### ${words.heading}`),
    text(
      shown.length > 0
        ? shown.map((publication) => linesOf(publication, draw)).join('\n')
        : words.none,
    ),
    ...(more > 0 ? [text(small(words.more({ count: more })))] : []),
    ...forecastsPart(forecasts, draw),
    ...(shown.length > 0
      ? [
          row(
            select(
              actionId('publication-show', draw.owner),
              words.pick,
              publications.map((publication) => optionOf(publication, draw)),
            ),
          ),
        ]
      : []),
  ]);
};

/** How well scores have foretold views, once enough videos tell. */
function forecastsPart(forecasts: Forecasts, { locale }: Draw): APIComponentInContainer[] {
  const { graded = 0, correlation = null } = forecasts ?? {};
  const words = publishWords[locale].list;
  return correlation === null ? [] : [text(small(words.forecasts({ graded, correlation })))];
}

const emojis: Record<Listed['status'], string> = {
  uploading: '⬆️',
  processing: '⏳',
  scheduled: '🗓️',
  live: '✅',
  unconfirmed: '❔',
  failed: '⚠️',
  cancelled: '⏹️',
};

function linesOf(publication: Listed, draw: Draw): string {
  const { status, title, channel, privacy, publish_at } = publication;
  const words = publishWords[draw.locale];
  const when =
    status === 'scheduled' && publish_at !== null
      ? words.publication.publicFrom({
          moment: formatMoment(new Date(publish_at), draw.timeZone, draw.locale),
        })
      : commonWords[draw.locale].privacy[privacy];
  const state = words.short[status];
  return `${emojis[status]} **${quoted(title, 60)}**\n${small(state, when, quoted(channel, 40))}`;
}

const optionOf = (publication: Listed, draw: Draw): APISelectMenuOption => ({
  value: publication.publication,
  label: publication.title,
  description: [publishWords[draw.locale].short[publication.status], publication.channel].join(
    ' · ',
  ),
});
