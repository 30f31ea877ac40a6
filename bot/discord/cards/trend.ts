import { z } from 'zod';

import type { Locale } from '../../../core/messages/catalogue.ts';
import { trendWords } from '../../../core/messages/cards/trend.ts';
import { trendShow } from '../../../core/trend/show.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import {
  accents,
  button,
  card,
  linkButton,
  row,
  section,
  separator,
  text,
  thumbnail,
} from '../view.ts';
import { formatCount, formatShare, moment, quoted, small, tinyBar, webAddress } from './format.ts';
import { platformOf } from './trends.ts';

type Shown = z.output<typeof trendShow.output>;

/** The list that the details were opened from, and whether the model is watching at the moment. */
const asked = z.object({
  source: z.string().optional(),
  page: z.string().optional(),
  watching: z.boolean().optional(),
});
type Asked = z.output<typeof asked>;

/** One trend with its numbers and why it works. */
export const presentTrend: Presenter = (output, draw, input) => {
  const words = trendWords[draw.locale];
  const trend = trendShow.output.parse(output);
  const head = headOf(trend, draw.locale);
  const picture = webAddress(trend.thumbnail_url, 2048);
  return card(accents.brand, [
    picture
      ? section([head], thumbnail(picture, words.thumbnail({ title: trend.title })))
      : text(head),
    separator(),
    text(scoreOf(trend, draw.locale)),
    text(numbersOf(trend, draw.locale)),
    separator(),
    text(whyOf(trend, draw.locale)),
    buttonsOf(trend, asked.parse(input), draw),
  ]);
};

function headOf(trend: Shown, locale: Locale): string {
  const words = trendWords[locale];
  const facts = [
    ...(trend.published_at === null ? [] : [words.published({ when: moment(trend.published_at) })]),
    ...(trend.duration_seconds === null
      ? []
      : [words.length({ seconds: Math.round(trend.duration_seconds) })]),
  ];
  return [
    `### ${quoted(trend.title, 300) || trend.id}`,
    platformOf(trend, locale),
    ...(facts.length > 0 ? [small(...facts)] : []),
  ].join('\n');
}

function scoreOf({ score, incomplete, parts }: Shown, locale: Locale): string {
  const words = trendWords[locale];
  const line = (name: string, part: number) =>
    `${tinyBar(part)} ${name} **${Math.round(part * 100)}**`;
  return [
    words.ofHundred({ score: `${incomplete ? '≈ ' : ''}${score.toFixed(1)}` }),
    line(words.parts.views, parts.views),
    line(words.parts.engagement, parts.engagement),
    line(words.parts.growth, parts.growth),
    line(words.parts.quality, parts.quality),
    ...(incomplete ? [small(words.incomplete())] : []),
  ].join('\n');
}

function numbersOf(trend: Shown, locale: Locale): string {
  const words = trendWords[locale];
  const { views, likes, comments, shares, like_rate: rate } = trend;
  const count = (value: number) => ({ count: formatCount(value, locale) });
  const known = [
    views === null ? null : words.views(count(views)),
    likes === null ? null : words.likes(count(likes)),
    rate === null ? null : words.likeRate({ percent: formatShare(rate, locale) }),
    comments === null ? null : words.comments(count(comments)),
    shares === null ? null : words.shares(count(shares)),
  ].filter((fact) => fact !== null);
  return `**${words.numbers()}**\n${known.join(' · ') || '—'}`;
}

function whyOf(trend: Shown, locale: Locale): string {
  const words = trendWords[locale];
  const factors = trend.factors.slice(0, 5).map((factor) => quoted(factor, 60));
  const { hook, pacing, watch_problem: problem } = trend;
  return [
    `**${words.why()}**`,
    quoted(trend.attraction, 400),
    ...factors.map((factor) => `- ${factor}`),
    ...(hook === null ? [] : [words.hook({ text: quoted(hook, 200) })]),
    ...(pacing === null ? [] : [words.pacing({ text: quoted(pacing, 200) })]),
    words.recommendation({ grade: trend.recommendation }),
    small(originOf(trend, locale), trend.completed_by_rules ? words.completedByRules() : null),
    ...(problem === null ? [] : [`⚠️ ${words.unwatched[problem]}`]),
  ].join('\n');
}

/** Who explained it, and from what. */
function originOf(trend: Shown, locale: Locale): string {
  const words = trendWords[locale];
  if (trend.explained_by === 'rules') return words.explainedByRules();
  return trend.watched ? words.explainedByWatching() : words.explainedByModel();
}

function buttonsOf(trend: Shown, { source, page, watching }: Asked, { locale, owner }: Draw) {
  const { saved } = trend;
  const words = trendWords[locale];
  const back = source && page ? [source, page] : [];
  const original = webAddress(trend.url, 512);
  const save = actionId('trend-save', owner, trend.id, saved ? 'no' : 'yes', ...back);
  return row(
    button(actionId('trend-make', owner, trend.id), { label: words.make() }, 'primary'),
    button(save, { label: saved ? words.saved() : words.save(), emoji: saved ? '⭐' : '🔖' }),
    ...(trend.can_watch
      ? [
          button(actionId('trend-watch', owner, trend.id, ...back), {
            label: watching ? words.watching() : words.watch(),
            emoji: '👁️',
            disabled: watching ?? false,
          }),
        ]
      : []),
    ...(source && page
      ? [button(actionId('trends-page', owner, source, page), { label: words.back() })]
      : []),
    ...(original ? [linkButton(original, { label: words.original() })] : []),
  );
}
