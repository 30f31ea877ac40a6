import { presentChannels, presentConnect } from '../cards/channels.ts';
import { defineAction, type Action } from '../exchange.ts';

/** What the buttons about YouTube channels do. */
export const channelActions: readonly Action[] = [
  // The link is a key to somebody's channel: nobody else sees it.
  defineAction('channel-connect', async (exchange) => {
    await exchange.defer('person');
    const connect = await exchange.perform('channel_connect', {});
    if (connect) await exchange.answer(presentConnect(connect, exchange.draw, {}), 'person');
  }),
  defineAction('channels-show', async (exchange) => {
    await exchange.defer('person');
    const channels = await exchange.perform('channel_list', {});
    if (channels) await exchange.answer(presentChannels(channels, exchange.draw, {}), 'person');
  }),
];
