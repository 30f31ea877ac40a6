import { readSearch } from '../../../core/trend/read-search.ts';
import { presentTrend } from '../cards/trend.ts';
import { presentTrendList, presentTrends, recentSource, savedSource } from '../cards/trends.ts';
import { defineAction, type Action, type Exchange } from '../exchange.ts';
import type { View } from '../view.ts';

/** As many as trend_list gives. */
const listLimit = 25;

/** A page of a list, read again: of a search by its id, of what is saved, or of what was found lately. */
async function drawPage(exchange: Exchange, source: string, page: number): Promise<View | null> {
  const { context, draw } = exchange;
  if (source === savedSource || source === recentSource) {
    const wanted = { saved: source === savedSource, limit: listLimit };
    const found = await exchange.perform('trend_list', wanted);
    return found && presentTrendList(found, draw, { page });
  }
  const { keyword, ...found } = await readSearch(context, source);
  return presentTrends(found, draw, { keyword, page });
}

const turn = defineAction('trends-page', async (exchange, [source = '', page = '1']) => {
  await exchange.deferUpdate();
  const view = await drawPage(exchange, source, Number(page));
  if (view) await exchange.update(view);
});

async function showTrend(exchange: Exchange, args: readonly (string | undefined)[]): Promise<void> {
  const [trend, source, page] = args;
  const found = await exchange.perform('trend_show', { trend });
  if (found) await exchange.update(presentTrend(found, exchange.draw, { source, page }));
}

const show = defineAction('trend-show', async (exchange, args) => {
  await exchange.deferUpdate();
  await showTrend(exchange, args);
});

/** Watching takes a while, so the card first says that it goes on. */
const watch = defineAction('trend-watch', async (exchange, [trend, source, page]) => {
  await exchange.deferUpdate();
  const before = await exchange.perform('trend_show', { trend });
  if (!before) return;
  await exchange.update(presentTrend(before, exchange.draw, { source, page, watching: true }));
  const found = await exchange.perform('trend_show', { trend, watch: true });
  await exchange.update(presentTrend(found ?? before, exchange.draw, { source, page }));
});

const save = defineAction('trend-save', async (exchange, [trend, wanted, ...from]) => {
  await exchange.deferUpdate();
  const kept = await exchange.perform('trend_save', { trend, saved: wanted === 'yes' });
  if (kept) await showTrend(exchange, [trend, ...from]);
});

const make = defineAction('trend-make', async (exchange, [trend]) => {
  await exchange.defer(exchange.visibility);
  await exchange.show('prompt_write', { trend });
});

/** Buttons of the cards about trends. */
export const trendActions: readonly Action[] = [turn, show, watch, save, make];
