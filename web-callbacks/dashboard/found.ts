import type { z } from 'zod';

import { platformNames } from '../../core/messages/dashboard.ts';
import { trendList } from '../../core/trend/list.ts';
import { watchList } from '../../core/watch/list.ts';
import { drawBadge, html, nothing, type Html } from '../pages.ts';
import {
  cut,
  drawEmpty,
  drawRow,
  joinFacts,
  minuteOf,
  ownPath,
  short,
  webAddress,
} from './draw.ts';
import type { Section, View } from './section.ts';

type Trend = z.output<typeof trendList.output>['trends'][number];
type Watch = z.output<typeof watchList.output>['watches'][number];

const shownTrends = 10;
const titleLength = 120;

/** The trends that the person has saved, the newest first. */
export const trendsSection: Section = {
  id: 'trends',
  operation: trendList.name,
  heading: ({ trends }) => trends.heading,
  input: () => ({ saved: true, limit: shownTrends }),
  draw(value, view) {
    const { trends } = trendList.output.parse(value);
    if (trends.length === 0) return drawEmpty(view.words.trends.none);
    const hasPictures = trends.some(
      ({ thumbnail_url: address }) => ownPath(address, view.context) !== null,
    );
    return html`<ul class="rows">
      ${trends.map((trend) => drawTrend(trend, hasPictures, view))}
    </ul>`;
  },
};

/** Title and channel are a stranger's: text, and never markup. */
function drawTrend(trend: Trend, hasPictures: boolean, view: View): Html {
  const { context, words } = view;
  const { platform, channel, views, score, rising } = trend;
  const { trends } = words;
  const facts = joinFacts([
    html`<strong>${trends.score({ score: String(Math.round(score)) })}</strong>`,
    platformNames[platform],
    channel,
    views === null ? null : trends.views({ count: short(views, context.locale) }),
    rising === true ? trends.rising : null,
  ]);
  const name = cut(trend.title || trend.id, titleLength);
  const picture = hasPictures ? { picture: drawPicture(trend, context) } : {};
  return drawRow({ ...picture, name, href: webAddress(trend.url), facts });
}

function drawPicture({ thumbnail_url: address }: Trend, context: View['context']): Html {
  const path = ownPath(address, context);
  return path === null
    ? html`<span class="thumb"></span>`
    : html`<img class="thumb" src="${path}" alt="" loading="lazy" />`;
}

/** What the person is told about when it takes off. */
export const watchesSection: Section = {
  id: 'watches',
  operation: watchList.name,
  heading: ({ watches }) => watches.heading,
  input: () => ({}),
  draw(value, view) {
    const { watches } = watchList.output.parse(value);
    if (watches.length === 0) return drawEmpty(view.words.watches.none);
    return html`<ul class="rows">
      ${watches.map((watch) => drawWatch(watch, view))}
    </ul>`;
  },
};

function drawWatch(watch: Watch, { context, words: { watches: words } }: View): Html {
  const { keyword, found, min_score: score, every_hours: hours, next_at: nextAt } = watch;
  const platforms = watch.platforms.map((platform) => platformNames[platform]).join(', ');
  const facts = joinFacts([
    words.settings({ platforms, hours, score }),
    words.found({ count: found }),
    nextAt === null ? words.pausedWhy : words.next({ when: minuteOf(nextAt, context) }),
  ]);
  return drawRow({
    name: keyword,
    href: null,
    facts,
    end: nextAt === null ? drawBadge('warn', words.paused) : nothing,
  });
}
