import { createHash, randomBytes } from 'node:crypto';

import { createIds, type Ids } from '../../core/ids.ts';

/** Ids that are the same on every run: counted by kind, and begun anew with every journey. */
export type StoryIds = Ids & { begin(story: string): void };

export function createStoryIds(): StoryIds {
  let current = '';
  const counts = new Map<string, number>();
  return {
    begin: (story) => {
      current = story;
    },
    next(prefix) {
      const key = `${current}:${prefix}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      const digest = createHash('sha256').update(`${key}:${count}`).digest();
      return createIds((bytes) => digest.subarray(0, bytes)).next(prefix);
    },
    random: randomBytes,
  };
}
