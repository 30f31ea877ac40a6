import { createRandom, type Random } from '../../sandbox/apify/random.ts';
import type { VideoProvider } from '../../core/ports/video-models.ts';
import type { PlannedCallback, RequestPlan } from '../../sandbox/fal/plan.ts';
import type { Spoil } from '../../sandbox/spoil.ts';
import type { Schedule } from './schedule.ts';

/** Which request it is, in words that are the same on every replay. */
export type RequestName = {
  /** Counted by the run, in the order of their making. */
  readonly video: number;
  readonly shot: string;
  readonly attempt: number;
  readonly provider: VideoProvider;
};

const minute = 60_000;

/** What becomes of one request, from the seed and its name alone. */
export function drawFate(schedule: Schedule, name: RequestName): RequestPlan {
  const { trouble } = schedule;
  const random = createRandom(
    `fate ${schedule.seed} ${schedule.run} ${name.video} ${name.shot} ${name.attempt}`,
  );
  const isHit = (level: number) => random.next() < level;
  const submit = isHit(trouble.submit) ? drawSubmit(random) : undefined;
  const isLate = isHit(trouble.lateness);
  const fate: RequestPlan = {
    submit,
    generationMs: isLate ? drawLateness(random) : random.whole(5, 150) * 1000,
    outcome: isHit(trouble.outcome)
      ? random.pick('refused', 'runner_error', 'runner_error', 'final_error')
      : undefined,
    callbacks: isHit(trouble.callback)
      ? drawCallbacks(random)
      : [{ how: 'well', delayMs: random.whole(0, 3) * 1000 }],
    downloads: isHit(trouble.download) ? drawDownloads(random) : [],
    looks: isHit(trouble.look) ? drawLooks(random) : [],
    ignoresCancel: isHit(trouble.stubborn),
  };
  return name.provider === 'runway' ? asAtRunway(fate) : fate;
}

/** Runway calls nobody back, and a task that it does not find is one that was stopped. */
function asAtRunway(fate: RequestPlan): RequestPlan {
  const { looks = [] } = fate;
  return { ...fate, callbacks: undefined, looks: looks.filter((look) => look?.how !== 'http_404') };
}

function drawSubmit(random: Random): Spoil {
  const how = random.pick<Spoil['how']>(
    'reset_before',
    'reset_after',
    'http_429',
    'http_429',
    'http_503',
    'http_503_after',
    'http_404',
    'error',
    'truncated',
    'late',
  );
  if (how === 'late') return { how, delayMs: random.pick(1, 20, 100) * 1000 };
  return { how, delayMs: random.pick(1, 10, 30, 120, 600) * 1000 };
}

/** Around the deadline, long after it, and next to never. */
const drawLateness = (random: Random): number =>
  random.pick(
    random.whole(10, 15) * minute,
    random.whole(15, 17) * minute,
    random.whole(16, 40) * minute,
    random.whole(40, 110) * minute,
    100 * 60 * minute,
  );

function drawCallbacks(random: Random): PlannedCallback[] {
  const well = (delayMs: number): PlannedCallback => ({ how: 'well', delayMs });
  const soon = () => random.whole(0, 90) * 1000;
  const own = random.pick(
    [],
    [],
    [well(soon()), well(soon())],
    [well(random.whole(1, 14) * minute)],
    [well(random.whole(15, 110) * minute)],
    [well(0), well(0), well(random.whole(1, 60) * minute)],
  );
  const beside = Array.from({ length: random.pick(0, 0, 1, 2) }, () => ({
    how: random.pick<PlannedCallback['how']>('forged', 'stale', 'altered', 'elsewhere'),
    delayMs: soon(),
  }));
  return [...own, ...beside];
}

function drawDownloads(random: Random): Spoil[] {
  const one = (): Spoil => {
    const how = random.pick<Spoil['how']>(
      'late',
      'truncated',
      'truncated',
      'redirect',
      'redirect_out',
      'http_404',
      'http_503',
      'http_429',
      'reset_before',
      'no_video',
      'huge',
      'error',
    );
    return { how, delayMs: random.pick(3, 20, 90) * 1000 };
  };
  return Array.from({ length: random.pick(1, 1, 2, 3, 9) }, one);
}

function drawLooks(random: Random): Spoil[] {
  const one = (): Spoil => ({
    how: random.pick<Spoil['how']>(
      'http_503',
      'http_429',
      'reset_before',
      'reset_after',
      'error',
      'truncated',
      'late',
      'http_404',
    ),
    delayMs: random.pick(1, 10, 60) * 1000,
  });
  return Array.from({ length: random.pick(1, 2, 4) }, one);
}

/** One line about a fate. */
export function describeFate(plan: RequestPlan): string {
  const faults = (list: readonly (Spoil | null)[] = []) =>
    list.map((fault) => fault?.how ?? 'well').join(', ');
  const callbacks = plan.callbacks?.map(({ how, delayMs }) => `${how} after ${delayMs / 1000} s`);
  return [
    plan.submit ? `submit ${plan.submit.how}` : 'taken',
    `${plan.outcome ?? 'a clip'} after ${(plan.generationMs ?? 0) / 1000} s`,
    ...(callbacks ? [`callbacks: ${callbacks.join(', ') || 'lost'}`] : []),
    ...(plan.downloads?.length ? [`downloads: ${faults(plan.downloads)}`] : []),
    ...(plan.looks?.length ? [`looks: ${faults(plan.looks)}`] : []),
    ...(plan.ignoresCancel ? ['goes on when it is cancelled'] : []),
  ].join('; ');
}

/** What a fate holds, for counting what was drawn. */
export function kindsOf(plan: RequestPlan): string[] {
  const { submit, outcome, callbacks, downloads = [], looks = [] } = plan;
  return [
    ...(submit ? [`submit ${submit.how}`] : []),
    ...(outcome ? [`outcome ${outcome}`] : []),
    ...((plan.generationMs ?? 0) > 15 * minute ? ['clip after the deadline'] : []),
    ...(callbacks ? kindsOfCallbacks(callbacks) : []),
    ...downloads.map((fault) => `download ${fault?.how ?? 'well'}`),
    ...looks.map((fault) => `look ${fault?.how ?? 'well'}`),
    ...(plan.ignoresCancel ? ['cancel ignored upstream'] : []),
  ];
}

function kindsOfCallbacks(callbacks: readonly PlannedCallback[]): string[] {
  const own = callbacks.filter(({ how }) => how === 'well');
  const beside = callbacks.filter(({ how }) => how !== 'well').map(({ how }) => `callback ${how}`);
  const late = own.some(({ delayMs }) => delayMs >= minute);
  return [
    ...(own.length === 0 ? ['callback lost'] : []),
    ...(own.length > 1 ? ['callback duplicate'] : []),
    ...(late ? ['callback late'] : []),
    ...beside,
  ];
}
