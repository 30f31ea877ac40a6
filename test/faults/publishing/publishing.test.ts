import { afterAll, beforeAll, expect, test } from 'vitest';

import { playPublishing } from './run.ts';
import { openThrowawayPublishing } from './throwaway.ts';
import type { PublishingWorld } from './world.ts';

const seed = 1;
/** Short, and with most kinds of trouble; `npm run faults -- --subject publishing` plays many more. */
const soundRuns = [0, 3];
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
  for (const kind of ['kill', 'publication live']) expect(met).toContain(kind);
});
