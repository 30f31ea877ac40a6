import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { z } from 'zod';

import { channelConnect } from '../core/channel/connect.ts';
import { ConfigError } from '../core/config.ts';
import { decideApproval } from '../core/consent/decide.ts';
import type { Context } from '../core/context.ts';
import { eventChannel } from '../core/events.ts';
import { isFault } from '../core/fault.ts';
import { perform, type Operation } from '../core/operation.ts';
import { promptWrite } from '../core/prompt/write.ts';
import { publicationCreate } from '../core/publication/create.ts';
import { publicationShow } from '../core/publication/show.ts';
import { publicationSuggest } from '../core/publication/suggest.ts';
import { quotaHistory } from '../core/quota/history.ts';
import { quotaShow } from '../core/quota/show.ts';
import { importTrends } from '../core/trend/import.ts';
import { trendSearch } from '../core/trend/search.ts';
import { viewTrend } from '../core/trend/view.ts';
import { videoGenerate } from '../core/video/generate.ts';
import { videoQuote } from '../core/video/quote.ts';
import { videoShow } from '../core/video/show.ts';
import { readVideo } from '../core/video/show.ts';
import { connectThroughGoogle } from '../sandbox/google/browser.ts';
import type { DemoOptions } from './demo-options.ts';
import type { Progress } from './demo-progress.ts';

export type DemoResult = Awaited<ReturnType<typeof walkTrip>>;

/** Performs as the person who runs the demo, who approves what is asked. */
async function ask<In extends z.ZodObject, Out extends z.ZodObject>(
  operation: Operation<In, Out>,
  input: z.input<In>,
  context: Context,
): Promise<z.output<Out>> {
  let outcome = await perform(operation, input, context);
  if (!outcome.ok && isFault(outcome.fault, 'approval_required')) {
    const { id } = outcome.fault.params;
    const by = context.actor.accountId;
    await decideApproval(context, { id, approved: true, by, surface: 'terminal' });
    outcome = await perform(operation, input, context, { approvalId: id });
  }
  if (!outcome.ok) throw outcome.fault;
  return operation.output.parse(outcome.value);
}

/** Reads again whenever the database says that something happened, until `done`. */
async function follow<T>(
  context: Context,
  read: () => Promise<T>,
  done: (value: T) => boolean,
): Promise<T> {
  let wake: () => void = () => undefined;
  const listener = await context.database.sql.listen(eventChannel, () => wake());
  try {
    for (;;) {
      context.signal.throwIfAborted();
      const woken = new Promise<void>((resume) => {
        wake = resume;
        context.signal.addEventListener('abort', () => resume(), { once: true });
      });
      const value = await read();
      if (done(value)) return value;
      await woken;
    }
  } finally {
    await listener.unlisten();
  }
}

const ideaOf = (keyword: string): string =>
  /\p{Script=Han}/u.test(keyword) ? `关于${keyword}的短视频` : `A short video about ${keyword}`;

/** One whole trip: find, explain, write, quote, approve, make, publish, settle. */
export async function walkTrip(context: Context, options: DemoOptions, progress: Progress) {
  const began = performance.now();
  const before = (await ask(quotaShow, {}, context)).available;
  progress.stage('trends');
  const { trends, skipped } = await findTrends(context, options);
  progress.stage('prompt');
  const [best] = trends;
  const wish = { seconds: options.seconds };
  // Without a single usable trend, the keyword itself is the idea.
  const source = best ? { trend: best.id } : { idea: ideaOf(options.keyword) };
  const { prompt } = await ask(promptWrite, { ...wish, ...source }, context);
  progress.stage('quote');
  const quote = await ask(videoQuote, { ...wish, prompt, model: options.model }, context);
  const video = await makeVideo(context, quote.quote, options, progress);
  progress.stage('channel');
  await connectChannel(context);
  const publication = await publish(context, video.id, progress);
  const { entries } = await ask(quotaHistory, { limit: 100 }, context);
  const after = (await ask(quotaShow, {}, context)).available;
  progress.finish();
  return {
    trends,
    skipped,
    prompt,
    quote,
    video,
    publication,
    quota: { before, after, entries },
    elapsed_ms: Math.round(performance.now() - began),
  };
}

async function findTrends(context: Context, options: DemoOptions) {
  if (options.trends.length === 0)
    return ask(
      trendSearch,
      { keyword: options.keyword, platforms: 'tiktok,youtube,instagram' },
      context,
    );
  const documents = await Promise.all(options.trends.map(readDocument));
  const { ranked, skipped } = await importTrends(context, { keyword: options.keyword, documents });
  return { trends: ranked.map(viewTrend), skipped };
}

function readDocument(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new ConfigError(`--trends: ${file} cannot be read (${String(error)})`, { cause: error });
  });
}

async function makeVideo(
  context: Context,
  quote: string,
  options: DemoOptions,
  progress: Progress,
) {
  progress.stage('video');
  const { video: id } = await ask(videoGenerate, { quote }, context);
  const made = await follow(
    context,
    () => ask(videoShow, { video: id }, context),
    ({ status, percent }) => {
      progress.at(percent / 100);
      return status === 'ready' || status === 'failed';
    },
  );
  const { fileKey } = await readVideo(context, id);
  if (made.status !== 'ready' || fileKey === null) throw new Error(`the video failed: ${made.why}`);
  await mkdir(options.out, { recursive: true });
  const file = resolve(join(options.out, `${id}.mp4`));
  await using stored = await context.ports.storage.local(fileKey);
  await copyFile(stored.path, file);
  const { status, width, height, bytes, shots } = made;
  return { id, status, file, seconds: made.duration_seconds ?? 0, width, height, bytes, shots };
}

/** The person opens the link, chooses a channel on Google's page, allows access, and is sent back to us. */
async function connectChannel(context: Context): Promise<void> {
  const { url } = await ask(channelConnect, {}, context);
  const answer = await connectThroughGoogle(url);
  if (!answer.ok) throw new Error(`the channel was not connected: ${answer.status}`);
}

async function publish(context: Context, video: string, progress: Progress) {
  const { titles, description, tags } = await ask(publicationSuggest, { video }, context);
  progress.stage('publish');
  const wish = { video, title: titles[0] ?? '', description, tags };
  const { publication: id } = await ask(publicationCreate, wish, context);
  const shown = await follow(
    context,
    () => ask(publicationShow, { publication: id }, context),
    ({ status, percent }) => {
      progress.at((0.8 * percent) / 100);
      return !['uploading', 'processing'].includes(status);
    },
  );
  if (shown.status !== 'live' && shown.status !== 'scheduled')
    throw new Error(`the publication is ${shown.status}: ${shown.why}`);
  const { status, url, title, privacy } = shown;
  return { id, status, url, title, description: shown.description, tags: shown.tags, privacy };
}
