import { z } from 'zod';

import { createRandom } from '../sandbox/apify/random.ts';

/** What can happen to an upload, and how often it does in one run. */
const wishes = {
  /** The session is forgotten. */
  gone: 1,
  reset_before: 2,
  reset_middle: 2,
  reset_after: 2,
  http_500: 2,
  http_503: 1,
  http_429: 1,
  /** Half a chunk is stored, and said so. */
  partial: 2,
  /** Every access token runs out. */
  expire: 2,
  /** The uploading process is killed in the middle of a chunk. */
  kill: 4,
  /** The video is there, and nobody is told. */
  lost_answer: 1,
} as const;

const kinds = [
  'gone',
  'reset_before',
  'reset_middle',
  'reset_after',
  'http_500',
  'http_503',
  'http_429',
  'partial',
  'expire',
  'kill',
  'lost_answer',
] as const;

export const plannedFault = z.object({
  how: z.enum(kinds),
  /** It strikes the first chunk that starts here or later. */
  firstByte: z.number(),
  /** How much of that chunk has come when a process is killed, 0 to 1. */
  share: z.number(),
});
export type PlannedFault = z.infer<typeof plannedFault>;

/** The faults of one run in their order: the same for the same seed. */
export function planFaults(seed: string, totalBytes: number, chunkBytes: number): PlannedFault[] {
  const random = createRandom(seed);
  const between = kinds
    .filter((how) => how !== 'gone' && how !== 'lost_answer')
    .flatMap((how) => Array.from({ length: wishes[how] }, () => ({ how, turn: random.next() })))
    .toSorted((one, other) => one.turn - other.turn);
  // The first chunk belongs to the lost session, the last one to the lost answer.
  const room = totalBytes - 3 * chunkBytes;
  const places = between
    .map(() => chunkBytes + Math.floor(random.next() * room))
    .toSorted((one, other) => one - other);
  return [
    { how: 'gone', firstByte: 0, share: 0 },
    ...between.map(({ how }, index) => ({
      how,
      firstByte: places[index] ?? 0,
      share: random.next(),
    })),
    { how: 'lost_answer', firstByte: totalBytes - chunkBytes, share: 0 },
  ];
}
