import { defineAction, type Action } from '../exchange.ts';

const show = defineAction('stats-show', async (exchange, [days = '30', publication = '']) => {
  await exchange.defer(exchange.visibility);
  await exchange.show('stats_show', {
    days: Number(days),
    ...(publication === '' ? {} : { publication }),
  });
});

/** What the buttons of the card about statistics do. */
export const statsActions: readonly Action[] = [show];
