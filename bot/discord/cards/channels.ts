import type { APIComponentInContainer } from 'discord-api-types/v10';
import type { z } from 'zod';

import { channelConnect } from '../../../core/channel/connect.ts';
import { channelDisconnect } from '../../../core/channel/disconnect.ts';
import { channelList } from '../../../core/channel/list.ts';
import { accountWords } from '../../../core/messages/cards/account.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, button, card, linkButton, row, section, separator, text } from '../view.ts';
import { moment, quoted, small, webAddress } from './format.ts';

const shownChannels = 6;
/** Discord's limits of an address in a button and of all text of a message. */
const buttonAddress = 512;
const textAddress = 3000;

type Channel = z.output<typeof channelList.output>['channels'][number];

/** The connected channels, what state they are in and what is allowed there, and how to connect one. */
export const presentChannels: Presenter = (output, draw) => {
  const { channels } = channelList.output.parse(output);
  const words = accountWords[draw.locale].channels;
  const shown = channels.slice(0, shownChannels);
  const more = channels.length - shown.length;
  const isBroken = channels.some(({ status }) => status === 'reconnect');
  return card(isBroken ? accents.waiting : accents.brand, [
    text(`### ${words.heading}`),
    ...(shown.length === 0 ? [text(words.none)] : []),
    ...shown.flatMap((channel, index) => channelPart(channel, index, draw)),
    ...(more > 0 ? [text(small(words.more({ count: more })))] : []),
    separator(),
    row(
      button(
        actionId('channel-connect', draw.owner),
        { label: channels.length > 0 ? words.connectAnother : words.connectButton, emoji: '📺' },
        channels.length > 0 ? 'secondary' : 'primary',
      ),
      button(actionId('channels-show', draw.owner), { label: words.refresh, emoji: '🔄' }),
    ),
  ]);
};

function channelPart(
  { channel, title, handle, status, access }: Channel,
  index: number,
  draw: Draw,
): APIComponentInContainer[] {
  const words = accountWords[draw.locale].channels;
  const name = `**${quoted(title, 100)}**${handle === null ? '' : ` ${quoted(handle, 60)}`}`;
  const disconnect = button(actionId('channel-disconnect', draw.owner, channel), {
    label: words.disconnectButton,
  });
  if (status === 'connected') {
    const allowed = small(`✅ ${words.connected}`, words.access[access]);
    return [section([`${name}\n${allowed}`], disconnect)];
  }
  // The place in the list only tells the ids of several such buttons apart.
  const id = actionId('channel-connect', draw.owner, access, String(index));
  return [
    text(`${name}\n${small(`⚠️ ${words.reconnect}`)}`),
    row(button(id, { label: words.reconnectButton }, 'primary'), disconnect),
  ];
}

/** The way to Google's consent page, and what is allowed there; for the person alone. */
export const presentConnect: Presenter = (output, draw, input) => {
  const { url, expires_at } = channelConnect.output.parse(output);
  const { access } = channelConnect.input.parse(input);
  const words = accountWords[draw.locale].channels;
  const done = button(actionId('channels-show', draw.owner), { label: words.done, emoji: '✅' });
  const address = webAddress(url, buttonAddress);
  const long = address === null ? webAddress(url, textAddress) : null;
  const allows = [...words.allows, ...(access === 'manage' ? [words.allowsChanges] : [])];
  return card(accents.brand, [
    text(`### ${words.connectHeading}\n${words.connectLead}`),
    text([words.allowed, ...allows.map((line) => `- ${line}`)].join('\n')),
    text(small(words.notAllowed[access])),
    // A longer address than a button takes is a link in the text.
    ...(long === null ? [] : [text(`[${words.openGoogle}](<${long}>)`)]),
    separator(),
    row(
      ...(address === null ? [] : [linkButton(address, { label: words.openGoogle, emoji: '🔗' })]),
      done,
    ),
    text(small(words.validUntil({ moment: moment(expires_at, 't') }))),
  ]);
};

/** The answer to a channel that was disconnected. */
export const presentDisconnected: Presenter = (output, draw) => {
  const answer = channelDisconnect.output.parse(output);
  const words = accountWords[draw.locale].channels;
  const said = quoted(channelDisconnect.say(answer, draw.locale), 600);
  return card(answer.told ? accents.good : accents.waiting, [
    text(`### ${words.disconnectedHeading}\n${said}`),
    text(small(words.staysThere)),
    row(button(actionId('channels-show', draw.owner), { label: words.showAll, emoji: '📺' })),
  ]);
};
