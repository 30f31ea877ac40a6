import { presentChannels, presentConnect } from '../cards/channels.ts';
import { defineAction, type Action } from '../exchange.ts';

/** What the buttons about YouTube channels do. */
export const channelActions: readonly Action[] = [
  // The link is a key to somebody's channel: nobody else sees it.
  defineAction('channel-connect', async (exchange, args) => {
    await exchange.defer('person');
    // No more is asked for than what the button needs.
    const input = { access: args.includes('manage') ? 'manage' : 'upload' };
    const connect = await exchange.perform('channel_connect', input);
    if (connect) await exchange.answer(presentConnect(connect, exchange.draw, input), 'person');
  }),
  defineAction('channels-show', async (exchange) => {
    await exchange.defer('person');
    const channels = await exchange.perform('channel_list', {});
    if (channels) await exchange.answer(presentChannels(channels, exchange.draw, {}), 'person');
  }),
  defineAction('channel-disconnect', async (exchange, [channel = '']) => {
    await exchange.defer('person');
    await exchange.show('channel_disconnect', { channel });
  }),
];
