import {
  ChannelType,
  ComponentType,
  SelectMenuDefaultValueType,
  type APIChannelSelectComponent,
  type APIRoleSelectComponent,
} from 'discord-api-types/v10';

import { locales } from '../../../core/messages/catalogue.ts';
import { accountWords } from '../../../core/messages/cards/account.ts';
import { visibilities } from '../../../core/server/settings.ts';
import { serverViewSchema } from '../../../core/server/view.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, card, cut, row, select, separator, text } from '../view.ts';
import { quoted, small } from './format.ts';
import { movementsPart, walletRows, walletText } from './server-wallet.ts';

/** Discord takes at most this many picks of one list. */
const mostPicks = 25;
const shownIds = 10;

/** What a server has settled and what is in its wallet, with lists to change it. */
export const presentServer: Presenter = (output, draw) => {
  const settings = serverViewSchema.parse(output);
  const { server: words, languages } = accountWords[draw.locale];
  const language = settings.locale === 'person' ? words.ownLanguage : languages[settings.locale];
  return card(accents.brand, [
    text(`### ${words.heading}`),
    text(
      [
        `**${words.channels}** ${listed(settings.channels, '#', words.everyChannel, draw)}`,
        `**${words.roles}** ${listed(settings.roles, '@&', words.everyRole, draw)}`,
        `**${words.language}** ${language}`,
        `**${words.visibility}** ${words[settings.visibility]}`,
      ].join('\n'),
    ),
    text(small(words.note)),
    text(walletText(settings, draw)),
    ...movementsPart(settings, draw),
    separator(),
    row(channelSelect(settings.channels, draw)),
    row(roleSelect(settings.roles, draw)),
    row(
      select(
        actionId('server-locale', draw.owner),
        words.pickLanguage,
        (['person', ...locales] as const).map((value) => ({
          value,
          label: `${words.language}: ${value === 'person' ? words.ownLanguage : languages[value]}`,
          default: value === settings.locale,
        })),
      ),
    ),
    row(
      select(
        actionId('server-visibility', draw.owner),
        words.pickVisibility,
        visibilities.map((value) => ({
          value,
          label: `${words.visibility}: ${words[value]}`,
          default: value === settings.visibility,
        })),
      ),
    ),
    ...walletRows(settings, draw),
  ]);
};

const isId = (id: string): boolean => /^\d{17,20}$/.test(id);

function listed(ids: readonly string[], mark: '#' | '@&', none: string, draw: Draw): string {
  if (ids.length === 0) return none;
  const shown = ids.slice(0, shownIds);
  const more = ids.length - shown.length;
  return [
    ...shown.map((id) => (isId(id) ? `<${mark}${id}>` : quoted(id, 30))),
    ...(more > 0 ? [accountWords[draw.locale].server.more({ count: more })] : []),
  ].join(' ');
}

function channelSelect(ids: readonly string[], draw: Draw): APIChannelSelectComponent {
  const type = SelectMenuDefaultValueType.Channel;
  return {
    type: ComponentType.ChannelSelect,
    custom_id: actionId('server-channels', draw.owner),
    placeholder: cut(accountWords[draw.locale].server.pickChannels, 150),
    channel_types: [
      ChannelType.GuildText,
      ChannelType.GuildVoice,
      ChannelType.GuildAnnouncement,
      ChannelType.GuildForum,
    ],
    default_values: picksOf(ids).map((id) => ({ id, type })),
    min_values: 0,
    max_values: mostPicks,
  };
}

function roleSelect(ids: readonly string[], draw: Draw): APIRoleSelectComponent {
  const type = SelectMenuDefaultValueType.Role;
  return {
    type: ComponentType.RoleSelect,
    custom_id: actionId('server-roles', draw.owner),
    placeholder: cut(accountWords[draw.locale].server.pickRoles, 150),
    default_values: picksOf(ids).map((id) => ({ id, type })),
    min_values: 0,
    max_values: mostPicks,
  };
}

const picksOf = (ids: readonly string[]): string[] =>
  [...new Set(ids)].filter((id) => isId(id)).slice(0, mostPicks);
