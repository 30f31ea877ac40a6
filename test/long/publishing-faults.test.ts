import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Services } from '../../core/context.ts';
import type { VideoHost } from '../../core/ports/video-host.ts';
import { playPublishing } from '../faults/publishing/run.ts';
import { openThrowawayPublishing } from '../faults/publishing/throwaway.ts';
import type { PublishingWorld } from '../faults/publishing/world.ts';

const seed = 1;
/** Short, and with most kinds of trouble; `npm run faults -- --subject publishing` plays many more. */
const soundRuns = [0, 1, 2, 3, 4, 5];
/** A busy machine may take much longer than the few seconds that this needs. */
const timeout = 240_000;

let world: PublishingWorld;
beforeAll(async () => {
  world = await openThrowawayPublishing();
}, timeout);
afterAll(() => world.close(), timeout);

test('whoever dies when, what is on the channel is what was approved', { timeout }, async () => {
  const broken: string[] = [];
  const met = new Set<string>();
  for (const run of soundRuns) {
    const result = await playPublishing(world, { seed, run });
    if (result.broken.length > 0) broken.push(...result.broken, ...result.story);
    for (const kind of result.counts.keys()) met.add(kind);
  }
  expect(broken.join('\n')).toBe('');
  // Runs in which nothing happens would keep every promise too.
  for (const kind of ['kill', 'kill while connecting', 'publication live', 'cancel'])
    expect(met).toContain(kind);
});

describe('a product is found out that', () => {
  const withHost =
    (change: (host: VideoHost) => Partial<VideoHost>) =>
    (services: Services): Services => {
      const { videoHost } = services.ports;
      if (!videoHost) throw new Error('this world has no YouTube');
      const ports = { ...services.ports, videoHost: { ...videoHost, ...change(videoHost) } };
      return { ...services, ports };
    };

  test.each<[string, (host: VideoHost) => Partial<VideoHost>, string]>([
    [
      'shows everything to everybody',
      (host) => ({
        updateVideo: (token, id) =>
          host.updateVideo(token, id, { visibility: { privacy: 'public', publishAt: null } }),
      }),
      'without being approved so',
    ],
    ['does not tell the host', () => ({ updateVideo: async () => undefined }), 'and was to be'],
    [
      'sends a file to two sessions',
      (host) => ({
        async sendChunk(token, session, chunk, firstByte, totalBytes) {
          const state = await host.sendChunk(token, session, chunk, firstByte, totalBytes);
          if (state.kind !== 'done') return state;
          const [own] = await host.fetchUploads(token);
          if (!own) return state;
          const { title, description } = own;
          const metadata = { title, description, tags: [], categoryId: '28' };
          const again = await host.startUpload(
            token,
            { ...metadata, madeForKids: false, notifySubscribers: false },
            chunk.length,
          );
          await host.sendChunk(token, again, chunk, 0, chunk.length);
          return state;
        },
      }),
      'on the channel 2 times',
    ],
  ])('%s', { timeout }, async (_, change, breach) => {
    const broken: string[] = [];
    for (const run of soundRuns) {
      const result = await playPublishing(world, { seed, run }, withHost(change));
      broken.push(...result.broken);
      if (broken.some((line) => line.includes(breach))) break;
    }
    expect(broken.join('\n')).toContain(breach);
  });
});
