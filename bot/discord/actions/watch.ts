import { Fault } from '../../../core/fault.ts';
import { watchList } from '../../../core/watch/list.ts';
import { presentWatchDeleted, presentWatches } from '../cards/watch.ts';
import { defineAction, type Action, type Exchange } from '../exchange.ts';

const showList = async (exchange: Exchange): Promise<void> => {
  const watches = await exchange.perform('watch_list', {});
  if (watches) await exchange.update(presentWatches(watches, exchange.draw, {}));
};

/** Starts a paused watch again, as it was. */
async function start(exchange: Exchange, id: string): Promise<void> {
  await exchange.defer(exchange.visibility);
  const found = await exchange.perform('watch_list', {});
  if (!found) return;
  const { watches } = watchList.output.parse(found);
  const watch = watches.find((one) => one.watch === id);
  if (!watch) return exchange.fail(new Fault('not_found', { what: 'watch', id }));
  const { keyword, platforms, min_score, every_hours, daily_usd } = watch;
  await exchange.show('watch_create', {
    keyword,
    platforms: platforms.join(),
    min_score,
    every_hours,
    daily_usd,
  });
}

/** What the buttons about watches do. */
export const watchActions: readonly Action[] = [
  defineAction('watches-show', async (exchange) => {
    await exchange.defer(exchange.visibility);
    await exchange.show('watch_list', {});
  }),
  defineAction('watch-start', (exchange, [id = '']) => start(exchange, id)),
  defineAction('watch-stop', async (exchange, [watch]) => {
    await exchange.deferUpdate();
    const gone = await exchange.perform('watch_delete', { watch });
    if (gone) await exchange.update(presentWatchDeleted(gone, exchange.draw, {}));
  }),
  defineAction('watch-drop', async (exchange, [watch]) => {
    await exchange.deferUpdate();
    if (await exchange.perform('watch_delete', { watch })) await showList(exchange);
  }),
];
