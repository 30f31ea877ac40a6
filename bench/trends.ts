import { z } from 'zod';

import type { Sighting } from '../core/ports/trend-source.ts';
import { readItems } from '../core/providers/apify-items.ts';
import { rankSightings } from '../core/trend/rank.ts';
import { sortReadings } from '../core/trend/sightings.ts';
import { generateItems } from '../sandbox/apify/generate.ts';
import { median } from './bench-clips.ts';

const batchItems = 10_000;
const allItems = 1_000_000;
/** Times JSON.parse of the same items. */
const parseLimit = 5;
/** The time per item of all at once, times that of one batch. */
const growthLimit = 1.5;

const seenAt = new Date('2026-11-22T12:00:00Z');
const itemsSchema = z.array(z.unknown());

type Round = { readonly parse: number; readonly read: number; readonly rank: number };

/**
 * Reading, scoring and ranking found items, against JSON.parse of the same items, and the time per item
 * of 1,000,000 against that of 10,000; true when both are within their limits.
 */
export async function bench(say: (line: string) => void): Promise<boolean> {
  // Once each beforehand, for the compiler.
  for (let batch = -3; batch < 0; batch += 1) measure(batch);
  const rounds: Round[] = [];
  const all: Sighting[] = [];
  for (let batch = 0; batch < allItems / batchItems; batch += 1) {
    const { sightings, ...round } = measure(batch);
    rounds.push(round);
    // Without their texts a million videos fit into the memory; ranking reads none of them.
    for (const sighting of sightings)
      all.push({ ...sighting, title: '', description: '', hashtags: [] });
  }
  const ranking = timeOf(() => rank(all));
  return report({ rounds, ranking: ranking.ms, ranked: all.length }, say);
}

function report(
  { rounds, ranking, ranked }: { rounds: readonly Round[]; ranking: number; ranked: number },
  say: (line: string) => void,
): boolean {
  const medianOf = (pick: (round: Round) => number) => median(rounds.map(pick));
  const [parse, read, rankBatch] = [
    medianOf((round) => round.parse),
    medianOf((round) => round.read),
    medianOf((round) => round.rank),
  ];
  const ratio = medianOf((round) => (round.read + round.rank) / round.parse);
  say(
    `${batchItems} items of three platforms, medians of ${rounds.length} batches, computing time, in turns:`,
  );
  say(`JSON.parse:        ${parse.toFixed(1)} ms`);
  say(`read:              ${read.toFixed(1)} ms`);
  say(`score and rank:    ${rankBatch.toFixed(1)} ms`);
  say(`times JSON.parse:  ${ratio.toFixed(2)} (limit ${parseLimit})`);
  const perItem = medianOf((round) => round.read + round.rank) / batchItems;
  const reading = rounds.reduce((sum, round) => sum + round.read, 0);
  const perItemOfAll = (reading + ranking) / (rounds.length * batchItems);
  const growth = perItemOfAll / perItem;
  say(
    `${rounds.length * batchItems} items: read in ${(reading / 1000).toFixed(1)} s, ${ranked} videos scored and ranked at once in ${(ranking / 1000).toFixed(1)} s`,
  );
  say(
    `per item: ${(perItemOfAll * 1000).toFixed(1)} us against ${(perItem * 1000).toFixed(1)} us in a batch: ${growth.toFixed(2)} times (limit ${growthLimit})`,
  );
  return ratio <= parseLimit && growth <= growthLimit;
}

function measure(batch: number): Round & { readonly sightings: readonly Sighting[] } {
  const json = JSON.stringify(makeItems(batch));
  const parsed = timeOf((): unknown => JSON.parse(json));
  const items = itemsSchema.parse(parsed.result);
  const read = timeOf(() => sortReadings(readItems(items, seenAt)).sightings);
  const ranked = timeOf(() => rank(read.result));
  return { parse: parsed.ms, read: read.ms, rank: ranked.ms, sightings: read.result };
}

function rank(sightings: readonly Sighting[]): number {
  const known = sightings.map((sighting) => {
    return { id: sighting.externalId, sighting, previous: null, analysis: null };
  });
  return rankSightings(known, seenAt).length;
}

/** A third of the items from each platform, in the field names of its actor. */
function makeItems(batch: number): unknown[] {
  const options = { seed: 1, now: seenAt, imagesUrl: 'https://images.example/thumbnails' };
  const keyword = batch % 2 === 0 ? `tea ${batch}` : `茶${batch}`;
  const third = Math.floor(batchItems / 3);
  return [
    ...generateItems({ platform: 'tiktok', keyword, shorts: third, longs: 0 }, options),
    ...generateItems({ platform: 'instagram', keyword, shorts: third, longs: 0 }, options),
    ...generateItems(
      {
        platform: 'youtube',
        keyword,
        shorts: Math.floor(third / 2),
        longs: batchItems - 2 * third - Math.floor(third / 2),
      },
      options,
    ),
  ];
}

/** In this thread's own computing time, which other processes on the machine do not stretch. */
function timeOf<T>(work: () => T): { readonly result: T; readonly ms: number } {
  const started = process.threadCpuUsage();
  const result = work();
  const { user, system } = process.threadCpuUsage(started);
  return { result, ms: (user + system) / 1000 };
}
