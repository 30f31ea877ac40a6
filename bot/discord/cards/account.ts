import type { APISelectMenuOption } from 'discord-api-types/v10';

import { accountShow } from '../../../core/account/show.ts';
import { accountUpdate } from '../../../core/account/update.ts';
import { formatMoment } from '../../../core/local-time.ts';
import { locales } from '../../../core/messages/catalogue.ts';
import type { Purpose } from '../../../core/account/purposes.ts';
import { purposeWords } from '../../../core/messages/account.ts';
import { accountWords } from '../../../core/messages/cards/account.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, button, card, row, select, separator, text } from '../view.ts';
import { quoted, small } from './format.ts';

type Settings = {
  readonly locale: (typeof locales)[number];
  readonly time_zone: string;
  readonly notices: boolean;
  readonly purpose: Purpose | null;
  readonly leash: number;
  /** Not told after a change. */
  readonly leash_used?: number;
  /** null: no limit. */
  readonly daily_cap: number | null;
  /** Not told after a change. */
  readonly spent_today?: number;
};

/** Whose account it is, how it is set, and the ways to change that. */
export const presentAccount: Presenter = (output, draw) => {
  const account = accountShow.output.parse(output);
  const words = accountWords[draw.locale].account;
  const since = formatMoment(new Date(account.member_since), draw.timeZone, draw.locale);
  return card(accents.brand, [
    text(`### ${words.heading}\n**${quoted(account.name, 100)}**`),
    text(
      [
        ...settingLines(account, draw),
        `**${words.quota}** ${words.quotaLeft({ available: account.quota_available })}`,
      ].join('\n'),
    ),
    ...settingRows(account, draw),
    text(small(words.since({ moment: since }))),
  ]);
};

/** The settings after a change. */
export const presentSettings: Presenter = (output, draw) => {
  const settings = accountUpdate.output.parse(output);
  // What was just chosen holds from here on.
  const chosen = { ...draw, locale: settings.locale, timeZone: settings.time_zone };
  const words = accountWords[chosen.locale].account;
  return card(accents.good, [
    text(`### ✅ ${words.heading}\n${settingLines(settings, chosen).join('\n')}`),
    ...settingRows(settings, chosen),
  ]);
};

function settingLines(settings: Settings, draw: Draw): string[] {
  const { locale, time_zone, notices, purpose } = settings;
  const { account: words, languages } = accountWords[draw.locale];
  return [
    `**${words.language}** ${languages[locale]}`,
    `**${words.timeZone}** ${quoted(time_zone, 64)}`,
    `**${words.notices}** ${notices ? words.noticesOn : words.noticesOff}`,
    ...(purpose === null ? [] : [`**${words.purpose}** ${purposeWords[draw.locale][purpose]}`]),
    `**${words.leash}** ${leashLine(settings, draw)}`,
    `**${words.cap}** ${capLine(settings, draw)}`,
  ];
}

function leashLine({ leash, leash_used: used }: Settings, draw: Draw): string {
  const words = accountWords[draw.locale].account;
  if (leash === 0) return words.leashOff;
  const today = used === undefined ? [] : [words.leashUsed({ used })];
  return [words.leashOn({ units: leash }), ...today].join(' · ');
}

function capLine({ daily_cap: cap, spent_today: spent }: Settings, draw: Draw): string {
  const words = accountWords[draw.locale].account;
  const today = spent === undefined ? [] : [words.capSpent({ spent })];
  return [cap === null ? words.capOff : words.capOn({ units: cap }), ...today].join(' · ');
}

function settingRows({ locale, time_zone, notices, leash, daily_cap }: Settings, draw: Draw) {
  const { account: words, languages } = accountWords[draw.locale];
  const id = (action: string) => actionId(action, draw.owner);
  const named = locales.map((value) => ({
    value,
    label: languages[value],
    default: value === locale,
  }));
  const notice = notices
    ? button(id('notices-off'), { label: words.turnOff, emoji: '🔕' })
    : button(id('notices-on'), { label: words.turnOn, emoji: '🔔' });
  return [
    separator(),
    row(select(id('account-locale'), words.pickLanguage, named)),
    row(select(id('account-zone'), words.pickZone, zoneOptions(time_zone))),
    row(select(id('account-leash'), words.pickLeash, leashOptions(leash, draw))),
    row(select(id('account-cap'), words.pickCap, capOptions(daily_cap, draw))),
    row(
      notice,
      button(id('account-zone-edit'), { label: words.zoneButton, emoji: '🌍' }),
      button(id('quota-show'), { label: words.quotaButton, emoji: '🔋' }),
      button(id('channels-show'), { label: words.channelsButton, emoji: '📺' }),
    ),
  ];
}

const usualLeashes = [0, 1, 2, 3, 5, 10, 20];

function leashOptions(current: number, draw: Draw): APISelectMenuOption[] {
  const { leashOption } = accountWords[draw.locale].account;
  const leashes = [...new Set([...usualLeashes, current])].toSorted((a, b) => a - b);
  return leashes.map((units) => ({
    value: String(units),
    label: leashOption({ units }),
    default: units === current,
  }));
}

const usualCaps = [0, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000];

function capOptions(current: number | null, draw: Draw): APISelectMenuOption[] {
  const words = accountWords[draw.locale].account;
  const caps = [...new Set([...usualCaps, current ?? 0])].toSorted((a, b) => a - b);
  return [
    { value: 'off', label: words.capOff, default: current === null },
    ...caps.map((units) => ({
      value: String(units),
      label: words.capOption({ units }),
      default: units === current,
    })),
  ];
}

const usualZones = [
  'Asia/Shanghai',
  'Asia/Hong_Kong',
  'Asia/Taipei',
  'Asia/Singapore',
  'Asia/Tokyo',
  'Asia/Seoul',
  'Asia/Kolkata',
  'Asia/Dubai',
  'Europe/London',
  'Europe/Berlin',
  'Europe/Paris',
  'Europe/Moscow',
  'Africa/Lagos',
  'Africa/Johannesburg',
  'America/Sao_Paulo',
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
  'Australia/Sydney',
  'Pacific/Auckland',
  'UTC',
];

function zoneOptions(current: string): APISelectMenuOption[] {
  const zones = usualZones.includes(current) ? usualZones : [current, ...usualZones];
  return zones.map((zone) => ({ value: zone, label: zone, default: zone === current }));
}
