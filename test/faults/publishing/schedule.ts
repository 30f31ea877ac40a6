import { createRandom, type Random } from '../../../sandbox/apify/random.ts';
import type { GoogleMisbehaviour } from '../../../sandbox/google/google.ts';
import type { Privacy } from '../../../core/ports/video-host.ts';

/** What one person asks for. */
export type Wish = {
  readonly privacy: Privacy;
  /** Seconds from the beginning; null: at once. */
  readonly publishAt: number | null;
  readonly thumbnail: 'automatic' | 'first_frame';
  readonly playlist: boolean;
  readonly captions: boolean;
};

/** What happens later; `wish` counts from 0. */
export type Act = {
  readonly atSeconds: number;
  readonly what: 'cancel' | 'unlist' | 'lose access' | 'connect again';
  readonly wish: number;
};

/** The worker, or the process that ends a connection, dies at the so-manieth point that is passed. */
export type Kill = { readonly nth: number; readonly awaySeconds: number };

export type Schedule = {
  readonly seed: number;
  readonly run: number;
  readonly wishes: readonly Wish[];
  readonly acts: readonly Act[];
  /** Deaths while the channel is connected, one for each try. */
  readonly connectKills: readonly number[];
  readonly kills: readonly Kill[];
  readonly troubles: readonly GoogleMisbehaviour[];
};

/** One schedule for each pair of seed and run number, whatever ran before. */
export function drawSchedule(seed: number, run: number): Schedule {
  const random = createRandom(`publishing ${seed} ${run}`);
  const wishes = Array.from({ length: random.pick(1, 1, 2) }, () => drawWish(random));
  const acts = wishes.flatMap((_, wish) => drawActs(random, wish));
  if (random.next() < 0.2) {
    const atSeconds = random.whole(0, 120);
    acts.push({ atSeconds, what: 'lose access', wish: 0 });
    acts.push({ atSeconds: atSeconds + random.whole(1, 3000), what: 'connect again', wish: 0 });
  }
  return {
    seed,
    run,
    wishes,
    acts: acts.toSorted((a, b) => a.atSeconds - b.atSeconds),
    connectKills: random.next() < 0.4 ? [random.whole(1, 12)] : [],
    kills: drawKills(random),
    troubles: Array.from({ length: random.pick(0, 0, 1, 2, 4) }, () => drawTrouble(random)),
  };
}

const drawWish = (random: Random): Wish => ({
  privacy: random.pick('private', 'unlisted', 'public', 'public'),
  publishAt: random.next() < 0.3 ? random.pick(5, 65, 600, 3600) : null,
  thumbnail: random.pick('automatic', 'first_frame'),
  playlist: random.next() < 0.3,
  captions: random.next() < 0.3,
});

function drawActs(random: Random, wish: number): Act[] {
  const acts: Act[] = [];
  if (random.next() < 0.35)
    acts.push({ what: 'cancel', wish, atSeconds: random.pick(0, random.whole(0, 60), 500) });
  if (random.next() < 0.15) acts.push({ what: 'unlist', wish, atSeconds: random.whole(10, 4000) });
  return acts;
}

/** At points in order: each death is counted from the one before. */
function drawKills(random: Random): Kill[] {
  const length = random.pick(2, 3, 3, 4, 5);
  return Array.from({ length }, () => ({
    nth: random.next() < 0.5 ? random.whole(1, 12) : random.whole(1, 60),
    awaySeconds: random.pick(0, 1, 12, 60, 700),
  }));
}

function drawTrouble(random: Random): GoogleMisbehaviour {
  const on = random.pick<GoogleMisbehaviour['on']>(
    'token',
    'start',
    'chunk',
    'chunk',
    'query',
    'videos',
    'update',
    'update',
    'thumbnail',
    'playlists',
    'playlist_items',
    'captions',
  );
  const common = ['reset_after', 'http_503', 'http_500', 'http_429'] as const;
  const special: Partial<Record<typeof on, readonly GoogleMisbehaviour['how'][]>> = {
    chunk: ['partial', 'http_401', 'gone'],
    query: ['gone'],
  };
  const how = random.pick<GoogleMisbehaviour['how']>(
    'reset_before',
    ...common,
    ...(special[on] ?? []),
  );
  return { on, how, times: random.whole(1, 2), after: random.whole(0, 2) };
}

/** The schedule in lines that a person can read. */
export const describeSchedule = (schedule: Schedule): string[] => [
  `seed ${schedule.seed}, run ${schedule.run}`,
  ...schedule.wishes.map((wish, index) => `wish ${index}: ${JSON.stringify(wish)}`),
  ...schedule.acts.map(({ atSeconds, what, wish }) => `at ${atSeconds} s: ${what}, wish ${wish}`),
  ...schedule.connectKills.map((nth) => `a connection dies at its point ${nth}`),
  ...schedule.kills.map(({ nth, awaySeconds }) => `dies after ${nth} points, for ${awaySeconds} s`),
  ...schedule.troubles.map(
    ({ on, how, times, after }) => `YouTube: ${how} on ${on}, ${times} times after ${after}`,
  ),
];
