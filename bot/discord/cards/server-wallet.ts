import {
  ChannelType,
  ComponentType,
  SelectMenuDefaultValueType,
  type APIChannelSelectComponent,
  type APIComponentInContainer,
} from 'discord-api-types/v10';
import type { z } from 'zod';

import type { Locale } from '../../../core/messages/catalogue.ts';
import { serverWalletWords } from '../../../core/messages/cards/server-wallet.ts';
import type { ledgerEntrySchema } from '../../../core/quota/entry.ts';
import { everyoneRole } from '../../../core/quota/payer.ts';
import { serverFund } from '../../../core/server/fund.ts';
import { payers } from '../../../core/server/settings.ts';
import type { ServerView } from '../../../core/server/view.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, button, card, cut, row, select, separator, text } from '../view.ts';
import { moment, quoted, small } from './format.ts';

type Verb = z.output<typeof ledgerEntrySchema>['verb'];

/** What a movement does to what is left of a wallet. */
const signs: Record<Verb, '+' | '−' | '·'> = {
  grant: '+',
  receive: '+',
  release: '+',
  refund: '+',
  hold: '−',
  give: '−',
  expire: '−',
  take_back: '−',
  capture: '·',
};

const isId = (id: string): boolean => /^\d{17,20}$/.test(id);
const shownLimits = 10;

/** What a server's wallet holds, who may use it, and where its movements are told. */
export function walletText(view: ServerView, { locale }: Draw): string {
  const words = serverWalletWords[locale];
  const { available, held, spent_today: spentToday } = view.wallet;
  const ledger = view.ledger_channel;
  return [
    `**${words.pays}** ${words.payers[view.pays]}`,
    `**${words.wallet}** ${words.balance({ available, held, spentToday })}`,
    `**${words.limits}** ${limitsText(view, locale)}`,
    `**${words.ledger}** ${ledger === null ? words.noLedger : channelText(ledger)}`,
  ].join('\n');
}

const channelText = (id: string): string => (isId(id) ? `<#${id}>` : quoted(id, 30));

function limitsText({ role_limits: limits }: ServerView, locale: Locale): string {
  const words = serverWalletWords[locale];
  if (limits.length === 0) return words.noLimits;
  const shown = limits.slice(0, shownLimits).map(({ role, units }) => {
    if (role === everyoneRole) return `${words.everyone} ${units}`;
    return `${isId(role) ? `<@&${role}>` : quoted(role, 30)} ${units}`;
  });
  return [...shown, ...(limits.length > shownLimits ? ['…'] : [])].join(', ');
}

/** The newest movements, for those who manage the server. */
export function movementsPart({ movements }: ServerView, { locale }: Draw) {
  if (movements.length === 0) return [];
  const words = serverWalletWords[locale];
  const lines = movements.map(({ at, by, ...entry }) => {
    const who = by === null ? null : quoted(by, 40);
    return [movementText({ ...entry, who }, locale), moment(at)].join(' · ');
  });
  return [text(`**${words.movements}**\n${lines.join('\n')}`)];
}

/** A movement in one line: how much, who, what for, and what was left then. */
export function movementText(
  entry: {
    readonly verb: Verb;
    readonly amount: number;
    readonly reference: string;
    readonly left: number;
    /** Ready to be shown. */
    readonly who: string | null;
  },
  locale: Locale,
): string {
  const words = serverWalletWords[locale];
  const { verb, amount, reference, left, who } = entry;
  const what = words.verbs[verb];
  const video = reference.startsWith('vid_') ? ` (${quoted(reference, 40)})` : '';
  return [
    `\`${signs[verb]}${amount}\``,
    ...(who === null ? [] : [who]),
    `${what}${video}`,
    words.left({ left }),
  ].join(' · ');
}

/** Lists to change who pays and where the movements are told. */
export function walletRows(view: ServerView, draw: Draw): APIComponentInContainer[] {
  const words = serverWalletWords[draw.locale];
  return [
    row(
      select(
        actionId('server-pays', draw.owner),
        words.pickPays,
        payers.map((value) => ({
          value,
          label: `${words.pays}: ${words.payers[value]}`,
          default: value === view.pays,
        })),
      ),
    ),
    row(ledgerSelect(view.ledger_channel, draw)),
    text(small(words.how)),
  ];
}

function ledgerSelect(channel: string | null, draw: Draw): APIChannelSelectComponent {
  const picked = channel !== null && isId(channel) ? [channel] : [];
  return {
    type: ComponentType.ChannelSelect,
    custom_id: actionId('server-ledger', draw.owner),
    placeholder: cut(serverWalletWords[draw.locale].pickLedger, 150),
    channel_types: [ChannelType.GuildText, ChannelType.GuildAnnouncement],
    default_values: picked.map((id) => ({ id, type: SelectMenuDefaultValueType.Channel })),
    min_values: 0,
    max_values: 1,
  };
}

/** What a server was given. */
export const presentFunded: Presenter = (output, { locale, owner }) => {
  const words = serverWalletWords[locale];
  const { given, available, packs_left: packs } = serverFund.output.parse(output);
  return card(accents.good, [
    text(`### ${words.fundedHeading}\n${words.funded({ given, available })}`),
    text(small(words.packsLeft({ packs }))),
    separator(),
    row(button(actionId('server-show', owner), { label: words.settings, emoji: '⚙️' })),
  ]);
};
