import type { APIButtonComponent, APIComponentInContainer } from 'discord-api-types/v10';
import type { z } from 'zod';

import { statsWords } from '../../../core/messages/stats.ts';
import { statsDays, statsShow } from '../../../core/stats/show.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import {
  accents,
  button,
  card,
  gallery,
  linkButton,
  row,
  select,
  separator,
  text,
} from '../view.ts';
import { moment, quoted, small, webAddress } from './format.ts';

type Stats = z.output<typeof statsShow.output>;
type Counted = Stats['publications'][number];

const shownPublications = 10;

/** How often the person's videos were played and liked, with the curve, and a list to open one. */
export const presentStats: Presenter = (output, draw) => {
  const stats = statsShow.output.parse(output);
  const words = statsWords[draw.locale];
  const pictures = draw.pictures ?? [];
  const shown = stats.publications.slice(0, shownPublications);
  const more = stats.publications.length - shown.length + stats.more;
  return card(
    stats.read === 0 ? accents.quiet : accents.brand,
    [
      text(`### 📈 ${words.card.heading}\n${summaryOf(stats, draw)}`),
      ...(pictures.length > 0 ? [gallery(pictures.map(({ name }) => `attachment://${name}`))] : []),
      ...listPart(shown, draw),
      ...(more > 0 ? [text(small(words.card.more({ count: more })))] : []),
      separator(),
      row(...periodButtons(stats, draw)),
      ...waysOn(stats, draw),
    ],
    pictures,
  );
};

function summaryOf(stats: Stats, { locale }: Draw): string {
  const words = statsWords[locale];
  const { totals, days } = stats;
  const counts = words.counts(totals);
  if (counts.length === 0) return statsShow.say(stats, locale);
  const changes = words.changes(gainedOf(totals));
  const growth = changes.length === 0 ? [] : [small(...changes, words.card.within({ days }))];
  const notes = words.notes({ ...stats, now: totals, gained: gainedOf(totals) });
  return [`**${counts.join(' · ')}**`, ...growth, ...notes.map((note) => small(note))].join('\n');
}

const gainedOf = (from: Omit<Counted, 'publication' | 'title' | 'url' | 'read_at'>) => ({
  views: from.views_gained,
  likes: from.likes_gained,
  comments: from.comments_gained,
});

const listPart = (shown: readonly Counted[], draw: Draw): APIComponentInContainer[] =>
  shown.length === 0
    ? []
    : [separator(), text(shown.map((counted) => linesOf(counted, draw)).join('\n'))];

function linesOf(counted: Counted, { locale }: Draw): string {
  const words = statsWords[locale];
  const { views_gained: views } = counted;
  const counts = words.counts(counted);
  const growth = views === null ? [] : words.changes({ views, likes: null, comments: null });
  const read =
    counted.read_at === null
      ? words.card.notRead
      : words.card.readAt({ when: moment(counted.read_at) });
  const told = counts.length > 0 || counted.read_at === null ? counts : [words.card.untold];
  const change = growth.length > 0 ? [`📈 ${growth.join('')}`] : [];
  return `**${quoted(counted.title, 60)}**\n${small(...told, ...change, read)}`;
}

const periodButtons = (
  { days: shown, publication }: Stats,
  { locale, owner }: Draw,
): APIButtonComponent[] =>
  statsDays.map((days) =>
    button(actionId('stats-show', owner, String(days), publication ?? ''), {
      label: statsWords[locale].card.days({ days }),
      disabled: days === shown,
    }),
  );

/** One publication is opened, or all are shown; of several one is picked. */
function waysOn(stats: Stats, { locale, owner }: Draw): APIComponentInContainer[] {
  const words = statsWords[locale].card;
  const { publication, publications, days } = stats;
  if (publication === null) {
    const options = publications.map((counted) => ({
      label: counted.title.trim() || counted.publication,
      value: counted.publication,
    }));
    const list = button(actionId('publications-show', owner), {
      label: words.publications,
      emoji: '📋',
    });
    return options.length > 0
      ? [row(select(actionId('publication-show', owner), words.pick, options)), row(list)]
      : [row(list)];
  }
  const url = webAddress(publications[0]?.url ?? null, 512);
  return [
    row(
      button(actionId('publication-show', owner, publication), { label: words.open, emoji: '📋' }),
      ...(url === null ? [] : [linkButton(url, { label: words.watch, emoji: '▶️' })]),
      button(actionId('stats-show', owner, String(days)), { label: words.all, emoji: '📈' }),
    ),
  ];
}
