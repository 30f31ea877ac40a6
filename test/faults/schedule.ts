import { createRandom, type Random } from '../../sandbox/apify/random.ts';
import { webPoints, type WebError } from './web-errors.ts';

/** How likely each kind of trouble is in one run: most runs have some kinds and not the others. */
export type Trouble = {
  readonly submit: number;
  readonly outcome: number;
  readonly lateness: number;
  readonly callback: number;
  readonly download: number;
  readonly look: number;
  readonly stubborn: number;
};

export type Order = {
  readonly person: number;
  readonly atSeconds: number;
  readonly model: string;
  readonly seconds: 15 | 30 | 60;
  /** Takes of one order, where the product offers that. */
  readonly variants: number;
  readonly voice: 'off' | 'female' | 'male';
  readonly captions: boolean;
};

/** What a person does later; `order` counts from 0. */
export type Act = {
  readonly atSeconds: number;
  readonly what: 'cancel' | 'retry' | 'delete' | 'show';
  readonly order: number;
};

/** What happens to the worker, or at one point of its work. */
export type Incident = {
  /** The point's name, or any point. */
  readonly point: string;
  /** At the so-manieth time that it is passed, from 1. */
  readonly nth: number;
  readonly what: 'kill' | 'pause' | 'error' | 'cancel';
  /** How long a pause lasts, or until the next worker comes. */
  readonly seconds: number;
  readonly order: number;
};

export type Schedule = {
  readonly seed: number;
  readonly run: number;
  readonly people: number;
  /** Time goes on in steps of at least this. */
  readonly stepSeconds: number;
  readonly trouble: Trouble;
  readonly orders: readonly Order[];
  readonly acts: readonly Act[];
  readonly incidents: readonly Incident[];
  readonly webErrors: readonly WebError[];
  /** Workers that end between jobs, and whatever waits with them. */
  readonly restarts: readonly number[];
};

/** Places of the work at which something can happen; `any` counts them all. */
export const points = [
  'any',
  'begin',
  'commit',
  'submit before',
  'submit after',
  'fetchOutcome after',
  'cancel before',
  'cancel after',
  'download after',
  'write middle',
  'write after',
  'remove before',
  'remove after',
  'join before',
  'join after',
  'probe after',
] as const;

/** One schedule for each pair of seed and run number, whatever ran before. */
export function drawSchedule(seed: number, run: number): Schedule {
  const random = createRandom(`schedule ${seed} ${run}`);
  const people = random.whole(1, 3);
  const level = () => (random.next() < 0.5 ? 0 : random.next() * 0.7);
  const trouble = {
    submit: level(),
    outcome: level() * 0.6,
    lateness: random.next() < 0.3 ? random.next() * 0.5 : 0,
    callback: level(),
    download: level(),
    look: level(),
    stubborn: level(),
  };
  const drawn = Array.from({ length: random.pick(1, 1, 1, 1, 1, 1, 1, 2, 2, 3) }, () =>
    drawOrder(random, people),
  );
  const orders = drawn.map((order, index) =>
    withWishes(createRandom(`wishes ${seed} ${run} ${index}`), order),
  );
  const acts = orders.flatMap((_, order) => drawActs(random, order, trouble.lateness > 0));
  const incidents = Array.from({ length: pickCount(random) }, () =>
    drawIncident(random, orders.length),
  );
  const step = random.pick(1, 5, 15);
  const restarts = random.next() < 0.25 ? [random.whole(1, 1500)] : [];
  return {
    seed,
    run,
    people,
    // Each clip of Runway is looked at every ten seconds.
    stepSeconds: orders.some(({ model }) => model === 'runway') ? Math.max(step, 5) : step,
    trouble,
    orders,
    acts: acts.toSorted((a, b) => a.atSeconds - b.atSeconds),
    incidents,
    webErrors: drawWebErrors(createRandom(`web ${seed} ${run}`)),
    restarts,
  };
}

type PlainOrder = Omit<Order, 'voice' | 'captions'>;

const pickCount = (random: Random): number => random.pick(0, 0, 1, 1, 1, 2, 3);

function drawOrder(random: Random, people: number): PlainOrder {
  // Clips of another shape are drawn anew when they are joined, which takes long and loses nothing.
  const isReshaped = random.next() < 0.03;
  const model = random.pick('kling', 'kling', 'wan', 'veo', 'seedance', 'kling-pro');
  return {
    person: random.whole(0, people - 1),
    atSeconds: random.pick(0, 0, random.whole(1, 300)),
    model: isReshaped ? 'minimax' : model,
    // Shots of a long video meet the same troubles as those of a short one: each takes its time.
    seconds: random.pick(15, 15, 15, 15, 15, 15, 15, 15, 30, 30, 30, 60),
    variants: random.pick(1, 1, 1, 1, 2),
  };
}

/** Now and then Runway makes the clips, and lines are spoken or shown, which takes longer to put together. */
function withWishes(random: Random, order: PlainOrder): Order {
  const isRunway = random.next() < 0.12;
  const voice = random.next() < 0.08 ? random.pick('female' as const, 'male' as const) : 'off';
  const captions = random.next() < 0.04;
  const model = isRunway ? 'runway' : order.model;
  return { ...order, model, seconds: captions ? 15 : order.seconds, voice, captions };
}

const drawWebErrors = (random: Random): WebError[] =>
  Array.from({ length: random.pick(0, 0, 0, 1, 1, 2) }, () => ({
    point: random.pick(webPoints[0] ?? '', ...webPoints.slice(1)),
    nth: random.whole(1, 5),
  }));

function drawActs(random: Random, order: number, areLate: boolean): Act[] {
  const acts: Act[] = [];
  const add = (what: Act['what'], chance: number, latest: number) => {
    if (random.next() < chance) acts.push({ what, order, atSeconds: random.whole(0, latest) });
  };
  add('cancel', 0.2, 200);
  add('cancel', 0.1, 1200);
  add('show', 0.5, 300);
  add('delete', 0.15, areLate ? 6000 : 1500);
  // A retry is there for who has waited for 15 minutes in vain.
  if (areLate || random.next() < 0.3) {
    const atSeconds = random.whole(905, 3600);
    acts.push({ what: 'retry', order, atSeconds });
    add('retry', 0.3, 7200);
    if (random.next() < 0.15)
      acts.push({ what: 'cancel', order, atSeconds: atSeconds + random.whole(1, 200) });
  }
  return acts;
}

function drawIncident(random: Random, orders: number): Incident {
  const anywhere = random.next() < 0.4;
  const what = random.pick('kill', 'kill', 'kill', 'pause', 'error', 'error', 'cancel');
  const point = anywhere ? 'any' : random.pick('begin', ...points.slice(2));
  return {
    point,
    nth: anywhere ? random.whole(1, 150) : random.whole(1, 6),
    what,
    seconds:
      what === 'pause' ? random.pick(2, 20, 90, 600, 1000, 1500) : random.pick(0, 1, 12, 60, 1000),
    order: random.whole(0, orders - 1),
  };
}

/** The schedule in lines that a person can read. */
export function describeSchedule(schedule: Schedule): string[] {
  const { trouble } = schedule;
  const levels = Object.entries(trouble)
    .filter(([, level]) => level > 0)
    .map(([kind, level]) => `${kind} ${Math.round(level * 100)}%`);
  return [
    `seed ${schedule.seed}, run ${schedule.run}: ${schedule.people} people, steps of ${schedule.stepSeconds} s`,
    `trouble: ${levels.join(', ') || 'none'}`,
    ...schedule.orders.map(
      (order, index) =>
        `order ${index}: at ${order.atSeconds} s person ${order.person} asks ${order.model} for ${order.seconds} s in ${order.variants} takes${wishesOf(order)}`,
    ),
    ...schedule.acts.map(
      ({ what, order, atSeconds }) => `at ${atSeconds} s: ${what} order ${order}`,
    ),
    ...schedule.incidents.map(
      ({ point, nth, what, seconds, order }) =>
        `at point "${point}" number ${nth}: ${what}${what === 'cancel' ? ` order ${order}` : what === 'error' ? '' : `, ${seconds} s`}`,
    ),
    ...schedule.webErrors.map(({ point, nth }) => `at "${point}" number ${nth}: an error`),
    ...schedule.restarts.map((at) => `at ${at} s: the worker is killed, whatever it waits for`),
  ];
}

const wishesOf = ({ voice, captions }: Order): string =>
  `${voice === 'off' ? '' : `, spoken by a ${voice} voice`}${captions ? ', with captions' : ''}`;
