import type { z } from 'zod';

import { joinSentences } from '../../core/messages/catalogue.ts';
import { productName } from '../../core/messages/plan-words.ts';
import { quotaShow } from '../../core/quota/show.ts';
import { drawLine, drawMeter, html, nothing, type Html } from '../pages.ts';
import { count, drawDay, ownPath } from './draw.ts';
import type { Section, View } from './section.ts';

type Shown = z.output<typeof quotaShow.output>;

/** What can be spent, what was, and when more comes. */
export const quotaSection: Section = {
  id: 'quota',
  operation: quotaShow.name,
  heading: ({ quota }) => quota.heading,
  input: () => ({}),
  draw(value, view) {
    const shown = quotaShow.output.parse(value);
    const words = view.words.quota;
    const notes = [words.note, ...(shown.next.length > 0 ? [words.more] : [])];
    return html`<div class="split">
      <div class="stack">
        <p>
          <strong class="figure">${count(shown.available, view.context.locale)}</strong>
          <span class="soft">${words.available}</span>
        </p>
        ${drawUsed(shown, view)}
        <dl>${linesOf(shown, view)}</dl>
        <p class="soft small">${joinSentences(notes, view.context.locale)}</p>
      </div>
      ${drawChart(shown, view)}
    </div>`;
  },
};

function drawUsed(shown: Shown, { context: { locale }, words: { quota: words } }: View): Html {
  const { used_this_month: used, available } = shown;
  const text = `${count(used, locale)} / ${count(used + available, locale)}`;
  return drawMeter({ label: words.used, value: used, max: Math.max(1, used + available), text });
}

function linesOf(shown: Shown, { context, words: { quota: words } }: View): Html[] {
  const { locale } = context;
  const units = (label: string, value: number) => drawLine(label, html`${count(value, locale)}`);
  const { renews_at: renewsAt, ends_at: endsAt } = shown;
  return [
    units(words.held, shown.held),
    units(words.month, shown.available_month),
    units(words.packs, shown.available_packs),
    drawLine(words.plan, html`${productName(shown.plan, locale)}`),
    drawLine(words.renews, renewsAt === null ? html`${words.never}` : drawDay(renewsAt, context)),
    ...(endsAt === null ? [] : [drawLine(words.ends, drawDay(endsAt, context))]),
  ];
}

/** The chart shows nothing that its text does not say; there is none before anything has moved. */
function drawChart({ chart, months }: Shown, { context, words: { quota: words } }: View): Html {
  const path = ownPath(chart, context);
  const moved = months.filter(({ used, granted }) => used > 0 || granted > 0);
  if (path === null || moved.length === 0) return nothing;
  const alt = words.chart({ months: moved.map((month) => words.monthOf(month)).join('; ') });
  return html`<img class="chart" src="${path}" alt="${alt}" loading="lazy" />`;
}
