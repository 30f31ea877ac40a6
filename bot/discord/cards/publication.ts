import type { APIButtonComponent, APIComponentInContainer } from 'discord-api-types/v10';
import type { z } from 'zod';

import { formatMoment } from '../../../core/local-time.ts';
import { commonWords } from '../../../core/messages/cards/common.ts';
import { publishWords } from '../../../core/messages/cards/publish.ts';
import { privacies, type ChannelAccess } from '../../../core/ports/video-host.ts';
import { publicationShow } from '../../../core/publication/show.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, bar, button, card, linkButton, row, select, separator, text } from '../view.ts';
import { moment, quoted, small, webAddress } from './format.ts';

/** What `publication_show` answers. */
export type Publication = z.output<typeof publicationShow.output>;

/** Says which videos YouTube itself shows as Shorts since 15 October 2024. */
const shortsSource = 'https://support.google.com/youtube/answer/15424877';

type Look = { readonly emoji: string; readonly accent: number };

const looks: Record<Publication['status'], Look> = {
  uploading: { emoji: '⬆️', accent: accents.brand },
  processing: { emoji: '⏳', accent: accents.brand },
  scheduled: { emoji: '🗓️', accent: accents.good },
  live: { emoji: '✅', accent: accents.good },
  unconfirmed: { emoji: '❔', accent: accents.waiting },
  failed: { emoji: '⚠️', accent: accents.bad },
  cancelled: { emoji: '⏹️', accent: accents.quiet },
};

/** A publication on its way to YouTube, and the true state that it has there. */
export const presentPublication: Presenter = (output, draw) => {
  const publication = publicationShow.output.parse(output);
  const { title, why, forecast } = publication;
  const words = publishWords[draw.locale].publication;
  const { heading, emoji, accent } = lookOf(publication, draw);
  return card(accent, [
    text(`### ${emoji} ${heading}\n**${quoted(title, 100)}**`),
    ...progressPart(publication, draw),
    ...(why === null ? [] : [text(quoted(why, 500))]),
    ...hintPart(publication, draw),
    ...notesPart(publication),
    ...(forecast === null ? [] : [text(`📈 ${words.forecast(forecast)}`)]),
    text(small(...factsOf(publication, draw))),
    ...afterwardsPart(publication, draw),
    separator(),
    ...privacyPart(publication, draw),
    ...rowsOf(publication, draw),
  ]);
};

function lookOf({ status, privacy, waiting_for }: Publication, { locale }: Draw) {
  const words = publishWords[locale].state;
  if (waiting_for !== null) return { heading: words.waiting, emoji: '⏸️', accent: accents.waiting };
  if (status === 'live' && privacy === 'private')
    return { heading: words.livePrivate, emoji: '🔒', accent: accents.waiting };
  return { heading: words[status], ...looks[status] };
}

/** The bar and the bytes while it is sent. */
function progressPart(publication: Publication, draw: Draw): APIComponentInContainer[] {
  const words = publishWords[draw.locale].publication;
  const { status, percent, uploaded_bytes, total_bytes, waiting_for } = publication;
  if (status === 'processing' && waiting_for === null) return [text(words.processing)];
  if (status !== 'uploading') return [];
  const bytes = words.bytes({
    sent: formatBytes(uploaded_bytes, draw),
    total: formatBytes(total_bytes, draw),
  });
  return [text(`\`${bar(percent)}\` ${percent}%\n${small(bytes)}`)];
}

/** What the person can do about it, or need not. */
function hintPart({ status, waiting_for }: Publication, draw: Draw): APIComponentInContainer[] {
  const words = publishWords[draw.locale].publication;
  if (waiting_for === 'channel') return [text(words.waitsForChannel)];
  return status === 'unconfirmed' || status === 'cancelled' ? [text(words[status])] : [];
}

/** Why YouTube did not take something beside the video. */
function notesPart(publication: Publication): APIComponentInContainer[] {
  const { thumbnail_note, playlist_note, captions_note } = publication;
  const notes = [
    ['🖼️', thumbnail_note],
    ['📂', playlist_note],
    ['💬', captions_note],
  ] as const;
  return notes.flatMap(([emoji, note]) =>
    note === null ? [] : [text(`${emoji} ${quoted(note, 280)}`)],
  );
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
  const { channel, status } = publication;
  return [
    `${words.channel} ${quoted(channel, 100)}`,
    ...(status === 'failed' || status === 'cancelled'
      ? []
      : [visibilityOf(publication, draw), ...besidesOf(publication, draw)]),
  ];
}

/** Who can see it: once it is out, what YouTube says counts, not what was planned. */
function visibilityOf({ privacy, publish_at, status }: Publication, draw: Draw): string {
  const words = publishWords[draw.locale].publication;
  if (publish_at !== null && status !== 'live')
    return words.publicFrom({
      moment: formatMoment(new Date(publish_at), draw.timeZone, draw.locale),
    });
  const name = commonWords[draw.locale].privacy[privacy];
  const isOnItsWay = status === 'uploading' || status === 'processing';
  const isLater = isOnItsWay && privacy !== 'private';
  return `${words.privacy} ${isLater ? words.onceReady({ privacy: name }) : name}`;
}

/** What it gets beside the video, and whether YouTube has it. */
function besidesOf(publication: Publication, { locale }: Draw): string[] {
  const words = publishWords[locale].publication;
  const { thumbnail_status, playlist_status, captions_status } = publication;
  const title = quoted(publication.playlist ?? '', 60);
  return [
    ...(thumbnail_status === 'none' ? [] : [words.thumbnail[thumbnail_status]]),
    ...(playlist_status === 'none' ? [] : [words.playlist[playlist_status]({ title })]),
    ...(captions_status === 'none' ? [] : [words.captions[captions_status]]),
  ];
}

/** What can still be done once YouTube has it, and one thing to know. */
function afterwardsPart(publication: Publication, draw: Draw): APIComponentInContainer[] {
  const words = publishWords[draw.locale].publication;
  const { status, privacy, undo_until } = publication;
  if (status !== 'live' && status !== 'scheduled') return [];
  const lines = [
    ...(undo_until === null ? [] : [words.undoUntil({ moment: moment(undo_until, 't') })]),
    words.onlyInStudio,
    ...(status === 'live' && privacy !== 'private' ? [words.advice({ source: shortsSource })] : []),
  ];
  return [text(lines.map((line) => small(line)).join('\n'))];
}

/** Who can see it, to be changed. */
function privacyPart(publication: Publication, draw: Draw): APIComponentInContainer[] {
  const { status, privacy: now, publication: id } = publication;
  if (status !== 'live' && status !== 'scheduled') return [];
  const words = publishWords[draw.locale].publication;
  const { privacy, privacyNote } = commonWords[draw.locale];
  return [
    row(
      select(
        actionId('publication-privacy', draw.owner, id),
        status === 'scheduled' ? words.pickPrivacyPlanned : words.pickPrivacy,
        privacies.map((value) => ({
          value,
          label: `${words.privacy}: ${privacy[value]}`,
          description: privacyNote[value],
          default: status === 'live' && value === now,
        })),
      ),
    ),
  ];
}

const mostInRow = 5;

function rowsOf(publication: Publication, draw: Draw): APIComponentInContainer[] {
  const own = ownButtons(publication, draw);
  const further = furtherButtons(publication, draw);
  return own.length > 0 && own.length + further.length > mostInRow
    ? [row(...own), row(...further)]
    : [row(...own, ...further)];
}

/** What is done with this publication. */
function ownButtons(publication: Publication, { owner, locale }: Draw): APIButtonComponent[] {
  const words = publishWords[locale].publication;
  const { status, privacy, publication: id } = publication;
  const isSeen = status === 'live' && privacy !== 'private';
  const url = webAddress(publication.url, 512);
  const studio = webAddress(publication.studio_url, 512);
  const canChange = status === 'live' || status === 'scheduled';
  const stop = stopLabel(publication, locale);
  return [
    ...(url === null
      ? []
      : [linkButton(url, { label: isSeen ? words.watch : words.look, emoji: '▶️' })]),
    ...(studio !== null && canChange
      ? [linkButton(studio, { label: words.studio, emoji: '🎛️' })]
      : []),
    ...(canChange
      ? [button(actionId('publication-change', owner, id), { label: words.change, emoji: '✏️' })]
      : []),
    ...(stop === null
      ? []
      : [button(actionId('publication-stop', owner, id), { label: stop, emoji: '↩️' })]),
  ];
}

/** How stopping it or taking it back is called; null when there is nothing to take back. */
function stopLabel(publication: Publication, locale: Draw['locale']): string | null {
  const words = publishWords[locale].publication.stop;
  const { status, privacy, publish_at, undo_until } = publication;
  const isToBeSeen = privacy !== 'private' || publish_at !== null;
  if (status === 'uploading' || status === 'scheduled') return words[status];
  if (status === 'processing') return isToBeSeen ? words.processing : null;
  return status === 'live' && undo_until !== null ? words.live : null;
}

/** What leads elsewhere, or shows it anew. */
function furtherButtons(publication: Publication, { owner, locale }: Draw): APIButtonComponent[] {
  const words = publishWords[locale].publication;
  const { status, video, publication: id, waiting_for } = publication;
  const isOver = status === 'failed' || status === 'cancelled';
  const connect = actionId('channel-connect', owner, accessOf(publication));
  const open = actionId('publish-open', owner, video);
  return [
    ...(waiting_for === 'channel'
      ? [button(connect, { label: words.connect, emoji: '📺' }, 'primary')]
      : []),
    ...(isOver ? [button(open, { label: words.again, emoji: '📣' }, 'primary')] : []),
    ...(isOver
      ? []
      : [button(actionId('publication-show', owner, id), { label: words.refresh, emoji: '🔄' })]),
    ...(status === 'failed' || status === 'unconfirmed'
      ? [button(actionId('channels-show', owner), { label: words.channels, emoji: '📺' })]
      : []),
    button(actionId('publications-show', owner), { label: words.all, emoji: '📋' }),
  ];
}

/** What has to be allowed for this publication. */
function accessOf(publication: Publication): ChannelAccess {
  const { privacy, publish_at, playlist, captions_status } = publication;
  const isChanged = privacy !== 'private' || publish_at !== null || playlist !== null;
  return isChanged || captions_status !== 'none' ? 'manage' : 'upload';
}
