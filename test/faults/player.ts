import { z } from 'zod';

import { openBillingWorld, playBilling } from './billing/run.ts';
import { playPublishing } from './publishing/run.ts';
import { openPublishingWorld } from './publishing/world.ts';
import { playRun, type RunResult } from './run.ts';
import { openFaultWorld } from './world.ts';

/** What is played: making videos, publishing them, or paying. */
export const subjects = ['studio', 'publishing', 'billing'] as const;

/** What a player process is told once, as its last argument. */
export const playerSchema = z.object({
  databaseUrl: z.string(),
  dataDir: z.string(),
  subject: z.enum(subjects),
});

/** One run to be played. */
const playSchema = z.object({ seed: z.int(), run: z.int() });

/** How it went. */
export const playedSchema = z.object({
  run: z.int(),
  broken: z.array(z.string()),
  story: z.array(z.string()),
  counts: z.record(z.string(), z.number()),
});
export type Played = z.infer<typeof playedSchema>;

/** Plays every run that the parent process asks for, one after the other, until it lets go. */
export async function playForParent(told: z.infer<typeof playerSchema>): Promise<void> {
  const playOne = await opened(told);
  let last: Promise<void> = Promise.resolve();
  const play = async (asked: unknown, before: Promise<void>) => {
    await before;
    const { run, broken, story, counts } = await playOne(playSchema.parse(asked));
    process.send?.({ run, broken, story, counts: Object.fromEntries(counts) });
  };
  process.on('message', (asked) => {
    last = play(asked, last);
  });
  // What dead workers have left open must not keep this process alive.
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}

async function opened({
  subject,
  ...place
}: z.infer<typeof playerSchema>): Promise<
  (which: z.infer<typeof playSchema>) => Promise<RunResult>
> {
  if (subject === 'studio') {
    const world = await openFaultWorld(place);
    return (which) => playRun(world, which);
  }
  if (subject === 'billing') {
    const app = await openBillingWorld(place);
    return (which) => playBilling(app, which);
  }
  const world = await openPublishingWorld(place);
  return (which) => playPublishing(world, which);
}
