import type { z } from 'zod';

import type { Context } from '../core/context.ts';
import { formatMoment } from '../core/local-time.ts';
import { commonWords } from '../core/messages/cards/common.ts';
import { publicationWords } from '../core/messages/cards/publication.ts';
import { videoPageWords } from '../core/messages/video-page.ts';
import type { publicationShow } from '../core/publication/show.ts';
import { webAddress } from './dashboard/draw.ts';
import { drawBadge, drawMeter, drawNotice, html, nothing, type Html } from './pages.ts';

export type Published = z.output<typeof publicationShow.output>;

const tones = {
  uploading: 'calm',
  processing: 'calm',
  scheduled: 'calm',
  live: 'good',
  unconfirmed: 'warn',
  failed: 'bad',
  cancelled: 'calm',
} as const;

/** Where a video is published, how far that is, and what is in its way. */
export function drawPublications(published: readonly Published[], context: Context): Html {
  const words = videoPageWords[context.locale];
  return html`<section class="card" aria-labelledby="published">
    <h2 id="published">${words.publications}</h2>
    ${
      published.length === 0
        ? html`<p class="empty">${words.unpublished}</p>`
        : published.map((publication) => drawOne(publication, context))
    }
  </section>`;
}

function drawOne(publication: Published, context: Context): Html {
  const { locale, timeZone } = context;
  const words = videoPageWords[locale];
  const { status, channel, privacy, publish_at: publishAt } = publication;
  const when =
    publishAt !== null && status === 'scheduled'
      ? ` · ${words.publicFrom({ when: formatMoment(new Date(publishAt), timeZone, locale) })}`
      : '';
  const notes = [publication.why, publication.thumbnail_note, publication.playlist_note]
    .concat(publication.captions_note)
    .filter((note) => note !== null);
  return html`<article class="stack">
    <div class="row">
      <h3 dir="auto">${publication.title}</h3>
      ${drawBadge(tones[status], publicationWords[locale].short[status])}
    </div>
    <p class="soft" dir="auto">${channel} · ${commonWords[locale].privacy[privacy]}${when}</p>
    ${status === 'uploading' ? drawUpload(publication, context) : nothing}
    ${notes.map((note) => drawNotice(status === 'failed' ? 'bad' : 'warn', note))}
    ${drawLinks(publication, context)}
  </article>`;
}

const drawUpload = ({ percent }: Published, { locale }: Context): Html =>
  drawMeter({
    label: publicationWords[locale].state.uploading,
    value: percent,
    max: 100,
    text: videoPageWords[locale].uploaded({ percent }),
  });

function drawLinks({ url, studio_url: studioUrl }: Published, { locale }: Context): Html {
  const words = videoPageWords[locale];
  const links = [
    [webAddress(url), words.watch, 'button'],
    [webAddress(studioUrl), words.studio, 'button plain'],
  ] as const;
  const drawn = links.map(([address, name, look]) =>
    address === null
      ? nothing
      : html`<a class="${look}" href="${address}" rel="noopener noreferrer">${name}</a>`,
  );
  return url === null ? nothing : html`<div class="buttons">${drawn}</div>`;
}
