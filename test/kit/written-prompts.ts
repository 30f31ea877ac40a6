import { expect } from 'vitest';

import type { Context } from '../../core/context.ts';
import type { Reading, Sighting } from '../../core/ports/trend-source.ts';
import { importTrends } from '../../core/trend/import.ts';
import { viewTrend, type TrendView } from '../../core/trend/view.ts';
import { sourceOf } from './trend-source.ts';

let made = 0;

/** A short video about a paper boat, each with an id of its own. */
export const sightingOf = (over: Partial<Sighting> = {}): Sighting => ({
  platform: 'youtube',
  externalId: `video-${(made += 1)}`,
  kind: 'short',
  title: 'A paper boat crosses a puddle',
  description: 'It sails.',
  url: 'https://www.youtube.com/shorts/x',
  channel: 'Boats',
  channelFollowers: null,
  views: 10_000,
  likes: 500,
  comments: 20,
  shares: null,
  durationSeconds: 20,
  publishedAt: null,
  thumbnailUrl: null,
  hashtags: [],
  ...over,
});

/** The account has found these videos; the order is that of their scores. */
export async function findVideos(
  context: Context,
  sightings: readonly Sighting[],
): Promise<TrendView[]> {
  const readings: Reading[] = sightings.map((sighting) => ({ sighting }));
  const trendSource = {
    ...sourceOf(
      () => context.clock.now(),
      () => ({ readings }),
    ),
    read: () => readings,
  };
  const finding = { ...context, ports: { ...context.ports, trendSource } };
  const { ranked } = await importTrends(finding, { keyword: 'x', documents: ['[]'] });
  return ranked.map((trend) => viewTrend(trend));
}

/** What a model is asked for, as far as it matters here. */
type Asked = { readonly instructions: string; readonly prompt: string };

/** A model whose prompts are these, whatever it is asked; it explains nothing. */
export function modelWriting(
  context: Context,
  write: (asked: Asked, turn: number) => string,
): Context {
  let turn = 0;
  const languageModel: Context['ports']['languageModel'] = {
    generate: async ({ schema, instructions, prompt }) => {
      const isWriter = schema.safeParse({ prompt: '' }).success;
      return schema.parse(
        isWriter ? { prompt: write({ instructions, prompt }, (turn += 1)) } : { videos: [] },
      );
    },
  };
  return { ...context, ports: { ...context.ports, languageModel } };
}

/** What nothing that goes on to a person, a model or a provider may hold. */
export function expectHarmless(value: unknown): void {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  expect(text).not.toMatch(/evil\.(?:example|com)|:\/\/(?!www\.youtube\.com\/shorts\/x)/iu);
  expect(text).not.toMatch(/[@＠]\p{L}/u);
  expect(text).not.toMatch(/<\/?[a-z@#!][^>]*>|\]\(|!\[/iu);
  expect(text).not.toMatch(/[\p{Cf}\p{Co}\p{Cs}\u{fe00}-\u{fe0f}\u{e0000}-\u{e01ef}]/u);
}
