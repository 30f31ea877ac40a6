import { and, eq, gt } from 'drizzle-orm';
import { z } from 'zod';

import { quotes } from '../../drizzle/schema/videos.ts';
import { secondsAfter } from '../clock.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { fieldFault } from '../input-fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { modelField, promptField, secondsField, shapeField } from './inputs.ts';
import { modelIds, shapes, videoModels, type ModelId, type Shape } from './models.ts';
import { planShots, type PlannedShot } from './plan.ts';

/** A price holds this long. */
const quoteSeconds = 15 * 60;
/** Quota units that one video takes, whatever its model and length. */
const quotaPerVideo = 1;

const storedShots = z.array(z.object({ seconds: z.number(), prompt: z.string() }));

export type Quote = {
  readonly id: string;
  readonly prompt: string;
  readonly model: ModelId;
  readonly seconds: number;
  readonly shape: Shape;
  readonly shots: readonly PlannedShot[];
  readonly quota: number;
  readonly estimatedUsd: number | null;
  readonly expiresAt: Date;
};

/** What somebody wants made; without a shape, the model's own first choice. */
export type Wish = {
  readonly prompt: string;
  readonly model: ModelId;
  readonly seconds: number;
  readonly shape?: Shape | undefined;
};

/** Plans and prices a wish without storing it. @throws Fault `invalid_input` for a shape that the model does not make. */
export function drawUpQuote(wish: Wish): Omit<Quote, 'id' | 'expiresAt'> {
  const model = videoModels[wish.model];
  const [preferred] = model.shapes;
  const shape = wish.shape ?? preferred;
  if (!shape || !model.shapes.includes(shape)) {
    const params = { model: model.label, shapes: model.shapes.join(', ') };
    throw fieldFault('shape', { problem: 'shape_unavailable', params });
  }
  const shots = planShots(wish.prompt, wish.seconds, model);
  const prices = shots.map(({ seconds }) => model.clipUsd(seconds));
  const known = prices.filter((price) => price !== null);
  const estimatedUsd =
    known.length === prices.length
      ? Math.round(known.reduce((sum, price) => sum + price, 0) * 100) / 100
      : null;
  return { ...wish, shape, shots, quota: quotaPerVideo, estimatedUsd };
}

/** Stores a quote for the account. */
export async function storeQuote(context: Context, wish: Wish): Promise<Quote> {
  const now = context.clock.now();
  const drawn = drawUpQuote(wish);
  const quote = {
    ...drawn,
    id: context.ids.next('quo'),
    expiresAt: secondsAfter(now, quoteSeconds),
  };
  await context.database.db
    .insert(quotes)
    .values({ ...quote, accountId: context.actor.accountId, createdAt: now });
  return quote;
}

/** A quote of the account, also once it has expired. @throws Fault `not_found` for another account's. */
export async function findQuote(context: Context, id: string): Promise<Quote> {
  const own = and(eq(quotes.id, id), eq(quotes.accountId, context.actor.accountId));
  const [row] = await context.database.db.select().from(quotes).where(own);
  if (!row) throw new Fault('not_found', { what: 'quote', id }, { field: 'quote' });
  const model = z.enum(modelIds).parse(row.model);
  const shape = z.enum(shapes).parse(row.shape);
  return { ...row, model, shape, shots: storedShots.parse(row.shots) };
}

/** @throws Fault `not_found` for another account's quote, `quote_expired` after 15 minutes. */
export async function readQuote(context: Context, id: string): Promise<Quote> {
  const quote = await findQuote(context, id);
  const [fresh] = await context.database.db
    .select({ id: quotes.id })
    .from(quotes)
    .where(and(eq(quotes.id, id), gt(quotes.expiresAt, context.clock.now())));
  if (!fresh) throw new Fault('quote_expired', {}, { field: 'quote' });
  return quote;
}

export const videoQuote = defineOperation({
  name: 'video_quote',
  summary: {
    en: 'Plan a video and say what it costs; nothing is spent.',
    zh: '规划视频并报价，不消耗配额。',
  },
  guidance:
    'Call before video_generate and pass it the quote id. Show the person the plan and the cost.',
  effect: 'write',
  audience: 'everyone',
  needs: ['videoModels'],
  input: z.object({
    prompt: promptField,
    model: modelField,
    seconds: secondsField,
    shape: shapeField,
  }),
  output: z.object({
    quote: z.string().describe('Pass this to video_generate'),
    model: z.enum(modelIds),
    seconds: z.int(),
    shape: z.enum(shapes),
    shots: z.array(z.object({ seconds: z.number(), prompt: z.string() })),
    quota: z.int().describe('Units that the video takes'),
    estimated_usd: z
      .number()
      .nullable()
      .describe('What the provider charges, where its price is known'),
    expires_at: z.iso.datetime(),
  }),
  async run(input, context) {
    const quote = await storeQuote(context, input);
    return {
      quote: quote.id,
      model: quote.model,
      seconds: quote.seconds,
      shape: quote.shape,
      shots: [...quote.shots],
      quota: quote.quota,
      estimated_usd: quote.estimatedUsd,
      expires_at: quote.expiresAt.toISOString(),
    };
  },
  say: (output, locale) =>
    catalogue(locale).say.video_quote({
      seconds: output.seconds,
      model: videoModels[output.model].label,
      shots: output.shots.length,
      quota: output.quota,
      usd: output.estimated_usd,
    }),
});
