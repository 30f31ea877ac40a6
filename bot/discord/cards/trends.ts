import type { APIComponentInContainer } from 'discord-api-types/v10';
import { z } from 'zod';

import type { Locale } from '../../../core/messages/catalogue.ts';
import { trendWords } from '../../../core/messages/cards/trend.ts';
import { trendList } from '../../../core/trend/list.ts';
import { trendSearch } from '../../../core/trend/search.ts';
import type { TrendView } from '../../../core/trend/view.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import {
  accents,
  button,
  card,
  cut,
  row,
  section,
  separator,
  text,
  thumbnail,
  type View,
} from '../view.ts';
import { formatCount, moment, quoted, small, tinyBar, webAddress } from './format.ts';

/** As many as fit into the 40 components of a message. */
const perPage = 4;

/** What a list is read from again when a page is turned: a search's id, or one of these. */
export const savedSource = 'saved';
export const recentSource = 'recent';

const asked = z.object({
  keyword: z.string().optional(),
  page: z.int().min(1).default(1),
});

/** The ranked list of a search, four to a page; `input` is what was asked, and the `page`. */
export const presentTrends: Presenter = (output, draw, input) => {
  const words = trendWords[draw.locale];
  const found = trendSearch.output.parse(output);
  const { search, trends, skipped, notes, age_minutes: age } = found;
  const { keyword, page } = asked.parse(input);
  if (found.status === 'running') return drawRunning(found, draw);
  const left = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  return drawList(
    {
      heading: keyword ? words.heading({ keyword: quoted(keyword, 100) }) : words.headingPlain(),
      source: search,
      trends,
      page,
      remarks: [
        ...(age === null ? [] : [words.age({ when: moment(minutesBefore(draw.now, age)) })]),
        ...notes.slice(0, 3).map((note) => `⚠️ ${quoted(note, 150)}`),
        ...(left > 0 ? [words.skipped({ count: left })] : []),
      ],
      empty: words.emptyAdvice(),
    },
    draw,
  );
};

const minutesBefore = (now: Date, minutes: number): string =>
  new Date(now.getTime() - minutes * 60_000).toISOString();

/** A search that goes on, to be looked at again. */
function drawRunning(
  { search, notes }: Pick<z.output<typeof trendSearch.output>, 'search' | 'notes'>,
  { locale, owner }: Draw,
): View {
  const words = trendWords[locale];
  return card(accents.waiting, [
    text(`### ${words.running()}\n${words.runningAdvice()}`),
    ...notes.slice(0, 3).map((note) => text(`⏸️ ${quoted(note, 150)}`)),
    row(button(actionId('trends-page', owner, search, '1'), { label: words.look(), emoji: '🔄' })),
  ]);
}

/** The trends that a person keeps or has found, four to a page. */
export const presentTrendList: Presenter = (output, draw, input) => {
  const words = trendWords[draw.locale];
  const { saved, trends, searches } = trendList.output.parse(output);
  const { page } = asked.parse(input);
  return drawList(
    {
      heading: saved ? words.headingSaved() : words.headingRecent(),
      source: saved ? savedSource : recentSource,
      trends,
      page,
      remarks: [],
      empty: saved ? words.emptySaved() : words.emptyRecent(),
      searches,
    },
    draw,
  );
};

type TrendList = {
  readonly heading: string;
  readonly source: string;
  readonly trends: readonly TrendView[];
  readonly page: number;
  readonly remarks: readonly string[];
  readonly empty: string;
  /** Earlier searches that can be opened again. */
  readonly searches?: z.output<typeof trendList.output>['searches'];
};

function drawList(list: TrendList, draw: Draw): View {
  const words = trendWords[draw.locale];
  const { heading, trends, remarks } = list;
  const remarkLines = remarks.map((remark) => small(remark));
  if (trends.length === 0) {
    const body = [`### ${heading}`, `**${words.emptyTitle()}**`, list.empty, ...remarkLines];
    return card(accents.quiet, [text(body.join('\n')), ...searchRow(list, draw)]);
  }
  const pages = Math.ceil(trends.length / perPage);
  const page = Math.min(pages, list.page);
  const first = (page - 1) * perPage;
  const found = small(words.found({ count: trends.length, page, pages }));
  const items = trends
    .slice(first, first + perPage)
    .flatMap((trend, index) =>
      drawItem(trend, { rank: first + index + 1, source: list.source, page }, draw),
    );
  return card(accents.brand, [
    text([`### ${heading}`, found, ...remarkLines].join('\n')),
    ...items,
    ...(pages > 1 ? [separator(), turnRow(list.source, page, pages, draw)] : []),
    ...searchRow(list, draw),
  ]);
}

/** One button for each earlier search, named by its keyword. */
function searchRow({ searches = [] }: TrendList, { owner }: Draw) {
  const buttons = searches
    .filter(({ status }) => status === 'ready' || status === 'running')
    .slice(0, 5)
    .map(({ search, keyword }) =>
      button(actionId('trends-page', owner, search, '1'), { label: cut(keyword, 60), emoji: '🔎' }),
    );
  return buttons.length > 0 ? [row(...buttons)] : [];
}

function turnRow(source: string, page: number, pages: number, { locale, owner }: Draw) {
  const words = trendWords[locale];
  const turn = (to: number) => actionId('trends-page', owner, source, String(to));
  return row(
    button(turn(page - 1), { label: words.previous(), emoji: '◀️', disabled: page <= 1 }),
    button(turn(page + 1), { label: words.next(), emoji: '▶️', disabled: page >= pages }),
  );
}

type Position = { readonly rank: number; readonly source: string; readonly page: number };

function drawItem(trend: TrendView, at: Position, draw: Draw): APIComponentInContainer[] {
  const { locale, owner } = draw;
  const words = trendWords[locale];
  const title = quoted(trend.title, 120) || trend.id;
  const body = [
    `**${at.rank}. ${title}**`,
    [words.ofHundred({ score: formatScore(trend) }), platformOf(trend, locale)].join(' · '),
    [...countsOf(trend, locale), whenOf(trend)].filter(Boolean).join(' · '),
    small(partsOf(trend, locale), trend.incomplete ? words.incomplete() : null),
  ]
    .filter(Boolean)
    .join('\n');
  const picture = webAddress(trend.thumbnail_url, 2048);
  const details = actionId('trend-show', owner, trend.id, at.source, String(at.page));
  return [
    separator(),
    picture
      ? section([body], thumbnail(picture, words.thumbnail({ title: trend.title })))
      : text(body),
    row(
      button(actionId('trend-make', owner, trend.id), { label: words.make() }, 'primary'),
      button(details, { label: words.details() }),
    ),
  ];
}

const formatScore = ({ score, incomplete }: TrendView): string =>
  `${incomplete ? '≈ ' : ''}${score.toFixed(1)}`;

/** The platform, and whose it is where that is known. */
export function platformOf(trend: TrendView, locale: Locale): string {
  const mark = trendWords[locale].platforms[trend.platform];
  return trend.channel ? `${mark} · ${quoted(trend.channel, 60)}` : mark;
}

const whenOf = ({ published_at }: TrendView): string => (published_at ? moment(published_at) : '');

/** Views and likes where they are known. */
function countsOf({ views, likes }: TrendView, locale: Locale): string[] {
  const words = trendWords[locale];
  return [
    ...(views === null ? [] : [words.views({ count: formatCount(views, locale) })]),
    ...(likes === null ? [] : [words.likes({ count: formatCount(likes, locale) })]),
  ];
}

function partsOf({ parts }: TrendView, locale: Locale): string {
  const { parts: names } = trendWords[locale];
  return [
    `${names.views} ${tinyBar(parts.views)}`,
    `${names.engagement} ${tinyBar(parts.engagement)}`,
    `${names.growth} ${tinyBar(parts.growth)}`,
    `${names.quality} ${tinyBar(parts.quality)}`,
  ].join(' ');
}
