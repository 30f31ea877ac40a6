import { and, asc, eq, gt } from 'drizzle-orm';
import { z } from 'zod';

import { quotes } from '../../drizzle/schema/videos.ts';
import { secondsAfter } from '../clock.ts';
import { requirePort, type Context } from '../context.ts';
import { canonicalJson, sha256Hex } from '../crypto.ts';
import { Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { refuseUnsafe } from '../moderation/refuse.ts';
import { defineOperation } from '../operation.ts';
import { providerNames } from '../ports/video-models.ts';
import { concurrencyOf } from './dispatch.ts';
import { modelField, optionFields, promptField, secondsField, shapeField } from './inputs.ts';
import { madeShape, modelIds, shapes, videoModels, type ModelId, type Shape } from './models.ts';
import { optionsOf, optionsSchema, storedOptions, type VideoOptions } from './options.ts';
import { planVideo, storedShots, type PlannedShot } from './plan.ts';
import { totalUsd } from './prices.ts';
import { drawStoryboard } from './storyboard.ts';
import { readUsualTimes, secondsOfClips } from './usual-times.ts';
import { voiceProvider } from './voice.ts';

/** A price holds this long. */
const quoteSeconds = 15 * 60;
/** Quota units that one video takes, whatever its model and length. */
const quotaPerVideo = 1;

/** What somebody wants made. */
export type Wish = {
  readonly prompt: string;
  readonly model: ModelId;
  readonly seconds: number;
  readonly shape: Shape;
  readonly options: VideoOptions;
};

/** A wish with its plan and price. */
export type Quote = Wish & {
  readonly id: string;
  readonly shots: readonly PlannedShot[];
  readonly plannedBy: 'model' | 'rules';
  readonly quota: number;
  /** Null when the provider's price is not known. */
  readonly estimatedUsd: number | null;
  /** As the model's last clips took; null while there are none. */
  readonly expectedMinutes: number | null;
  readonly expiresAt: Date;
};

type Chosen = { readonly [K in keyof Omit<Wish, 'options'>]?: Wish[K] | undefined };

/** A wish from the fields of an operation, with the usual choice for what is left out. */
export const wishOf = (
  fields: Chosen & Parameters<typeof optionsOf>[0] & { readonly prompt: string },
): Wish => ({
  prompt: fields.prompt,
  model: fields.model ?? 'kling',
  seconds: fields.seconds ?? 30,
  shape: fields.shape ?? '9:16',
  options: optionsOf(fields),
});

/** Whether the model makes another shape, which is then cropped or padded. */
export const isFitted = ({ model, shape }: Pick<Wish, 'model' | 'shape'>): boolean =>
  madeShape(videoModels[model], shape) !== shape;

/**
 * The quote of a wish: one that still holds is found again, so that who asks twice is shown the same
 * plan at the same price; otherwise a new one is drawn up and stored.
 * @throws Fault `prompt_refused` before anything is planned or paid for.
 */
export async function quoteFor(context: Context, wish: Wish): Promise<Quote> {
  refuseMissing(context, wish);
  const wishHash = sha256Hex(canonicalJson(wish));
  const held = await findHeld(context, wishHash);
  if (held) return held;
  await refuseUnsafe(context, 'prompt', wish.prompt);
  const drawn = await drawUp(context, wish);
  const createdAt = context.clock.now();
  const quote = {
    ...drawn,
    id: context.ids.next('quo'),
    expiresAt: secondsAfter(createdAt, quoteSeconds),
  };
  const { accountId } = context.actor;
  await context.database.db.insert(quotes).values({ ...quote, accountId, wishHash, createdAt });
  // Somebody may have been faster with the same wish: the first one counts.
  return (await findHeld(context, wishHash)) ?? quote;
}

/** @throws Fault `service_missing` when nobody could make the clips, or speak the lines. */
function refuseMissing({ ports }: Context, { model, options }: Wish): void {
  const { providers } = requirePort(ports, 'videoModels');
  const { provider } = videoModels[model];
  for (const needed of options.voice === 'off' ? [provider] : [provider, voiceProvider])
    if (!providers.includes(needed))
      throw new Fault('service_missing', { service: providerNames[needed] });
}

/** The first quote of that wish that still holds. */
async function findHeld(context: Context, wishHash: string): Promise<Quote | null> {
  const [row] = await context.database.db
    .select()
    .from(quotes)
    .where(
      and(
        eq(quotes.accountId, context.actor.accountId),
        eq(quotes.wishHash, wishHash),
        gt(quotes.expiresAt, context.clock.now()),
      ),
    )
    .orderBy(asc(quotes.createdAt), asc(quotes.id))
    .limit(1);
  return row ? quoteOf(row) : null;
}

/** Plans and prices a wish. */
async function drawUp(context: Context, wish: Wish): Promise<Omit<Quote, 'id' | 'expiresAt'>> {
  const { prompt, options, seconds } = wish;
  const model = videoModels[wish.model];
  const clips = planVideo(seconds, model.clipSeconds);
  const { shots, plannedBy } = await drawStoryboard(context, { prompt, options, model, clips });
  const lines = options.voice === 'off' ? [] : shots.map(({ line }) => line ?? '');
  const estimatedUsd = totalUsd(model, { clips: shots.map((shot) => shot.seconds), lines });
  const expectedMinutes = await expectMinutes(context, wish, shots.length);
  return { ...wish, shots, plannedBy, quota: quotaPerVideo, estimatedUsd, expectedMinutes };
}

/** Minutes in tenths, rounded up. */
async function expectMinutes(context: Context, wish: Wish, count: number): Promise<number | null> {
  const { clip, assembly } = await readUsualTimes(context, wish);
  if (clip === null) return null;
  const atOnce = concurrencyOf(context, videoModels[wish.model].provider);
  const seconds = secondsOfClips(clip, count, atOnce) + (assembly ?? 0);
  return Math.max(1, Math.ceil(seconds / 6)) / 10;
}

function quoteOf(row: typeof quotes.$inferSelect): Quote {
  const { id, prompt, seconds, quota, plannedBy, estimatedUsd, expectedMinutes, expiresAt } = row;
  return {
    id,
    prompt,
    seconds,
    quota,
    plannedBy,
    estimatedUsd,
    expectedMinutes,
    expiresAt,
    model: z.enum(modelIds).parse(row.model),
    shape: z.enum(shapes).parse(row.shape),
    options: storedOptions.parse(row.options),
    shots: storedShots.parse(row.shots),
  };
}

/** A quote of the account, also once it has expired. @throws Fault `not_found` for another account's. */
export async function findQuote(context: Context, id: string): Promise<Quote> {
  const own = and(eq(quotes.id, id), eq(quotes.accountId, context.actor.accountId));
  const [row] = await context.database.db.select().from(quotes).where(own);
  if (!row) throw new Fault('not_found', { what: 'quote', id }, { field: 'quote' });
  return quoteOf(row);
}

/** @throws Fault `not_found` for another account's quote, `quote_expired` after 15 minutes. */
export async function readQuote(context: Context, id: string): Promise<Quote> {
  const quote = await findQuote(context, id);
  if (quote.expiresAt <= context.clock.now())
    throw new Fault('quote_expired', {}, { field: 'quote' });
  return quote;
}

export const videoQuote = defineOperation({
  name: 'video_quote',
  summary: {
    en: 'Plan a video shot by shot and say what it costs; nothing is spent.',
    zh: '逐镜头规划视频并报价，不消耗配额。',
  },
  guidance: 'Show plan and cost to the person, then pass the quote id to video_generate.',
  effect: 'write',
  audience: 'everyone',
  needs: ['videoModels'],
  input: z.object({
    prompt: promptField,
    model: modelField,
    seconds: secondsField,
    shape: shapeField,
    ...optionFields,
  }),
  output: z.object({
    quote: z.string().describe('Pass this to video_generate'),
    model: z.enum(modelIds),
    seconds: z.int(),
    shape: z.enum(shapes),
    fitted: z.boolean().describe('The model makes another shape, which is cropped or padded'),
    ...optionsSchema.shape,
    shots: z.array(
      z.object({
        seconds: z.number().describe('How long it is seen'),
        picture: z.string(),
        camera: z.string(),
        line: z.string().nullable().describe('What is shown or spoken meanwhile'),
      }),
    ),
    planned_by: z.enum(['model', 'rules']),
    quota: z.int().describe('Units that the video takes'),
    estimated_usd: z
      .number()
      .nullable()
      .describe('What the provider charges, where its price is known'),
    expected_minutes: z.number().nullable().describe('As the last videos of this model took'),
    expires_at: z.iso.datetime(),
  }),
  async run(input, context) {
    const quote = await quoteFor(context, wishOf(input));
    return {
      quote: quote.id,
      model: quote.model,
      seconds: quote.seconds,
      shape: quote.shape,
      fitted: isFitted(quote),
      ...quote.options,
      shots: quote.shots.map(({ keepSeconds, picture, camera, line }) => ({
        seconds: keepSeconds,
        picture,
        camera,
        line,
      })),
      planned_by: quote.plannedBy,
      quota: quote.quota,
      estimated_usd: quote.estimatedUsd,
      expected_minutes: quote.expectedMinutes,
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
      minutes: output.expected_minutes,
      fit: output.fitted ? output.fit : null,
      shape: output.shape,
    }),
});
