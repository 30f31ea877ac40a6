import { presentServer } from '../cards/server.ts';
import { defineAction, type Action } from '../exchange.ts';

/** Changes one setting of the server and shows them all on the card that was pressed. */
const setting = (
  action: string,
  changeOf: (picked: readonly string[]) => Record<string, unknown>,
): Action =>
  defineAction(action, async (exchange, _, { picked }) => {
    await exchange.deferUpdate();
    const change = changeOf(picked ?? []);
    const changed = await exchange.perform('server_update', change);
    if (changed) await exchange.update(presentServer(changed, exchange.draw, change));
  });

/** What the lists on the card of a server's settings do. */
export const serverActions: readonly Action[] = [
  setting('server-channels', (picked) => ({ channels: picked.join(',') })),
  setting('server-roles', (picked) => ({ roles: picked.join(',') })),
  setting('server-locale', ([locale]) => ({ locale })),
  setting('server-visibility', ([visibility]) => ({ visibility })),
  setting('server-pays', ([pays]) => ({ pays })),
  setting('server-ledger', ([channel]) => ({ ledger_channel: channel ?? 'off' })),
  defineAction('server-show', async (exchange) => {
    await exchange.defer('person');
    await exchange.show('server_show', {});
  }),
];
