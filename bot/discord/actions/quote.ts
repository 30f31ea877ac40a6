import { payerOf } from '../../../core/quota/payer.ts';
import { findQuote, videoQuote, type Quote } from '../../../core/video/quote.ts';
import { buildOptions, optionsFilledIn } from '../cards/quote-options.ts';
import { presentQuoteWithBalance } from '../cards/quote.ts';
import { defineAction, type Action, type Exchange } from '../exchange.ts';
import type { View } from '../view.ts';
import { keepLast, type Values } from './prompt-draft.ts';

/** Asks for a price and answers with its card; what needs announcing has been announced. */
export async function showQuote(exchange: Exchange, wish: Values): Promise<void> {
  const view = await drawQuote(exchange, wish);
  if (view) await exchange.answer(view);
}

/** The card of a price; null when it has been said why there is none. */
async function drawQuote(exchange: Exchange, wish: Values): Promise<View | null> {
  const { context, draw } = exchange;
  const quote = await exchange.perform('video_quote', { ...wish });
  if (!quote) return null;
  const { quota } = videoQuote.output.parse(quote);
  const payer = await payerOf(context.database.db, context, quota);
  return presentQuoteWithBalance(quote, draw, wish, payer);
}

const valuesOf = ({ prompt, model, seconds, shape, options }: Quote): Values => ({
  prompt,
  model,
  seconds,
  shape,
  ...options,
});

const generate = defineAction('quote-generate', async (exchange, [quote = '']) => {
  await exchange.defer('person');
  await exchange.show('video_generate', { quote });
});

const generateTakes = defineAction('quote-takes', async (exchange, [quote = ''], { picked }) => {
  await exchange.defer('person');
  await exchange.show('video_generate', { quote, variants: Number(picked?.[0]) });
});

const openOptions = defineAction('quote-options', async (exchange, [id = '']) => {
  const { options } = await findQuote(exchange.context, id);
  await exchange.openModal(buildOptions(id, options, exchange.draw));
});

/** The card that was pressed becomes that of the new price. */
const saveOptions = defineAction('quote-options-save', async (exchange, [id = ''], filled) => {
  await exchange.deferUpdate();
  const quote = await findQuote(exchange.context, id);
  const wish = { ...valuesOf(quote), ...optionsFilledIn(filled) };
  await keepLast(exchange.context, wish);
  const view = await drawQuote(exchange, wish);
  if (view) await exchange.update(view);
});

/** Buttons, lists and the form of the card about a price; editing its prompt is not among them. */
export const quoteActions: readonly Action[] = [generate, generateTakes, openOptions, saveOptions];

/** What the quote of that id was asked for. @throws Fault `not_found`. */
export const wishOfQuote = async ({ context }: Exchange, id: string): Promise<Values> =>
  valuesOf(await findQuote(context, id));
