import type { z } from 'zod';

import { formatMoment } from '../../../core/local-time.ts';
import { quotaCardWords } from '../../../core/messages/cards/quota.ts';
import { quotaHistory } from '../../../core/quota/history.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, button, card, row, separator, text } from '../view.ts';
import { quoted, small } from './format.ts';

type History = z.output<typeof quotaHistory.output>;
type Entry = History['entries'][number];

/** So many of the longest fit into a message. */
export const shownEntries = 10;

/** What each unit of quota came from or went to and what was left then, newest first. */
export const presentHistory: Presenter = (output, draw, input) => {
  const history = quotaHistory.output.parse(output);
  const words = quotaCardWords[draw.locale];
  const shown = history.entries.slice(0, shownEntries);
  const { before } = quotaHistory.input.parse(input);
  const heading = history.month === null ? '' : ` · ${history.month}`;
  const nothing = before === undefined ? words.noEntries : words.noneOlder;
  return card(accents.brand, [
    text(`### ${words.historyHeading}${heading}`),
    text(shown.length > 0 ? shown.map((entry) => linesOf(entry, draw)).join('\n') : nothing),
    separator(),
    row(...buttonsOf(history, before !== undefined, draw)),
  ]);
};

/** What a movement does to what is left to spend. */
const signs: Record<Entry['verb'], '+' | '−' | '·'> = {
  grant: '+',
  hold: '−',
  capture: '·',
  release: '+',
  refund: '+',
  expire: '−',
  take_back: '−',
  give: '−',
  receive: '+',
};

function linesOf({ verb, amount, reference, ...entry }: Entry, draw: Draw): string {
  const words = quotaCardWords[draw.locale];
  const isServers = entry.paid_by === 'server';
  const what =
    reference === 'sign-up' ? words.gift : words.verbs[verb]({ what: quoted(entry.purpose, 70) });
  const facts = small(
    formatMoment(new Date(entry.at), draw.timeZone, draw.locale),
    entry.balance === null ? null : words.balance({ balance: entry.balance }),
    words.packs[entry.kind],
    isServers ? words.paidByServer : null,
  );
  // What a server pays for leaves the person's own quota as it is.
  return `\`${isServers ? '·' : signs[verb]}${amount}\` ${what}\n${facts}`;
}

function buttonsOf({ entries, older, month }: History, isPaged: boolean, { owner, locale }: Draw) {
  const words = quotaCardWords[locale];
  const last = entries.length > shownEntries ? (entries[shownEntries - 1]?.entry ?? null) : older;
  const ofMonth = month ?? '';
  return [
    ...(last === null
      ? []
      : [
          button(actionId('quota-page', owner, String(last), ofMonth), {
            label: words.older,
            emoji: '⬇️',
          }),
        ]),
    ...(isPaged
      ? [button(actionId('quota-page', owner, '', ofMonth), { label: words.newest, emoji: '⬆️' })]
      : []),
    button(actionId('quota-receipt', owner, 'csv', ofMonth), { label: words.receipt, emoji: '📄' }),
    button(actionId('quota-show', owner), { label: words.back, emoji: '🔋' }),
  ];
}
