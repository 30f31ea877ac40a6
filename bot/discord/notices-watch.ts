import type { APIComponentInContainer } from 'discord-api-types/v10';

import type { Locale } from '../../core/messages/catalogue.ts';
import { trendWords } from '../../core/messages/cards/trend.ts';
import { watchWords } from '../../core/messages/cards/watch.ts';
import type { Notice } from '../../core/notice/deliver.ts';
import type { TrendView } from '../../core/trend/view.ts';
import type { WatchNews } from '../../core/watch/news.ts';
import { actionId } from './action-id.ts';
import { formatCount, moment, quoted, small } from './cards/format.ts';
import { platformOf } from './cards/trends.ts';
import { button, row, separator, text } from './view.ts';

/** So many finds of one look are shown; the list has the rest. */
const shownFinds = 3;

/** What happened to a watch, in one sentence that names what the person watches. */
export function watchHeadline(news: WatchNews, locale: Locale): string {
  const words = watchWords[locale];
  const keyword = quoted(news.keyword, 100);
  if (news.kind === 'paused') return words.pausedTitle({ keyword });
  return words.foundTitle({ keyword, count: news.trends.length });
}

/** What a watch has found, with a way to make one like it; or why it is paused, with a way to go on. */
export function drawWatchNews(
  news: WatchNews,
  { locale, userId }: Pick<Notice, 'locale' | 'userId'>,
): APIComponentInContainer[] {
  const words = watchWords[locale];
  if (news.kind === 'paused') {
    const { reason, serverId, watch } = news;
    const why = text(words.pausedWhy({ reason }));
    if (serverId !== null) return [why, text(words.startThere)];
    const start = actionId('watch-start', userId, watch);
    return [why, row(button(start, { label: words.start }, 'primary'))];
  }
  const { search, trends } = news;
  const more = trends.length - shownFinds;
  const all = actionId('trends-page', userId, search, '1');
  return [
    ...trends.slice(0, shownFinds).flatMap((trend) => drawFind(trend, search, { locale, userId })),
    ...(more > 0
      ? [
          separator(),
          text(small(words.foundMore({ count: more }))),
          row(button(all, { label: words.all })),
        ]
      : []),
  ];
}

function drawFind(
  trend: TrendView,
  search: string,
  { locale, userId }: Pick<Notice, 'locale' | 'userId'>,
): APIComponentInContainer[] {
  const words = trendWords[locale];
  const { views, published_at: publishedAt } = trend;
  const facts = [
    words.ofHundred({ score: trend.score.toFixed(1) }),
    platformOf(trend, locale),
    ...(views === null ? [] : [words.views({ count: formatCount(views, locale) })]),
    ...(publishedAt === null ? [] : [moment(publishedAt)]),
  ];
  const details = actionId('trend-show', userId, trend.id, search, '1');
  return [
    separator(),
    text(`**${quoted(trend.title, 150) || trend.id}**\n${facts.join(' · ')}`),
    row(
      button(actionId('trend-make', userId, trend.id), { label: words.make() }, 'primary'),
      button(details, { label: words.details() }),
    ),
  ];
}
