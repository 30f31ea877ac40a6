import type { z } from 'zod';

import { commonWords } from '../../core/messages/cards/common.ts';
import { publicationWords } from '../../core/messages/cards/publication.ts';
import { publicationList } from '../../core/publication/list.ts';
import { drawBadge, html, type Html } from '../pages.ts';
import { cut, drawEmpty, drawMinute, drawRow, joinFacts, minuteOf, webAddress } from './draw.ts';
import type { Section, View } from './section.ts';

type Listed = z.output<typeof publicationList.output>['publications'][number];

const shownPublications = 10;
const titleLength = 100;

/** What was sent to YouTube lately, and how it stands. */
export const publicationsSection: Section = {
  id: 'publications',
  operation: publicationList.name,
  heading: ({ publications }) => publications.heading,
  input: () => ({ limit: shownPublications }),
  draw(value, view) {
    const { publications } = publicationList.output.parse(value);
    if (publications.length === 0) return drawEmpty(view.words.publications.none);
    return html`<ul class="rows">
      ${publications.map((publication) => drawOne(publication, view))}
    </ul>`;
  },
};

const tones = {
  uploading: 'calm',
  processing: 'calm',
  scheduled: 'calm',
  live: 'good',
  unconfirmed: 'warn',
  failed: 'bad',
  cancelled: 'calm',
} as const;

function drawOne(listed: Listed, { context, words: { publications: words } }: View): Html {
  const { locale } = context;
  const { status, publish_at: publishAt } = listed;
  const url = webAddress(listed.url);
  const isPlanned = publishAt !== null && status === 'scheduled';
  const facts = joinFacts([
    listed.channel,
    commonWords[locale].privacy[listed.privacy],
    isPlanned
      ? words.goesPublic({ when: minuteOf(publishAt, context) })
      : drawMinute(listed.created_at, context),
    url === null ? null : html`<a href="${url}" rel="noopener noreferrer">${words.watch}</a>`,
  ]);
  return drawRow({
    name: cut(listed.title, titleLength),
    href: null,
    facts,
    end: drawBadge(tones[status], publicationWords[locale].short[status]),
  });
}
