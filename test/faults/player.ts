import { z } from 'zod';

import { playRun } from './run.ts';
import { openFaultWorld } from './world.ts';

/** What a player process is told once, as its last argument. */
export const playerSchema = z.object({ databaseUrl: z.string(), dataDir: z.string() });

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
  const world = await openFaultWorld(told);
  let last: Promise<void> = Promise.resolve();
  const play = async (asked: unknown, before: Promise<void>) => {
    await before;
    const { run, broken, story, counts } = await playRun(world, playSchema.parse(asked));
    process.send?.({ run, broken, story, counts: Object.fromEntries(counts) });
  };
  process.on('message', (asked) => {
    last = play(asked, last);
  });
  // What dead workers have left open must not keep this process alive.
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}
