import type { z } from 'zod';

import { accountWords } from '../../../core/messages/cards/account.ts';
import { formatMoment } from '../../../core/local-time.ts';
import { quotaHistory } from '../../../core/quota/history.ts';
import { quotaShow } from '../../../core/quota/show.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, bar, button, card, row, separator, text } from '../view.ts';
import { quoted, small } from './format.ts';

const shownEntries = 15;

/** How much quota is left, and where the rest of what was received is. */
export const presentQuota: Presenter = (output, draw) => {
  const { available, held, spent, granted } = quotaShow.output.parse(output);
  const words = accountWords[draw.locale].quota;
  const chart = [
    chartLine(words.chart.available, available, granted),
    chartLine(words.chart.held, held, granted),
    chartLine(words.chart.spent, spent, granted),
  ];
  return card(available > 0 ? accents.brand : accents.waiting, [
    text(`### ${words.heading}\n${words.left({ available })}`),
    text(`\`\`\`\n${chart.join('\n')}\n\`\`\``),
    ...(held > 0 ? [text(small(words.held({ held })))] : []),
    text(small(available > 0 ? words.granted({ granted }) : words.empty)),
    row(button(actionId('quota-history', draw.owner), { label: words.history, emoji: '🧾' })),
  ]);
};

const chartLine = (label: string, units: number, granted: number): string =>
  `${label}  ${bar((100 * units) / Math.max(1, granted))}  ${units}`;

/** What each unit of quota came from or went to, newest first. */
export const presentHistory: Presenter = (output, draw) => {
  const { entries } = quotaHistory.output.parse(output);
  const words = accountWords[draw.locale].quota;
  const lines = entries.slice(0, shownEntries).map((entry) => entryLines(entry, draw));
  const older = entries.length - lines.length;
  return card(accents.brand, [
    text(`### ${words.historyHeading}`),
    text(lines.length > 0 ? lines.join('\n') : words.noEntries),
    ...(older > 0 ? [text(small(words.more({ count: older })))] : []),
    separator(),
    row(button(actionId('quota-show', draw.owner), { label: words.back, emoji: '🔋' })),
  ]);
};

type Entry = z.output<typeof quotaHistory.output>['entries'][number];

/** What a movement does to what is left to spend. */
const signs: Record<Entry['verb'], '+' | '−' | '·'> = {
  grant: '+',
  hold: '−',
  capture: '·',
  release: '+',
  refund: '+',
  expire: '−',
};

function entryLines({ verb, amount, reference, at }: Entry, draw: Draw): string {
  const { verbs, gift } = accountWords[draw.locale].quota;
  const what = reference === 'sign-up' ? gift : verbs[verb]({ reference: quoted(reference, 40) });
  const when = formatMoment(new Date(at), draw.timeZone, draw.locale);
  return `\`${signs[verb]}${amount}\` ${what}\n${small(when)}`;
}
