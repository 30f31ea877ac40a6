import { setTimeout } from 'node:timers/promises';

import { z } from 'zod';

import { channelConnect } from '../core/channel/connect.ts';
import { decideApproval } from '../core/consent/decide.ts';
import type { Context } from '../core/context.ts';
import { isFault } from '../core/fault.ts';
import type { Locale } from '../core/messages/catalogue.ts';
import { publicationWords } from '../core/messages/cards/publication.ts';
import { perform, type AnyOperation } from '../core/operation.ts';
import { publicationCreate } from '../core/publication/create.ts';
import { publicationCount } from '../core/publication/queue.ts';
import { trendSave } from '../core/trend/save.ts';
import { trendSearch } from '../core/trend/search.ts';
import { videoGenerate } from '../core/video/generate.ts';
import { videoQuote } from '../core/video/quote.ts';
import { watchCreate } from '../core/watch/create.ts';
import { publicationCounts } from '../drizzle/schema/publishing.ts';
import { connectThroughGoogle } from '../sandbox/google/browser.ts';
import type { Visit } from './web-visit.ts';

const againMs = 200;

/** What is made for the pictures, the first of it published. */
export const ideas = {
  en: [
    {
      title: 'A paper boat in the rain',
      prompt: 'A paper boat sails down a rainy street at night, neon in the puddles, slow push in',
      tags: 'rain, night, paper boat',
    },
    {
      title: 'The desk wakes up',
      prompt: 'A tidy desk at dawn, small AI tools wake up one by one, warm light, close up',
      tags: 'ai, desk, tools',
    },
    {
      title: 'A heron at the weir',
      prompt: 'A heron waits at the weir in the morning fog, then takes off, wide shot',
      tags: 'nature, heron',
    },
  ],
  zh: [
    {
      title: '雨巷纸船',
      prompt: '夜晚的雨巷里，一只纸船顺着水流漂过霓虹倒影，镜头缓缓推进',
      tags: '雨夜, 纸船',
    },
    {
      title: '云海日出',
      prompt: '云海日出，柔和的光落在山峰上，缓慢航拍',
      tags: '云海, 日出',
    },
    {
      title: '清晨的书桌',
      prompt: '清晨整洁的书桌，小小的 AI 工具一个接一个醒来，暖光，特写',
      tags: '书桌, 清晨',
    },
  ],
} as const;

const keywords = { en: 'AI tools', zh: '云海' } as const;

/** A person with something in every part of their pages. */
export type Filled = {
  readonly context: Context;
  readonly videos: readonly string[];
};

/** Performs as a person who approves what is asked. */
async function act(
  operation: AnyOperation,
  input: object,
  context: Context,
): Promise<Record<string, unknown>> {
  let outcome = await perform(operation, input, context);
  if (!outcome.ok && isFault(outcome.fault, 'approval_required')) {
    const { id } = outcome.fault.params;
    const by = context.actor.accountId;
    await decideApproval(context, { id, approved: true, by, surface: 'terminal' });
    outcome = await perform(operation, input, context, { approvalId: id });
  }
  if (!outcome.ok) throw outcome.fault;
  return outcome.value;
}

/** Its page follows a video by itself until the film is there. */
async function watch(visit: Visit, video: string): Promise<void> {
  await visit.go(`/videos/${video}`);
  await visit.page.locator('main video').waitFor({ timeout: 300_000 });
}

const foundSchema = z.looseObject({ trends: z.array(z.looseObject({ id: z.string() })) });

async function collectTrends(context: Context, locale: Locale): Promise<void> {
  const keyword = keywords[locale];
  const { trends } = foundSchema.parse(await act(trendSearch, { keyword }, context));
  for (const { id } of trends.slice(0, 3)) await act(trendSave, { trend: id }, context);
  await act(watchCreate, { keyword }, context);
}

/** Has the numbers of publications read before their hour, and waits for them. */
async function countNow(context: Context): Promise<void> {
  const { db } = context.database;
  await db.transaction((tx) =>
    context.queue.enqueue(tx, publicationCount, {}, { key: context.ids.next('count') }),
  );
  const isCounted = async () => (await db.select().from(publicationCounts).limit(1)).length > 0;
  while (!(await isCounted())) await setTimeout(againMs);
}

/** Gives the account trends, videos, a channel and a publication with its numbers. */
export async function fillAccount(visit: Visit, context: Context, locale: Locale): Promise<Filled> {
  await collectTrends(context, locale);
  const { url } = await act(channelConnect, { access: 'manage' }, context);
  await connectThroughGoogle(String(url));
  const videos: string[] = [];
  for (const { prompt } of ideas[locale]) {
    const wish = { prompt, model: 'minimax', seconds: 15, shape: '16:9' };
    const { quote } = await act(videoQuote, wish, context);
    const { video } = await act(videoGenerate, { quote }, context);
    videos.push(String(video));
  }
  for (const video of videos) await watch(visit, video);
  const [{ title, prompt, tags }] = ideas[locale];
  const [video = ''] = videos;
  const wish = { video, title, description: prompt, tags, privacy: 'public' };
  await act(publicationCreate, wish, context);
  await visit.go(`/videos/${video}`);
  const live = visit.page.getByText(publicationWords[locale].short.live, { exact: true });
  while (!(await live.isVisible())) await visit.page.reload();
  await countNow(context);
  return { context, videos };
}
