import type { z } from 'zod';

import { joinSentences } from '../../core/messages/catalogue.ts';
import { statsWords } from '../../core/messages/stats.ts';
import { statsShow } from '../../core/stats/show.ts';
import { html, nothing, type Html } from '../pages.ts';
import { change, count, cut, dayOf, drawEmpty, drawRow, ownPath, webAddress } from './draw.ts';
import type { Section, View } from './section.ts';

type Shown = z.output<typeof statsShow.output>;
type Counted = Shown['publications'][number];

const shownPublications = 5;
const titleLength = 100;
const kinds = ['views', 'likes', 'comments'] as const;

/** Views, likes and comments of everything that is on YouTube, and how they grew. */
export const statsSection: Section = {
  id: 'stats',
  operation: statsShow.name,
  heading: ({ stats }) => stats.heading,
  input: () => ({}),
  draw(value, view) {
    const shown = statsShow.output.parse(value);
    const words = view.words.stats;
    if (shown.read === 0 && shown.waiting === 0) return drawEmpty(words.none);
    const notes = [words.days(shown), ...notesOf(shown, view)];
    return html`<div class="split">
      <div class="stack">
        <dl class="totals">${kinds.map((kind) => drawTotal(shown, kind, view))}</dl>
        <p class="soft small">${joinSentences(notes, view.context.locale)}</p>
        ${drawEach(shown, view)}
      </div>
      ${drawChart(shown, view)}
    </div>`;
  },
};

/** What the numbers leave out, and what is still to come. */
function notesOf({ days, read, waiting, hidden, totals }: Shown, { context }: View): string[] {
  const gained = { views: null, likes: null, comments: null };
  return statsWords[context.locale].notes({ days, read, waiting, hidden, now: totals, gained });
}

function drawTotal({ totals }: Shown, kind: (typeof kinds)[number], view: View): Html {
  const { stats: words } = view.words;
  const { locale } = view.context;
  const value = totals[kind];
  const gained = totals[`${kind}_gained`];
  const growth =
    value === null || gained === null
      ? nothing
      : html`<dd class="soft small">${change(gained, locale)}</dd>`;
  return html`<div>
    <dt>${words[kind]}</dt>
    <dd class="figure">${value === null ? words.unknown : count(value, locale)}</dd>
    ${growth}
  </div> `;
}

/** The curve in words: where it begins, and where it ends. */
function drawChart({ chart, curve }: Shown, { context, words: { stats: words } }: View): Html {
  const path = ownPath(chart, context);
  const known = curve.filter(({ views }) => views !== null);
  const [first, last] = [known.at(0), known.at(-1)];
  if (path === null || !first || !last) return nothing;
  const alt = words.chart({
    from: dayOf(first.at, context),
    to: dayOf(last.at, context),
    first: count(first.views ?? 0, context.locale),
    last: count(last.views ?? 0, context.locale),
  });
  return html`<img class="chart" src="${path}" alt="${alt}" loading="lazy" />`;
}

function drawEach({ publications, more }: Shown, view: View): Html {
  const left = more + Math.max(0, publications.length - shownPublications);
  if (publications.length === 0) return nothing;
  return html`<h3>${view.words.stats.each}</h3>
    <ul class="rows">
      ${publications.slice(0, shownPublications).map((one) => drawOne(one, view))}
    </ul>
    ${left === 0 ? nothing : html`<p class="soft small">${view.words.stats.more({ count: left })}</p>`}`;
}

function drawOne(counted: Counted, { context: { locale } }: View): Html {
  const { counts, card } = statsWords[locale];
  const numbers = counts(counted).join(' · ');
  const untold = counted.read_at === null ? card.notRead : card.untold;
  return drawRow({
    name: cut(counted.title, titleLength),
    href: webAddress(counted.url),
    facts: html`${numbers === '' ? untold : numbers}`,
  });
}
