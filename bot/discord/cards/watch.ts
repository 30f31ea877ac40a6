import type { APIComponentInContainer } from 'discord-api-types/v10';

import type { Locale } from '../../../core/messages/catalogue.ts';
import { watchWords } from '../../../core/messages/cards/watch.ts';
import { platformNames } from '../../../core/ports/trend-source.ts';
import { watchCreate } from '../../../core/watch/create.ts';
import { watchDelete } from '../../../core/watch/delete.ts';
import { watchList } from '../../../core/watch/list.ts';
import type { WatchView } from '../../../core/watch/view.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, button, card, row, section, text } from '../view.ts';
import { moment, quoted, small } from './format.ts';

/** As many as may be active; with a button each they fit into the 40 components of a message. */
const shownWatches = 10;

/** A watch that was made, changed or started again, with what it may cost. */
export const presentWatch: Presenter = (output, { locale, owner }) => {
  const { outcome, ...watch } = watchCreate.output.parse(output);
  const words = watchWords[locale];
  return card(accents.brand, [
    text(
      [
        `### ${words.headings[outcome]}`,
        `**${quoted(watch.keyword, 100)}**`,
        settingsOf(watch, locale),
        words.tellsDirectly,
        small(words.cost({ usd: watch.daily_usd.toFixed(2) })),
      ].join('\n'),
    ),
    row(
      button(actionId('watches-show', owner), { label: words.show, emoji: '👀' }),
      button(actionId('watch-stop', owner, watch.watch), { label: words.stop, emoji: '🗑️' }),
    ),
  ]);
};

/** All watches of this place, each with a button that ends it or starts it again. */
export const presentWatches: Presenter = (output, draw) => {
  const { watches } = watchList.output.parse(output);
  const words = watchWords[draw.locale];
  const shown = watches.slice(0, shownWatches);
  const more = watches.length - shown.length;
  return card(shown.length === 0 ? accents.quiet : accents.brand, [
    text(`### ${words.listHeading}`),
    ...(shown.length === 0 ? [text(words.none)] : []),
    ...shown.map((watch) => drawWatch(watch, draw)),
    ...(more > 0 ? [text(small(words.more({ count: more })))] : []),
  ]);
};

/** A watch that is no more. */
export const presentWatchDeleted: Presenter = (output, { locale, owner }) => {
  const { keyword } = watchDelete.output.parse(output);
  const words = watchWords[locale];
  return card(accents.quiet, [
    text(`### ${words.gone}\n**${quoted(keyword, 100)}**`),
    row(button(actionId('watches-show', owner), { label: words.show, emoji: '👀' })),
  ]);
};

function drawWatch(watch: WatchView, { locale, owner }: Draw): APIComponentInContainer {
  const words = watchWords[locale];
  const isActive = watch.next_at !== null;
  const lines = [
    `**${quoted(watch.keyword, 60)}**`,
    settingsOf(watch, locale),
    small(
      words.found({ count: watch.found }),
      words.costShort({ usd: watch.daily_usd.toFixed(2) }),
      watch.next_at === null ? `⚠️ ${words.paused}` : words.next({ when: moment(watch.next_at) }),
    ),
  ];
  const press = isActive
    ? button(actionId('watch-drop', owner, watch.watch), { label: words.stop })
    : button(actionId('watch-start', owner, watch.watch), { label: words.start }, 'primary');
  return section([lines.join('\n')], press);
}

const settingsOf = (watch: WatchView, locale: Locale): string =>
  watchWords[locale].settings({
    platforms: watch.platforms.map((name) => platformNames[name]).join(', '),
    hours: watch.every_hours,
    score: watch.min_score,
  });
