import { z } from 'zod';

import { shots, videos } from '../../drizzle/schema/videos.ts';
import type { Context } from '../context.ts';
import { recordEvent } from '../events.ts';
import { Fault } from '../fault.ts';
import { customIssue } from '../input-fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation, type Preview } from '../operation.ts';
import { holdQuota } from '../quota/ledger.ts';
import { readBalance } from '../quota/wallet.ts';
import { serverOf } from '../scope.ts';
import { promptField, secondsField, shapeField } from './inputs.ts';
import { modelIds, videoModels } from './models.ts';
import { shotSubmit } from './queue.ts';
import { drawUpQuote, readQuote, storeQuote, type Quote, type Wish } from './quote.ts';

const input = z
  .object({
    quote: z.string().optional().describe('Id from video_quote; then nothing else is needed'),
    prompt: promptField.optional(),
    model: z.enum(modelIds).optional().describe('Only without a quote: the video model'),
    seconds: secondsField.unwrap().optional().describe('Only without a quote: length in seconds'),
    shape: shapeField,
  })
  .superRefine((value, issues) => {
    const { quote, ...wish } = value;
    const wished = Object.entries(wish).filter(([, field]) => field !== undefined);
    if (!quote && !wish.prompt)
      issues.addIssue(customIssue({ problem: 'quote_or_prompt', params: null }, 'quote'));
    for (const [field] of quote ? wished : [])
      issues.addIssue(customIssue({ problem: 'fixed_by_quote', params: null }, field));
  });

type Input = z.output<typeof input>;

/** A wish without a quote is priced on the spot; the person approves that price. */
const wishOf = (value: Input): Wish => ({
  prompt: value.prompt ?? '',
  model: value.model ?? 'kling',
  seconds: value.seconds ?? 30,
  shape: value.shape,
});

export const videoGenerate = defineOperation({
  name: 'video_generate',
  summary: { en: 'Spend quota and start making a video.', zh: '消耗配额并开始制作视频。' },
  guidance:
    'Call video_quote first and pass its quote id. A person approves. Then poll video_show until it is ready.',
  effect: 'spend',
  audience: 'everyone',
  needs: ['videoModels'],
  input,
  output: z.object({
    video: z.string().describe('Pass this to video_show'),
    status: z.literal('queued'),
    quota_left: z.int(),
  }),
  async preview(value, context) {
    const quote = value.quote ? await readQuote(context, value.quote) : drawUpQuote(wishOf(value));
    return previewOf(quote, context);
  },
  async run(value, context) {
    const quote = value.quote
      ? await readQuote(context, value.quote)
      : await storeQuote(context, wishOf(value));
    const { id, left } = await startVideo(context, quote);
    return { video: id, status: 'queued' as const, quota_left: left };
  },
  say: ({ video, quota_left }, locale) =>
    catalogue(locale).say.video_generate({ video, left: quota_left }),
});

async function previewOf(
  quote: Omit<Quote, 'id' | 'expiresAt'>,
  context: Context,
): Promise<Preview> {
  const { words, preview } = catalogue(context.locale);
  const { available } = await readBalance(context.database.db, context.actor.accountId);
  // Nobody is asked to confirm what cannot be had.
  if (available < quote.quota) throw new Fault('quota_short', { needed: quote.quota, available });
  const model = videoModels[quote.model].label;
  const usd = quote.estimatedUsd === null ? words.unknown : `$${quote.estimatedUsd.toFixed(2)}`;
  return {
    title: preview.video_generate({ seconds: quote.seconds, model }),
    lines: [
      [words.prompt, quote.prompt],
      [words.model, model],
      [words.length, preview.length(quote)],
      [words.shots, String(quote.shots.length)],
      [words.providerCost, usd],
      [words.quota, String(quote.quota)],
      [words.quotaAfter, String(available - quote.quota)],
    ],
    cost: quote.quota,
  };
}

/** Video, shots, hold and the first jobs appear in one commit, or not at all. */
async function startVideo(context: Context, quote: Quote): Promise<{ id: string; left: number }> {
  const id = context.ids.next('vid');
  const { accountId } = context.actor;
  const at = context.clock.now();
  const { prompt, model, seconds, shape, quota } = quote;
  return context.database.db.transaction(async (tx) => {
    await tx.insert(videos).values({
      id,
      accountId,
      quoteId: quote.id,
      rootId: id,
      prompt,
      model,
      seconds,
      shape,
      quota,
      status: 'queued' as const,
      serverId: serverOf(context.actor),
      approvalId: context.approvalId ?? null,
      createdAt: at,
    });
    const planned = quote.shots.map((shot, position) => ({
      id: context.ids.next('sht'),
      videoId: id,
      position,
      clipSeconds: shot.seconds,
      prompt: shot.prompt,
      status: 'planned' as const,
    }));
    await tx.insert(shots).values(planned);
    await recordEvent(tx, { at, subjectId: id, kind: 'queued', data: { shots: planned.length } });
    for (const shot of planned)
      await context.queue.enqueue(tx, shotSubmit, { shotId: shot.id }, { key: `${shot.id}:1` });
    // Last, so that the wallet is locked for as short as possible.
    const held = await holdQuota(tx, { accountId, videoId: id, amount: quota, at });
    return { id, left: held.available };
  });
}
