import { createHash } from 'node:crypto';

import type { SandboxClock } from '../clock.ts';

const discordEpochMs = 1_420_070_400_000;
const dayMs = 86_400_000;
const elderDays = 1000;

/** Snowflakes that follow the clock, never repeat, and are the same on every run of a manual clock. */
export type Ids = {
  /** For messages, interactions, commands: now. */
  next(): string;
  /** For guilds, one millisecond apart so that shards differ. */
  guild(): string;
  /** For people and roles: years older than everything that happens, as most accounts are. */
  elder(): string;
  /** An opaque text that belongs to this id. */
  secret(purpose: string, id: string): string;
};

export function createIds(clock: SandboxClock, seed: number): Ids {
  const startMs = clock.now().getTime();
  let last = 0n;
  let guilds = 0;
  let elders = 0;
  const at = (ms: number) => BigInt(ms - discordEpochMs) << 22n;
  return {
    next() {
      const now = at(clock.now().getTime());
      last = now > last ? now : last + 1n;
      return last.toString();
    },
    guild: () => at(startMs - dayMs + guilds++).toString(),
    elder: () => at(startMs - elderDays * dayMs + elders++).toString(),
    secret: (purpose, id) =>
      createHash('sha256').update(`${seed}:${purpose}:${id}`).digest('base64url'),
  };
}
