import { z } from 'zod';

import type { Context } from '../context.ts';
import { customIssue } from '../input-fault.ts';
import { quoteWords } from '../messages/cards/quote.ts';
import { catalogue, type Locale } from '../messages/catalogue.ts';
import { optionWords } from '../messages/options.ts';
import { defineOperation, type Preview } from '../operation.ts';
import { dailyCapLeft, requireDailyCap } from '../quota/daily-cap.ts';
import { payerOf, type Payer } from '../quota/payer.ts';
import { shortFault } from '../quota/short.ts';
import { optionalWishFields } from './inputs.ts';
import { madeShape, videoModels } from './models.ts';
import { isFitted, quoteFor, readQuote, wishOf, type Quote } from './quote.ts';
import { startTakes } from './start.ts';

const variantsField = z
  .int()
  .min(1)
  .max(4)
  .default(1)
  .describe('How many takes to make and choose from; each takes the quota of the quote');

const input = z
  .object({
    quote: z.string().optional().describe('Id from video_quote; then only variants is needed'),
    variants: variantsField,
    ...optionalWishFields,
  })
  .superRefine((value, issues) => {
    const { quote, variants: _, ...wish } = value;
    const wished = Object.entries(wish).filter(([, field]) => field !== undefined);
    if (!quote && !wish.prompt)
      issues.addIssue(customIssue({ problem: 'quote_or_prompt', params: null }, 'quote'));
    for (const [field] of quote ? wished : [])
      issues.addIssue(customIssue({ problem: 'fixed_by_quote', params: null }, field));
  });

type Input = z.output<typeof input>;

/** A wish without a quote gets one; between the look at the price and the start it is found again. */
const quoteOf = (context: Context, value: Input): Promise<Quote> =>
  value.quote
    ? readQuote(context, value.quote)
    : quoteFor(context, wishOf({ ...value, prompt: value.prompt ?? '' }));

export const videoGenerate = defineOperation({
  name: 'video_generate',
  summary: { en: 'Spend quota and start making a video.', zh: '消耗配额并开始制作视频。' },
  guidance: 'Pass the id of a video_quote. A person approves. Next: video_show.',
  effect: 'spend',
  audience: 'everyone',
  needs: ['videoModels'],
  input,
  listedToModels: ['quote', 'variants'],
  output: z.object({
    video: z.string().describe('Pass this to video_show'),
    videos: z.array(z.string()).describe('One per take'),
    status: z.literal('queued'),
    quota_left: z.int(),
    paid_by: z.literal('server').optional().describe('Set where the chat server pays'),
  }),
  async preview(value, context) {
    return previewOf(await quoteOf(context, value), value.variants, context);
  },
  async run(value, context) {
    const quote = await quoteOf(context, value);
    const { ids, left } = await startTakes(context, quote, value.variants);
    return {
      video: ids[0] ?? '',
      videos: [...ids],
      status: 'queued' as const,
      quota_left: left,
      ...(context.payer === undefined ? {} : { paid_by: 'server' as const }),
    };
  },
  say: ({ videos, quota_left: left, paid_by: payer }, locale) =>
    catalogue(locale).say.video_generate({
      videos: videos.join(', '),
      left,
      isServer: payer === 'server',
    }),
});

async function previewOf(quote: Quote, takes: number, context: Context): Promise<Preview> {
  const { words, preview } = catalogue(context.locale);
  const cost = quote.quota * takes;
  const payer = await payerOf(context.database.db, context, cost);
  await refuseUnpayable(context, payer, cost);
  const model = videoModels[quote.model].label;
  const usd = quote.estimatedUsd === null ? words.unknown : dollars(quote.estimatedUsd * takes);
  return {
    title: preview.video_generate({ seconds: quote.seconds, model, takes }),
    lines: [
      [words.prompt, quote.prompt],
      [words.model, model],
      [words.length, preview.length(quote)],
      ...fittedLine(quote, context.locale),
      ...optionsLine(quote, context.locale),
      [words.shots, String(quote.shots.length)],
      ...(takes === 1 ? [] : ([[words.takes, String(takes)]] as const)),
      [words.providerCost, usd],
      [words.quota, String(cost)],
      ...payerLine(payer, context.locale),
      [words.quotaAfter, String(payer.available - cost)],
    ],
    cost,
    ...(payer.kind === 'server' ? { payer: payer.walletId } : {}),
  };
}

/**
 * Nobody is asked to confirm what cannot be had.
 * @throws Fault `quota_short`, `daily_cap`.
 */
async function refuseUnpayable(context: Context, payer: Payer, cost: number): Promise<void> {
  const { db } = context.database;
  const { walletId, available } = payer;
  if (available < cost) throw await shortFault(db, walletId, cost, available);
  if (payer.kind === 'server') return;
  const left = await dailyCapLeft(db, context);
  if (left === null || left >= cost) return;
  await db.transaction((tx) => requireDailyCap(tx, context, { walletId, amount: cost }));
}

type Line = Preview['lines'][number];

/** Who pays, where the server does so for its members. */
function payerLine(payer: Payer, locale: Locale): Line[] {
  const { preview } = catalogue(locale);
  const { available } = payer;
  if (payer.kind === 'server') return [[preview.paidBy, preview.payer(payer)]];
  if (payer.notPaid === null) return [];
  const why = preview.notPaid[payer.notPaid];
  return [[preview.paidBy, `${preview.payer({ available, leftToday: null })} (${why})`]];
}

/** What becomes of a shape that the model does not make itself. */
function fittedLine({ model, shape, options }: Quote, locale: Locale): Line[] {
  if (!isFitted({ model, shape })) return [];
  const made = madeShape(videoModels[model], shape);
  const isPadded = options.fit === 'pad';
  return [[catalogue(locale).words.shape, quoteWords[locale].fitted({ made, shape, isPadded })]];
}

/** What was chosen beside prompt, model, length and shape. */
function optionsLine({ options }: Quote, locale: Locale): Line[] {
  const chosen = optionWords(options, locale).map((one) => one.words);
  return chosen.length === 0 ? [] : [[quoteWords[locale].options(), chosen.join(' · ')]];
}

const dollars = (usd: number): string => `$${usd.toFixed(2)}`;
