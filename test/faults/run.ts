import { eq, inArray } from 'drizzle-orm';

import type { Services } from '../../core/context.ts';
import { jobs } from '../../core/jobs.ts';
import { shotAttempts, shots, videos } from '../../drizzle/schema/videos.ts';
import type { RequestPlan } from '../../sandbox/fal/plan.ts';
import { brokenInvariants } from '../kit/ledger-checks.ts';
import { createCrew, type Crew } from './crew.ts';
import { gatherFacts, type Facts } from './facts.ts';
import { describeFate, drawFate, kindsOf } from './fates.ts';
import { createPeople, type People } from './people.ts';
import { breachesOf } from './promises.ts';
import { describeSchedule, drawSchedule, type Schedule } from './schedule.ts';
import { failAsPlanned } from './web-errors.ts';
import type { FaultWorld } from './world.ts';

export type RunResult = {
  readonly run: number;
  /** Each broken promise with what broke it; empty: all is well. */
  readonly broken: readonly string[];
  /** The schedule, and what happened when. */
  readonly story: readonly string[];
  /** How often each kind of fault was drawn, and each end reached. */
  readonly counts: ReadonlyMap<string, number>;
};

/** Stands in for parts of the product, to prove that a broken one is noticed. */
export type Tampering = {
  readonly services?: (services: Services) => Services;
  readonly facts?: (facts: Facts) => Facts;
};

const daySeconds = 24 * 3600;
/** Nothing that a run began matters after this. */
const horizonSeconds = 12 * 3600;
const stepLimit = 1500;
const firstDay = new Date('2026-02-01T08:00:00.000Z').getTime();

/** Plays one schedule to its end and looks at what is left. The same seed and number give the same run. */
export async function playRun(
  world: FaultWorld,
  which: { readonly seed: number; readonly run: number },
  tampering: Tampering = {},
): Promise<RunResult> {
  const schedule = drawSchedule(which.seed, which.run);
  const begun = firstDay + schedule.run * daySeconds * 1000;
  const story = describeSchedule(schedule);
  const counts = new Map<string, number>();
  const count = (kind: string) => counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const note = (line: string) => {
    const seconds = (world.clock.now().getTime() - begun) / 1000;
    story.push(`${seconds.toFixed(0).padStart(7)} s  ${line}`);
  };
  const broken: string[] = [];
  let people: People | null = null;
  const noteIncident = (line: string) => {
    count(line.replace(/ \(number \d+\)$/, ''));
    note(line);
  };
  const crew = createCrew({
    world,
    schedule,
    note: noteIncident,
    onCancel: async (order) => people?.act({ what: 'cancel', order }),
    replace: tampering.services ?? ((services) => services),
  });
  const planner = createPlanner(world, schedule, (line, kinds) => {
    note(line);
    for (const kind of kinds) count(kind);
  });
  await world.begin(schedule.run, new Date(begun), {
    plan: planner.plan,
    onWait: (until) => crew.keepWaiting(until),
    passWeb: failAsPlanned(schedule.webErrors, noteIncident),
  });
  try {
    people = await createPeople(world, schedule, note);
    await live({ world, schedule, crew, people, begun });
    await crew.close();
    await world.startLater();
    await sweep(world);
    await people.tell();
    const gathered = await gatherFacts(world, {
      accounts: people.accounts,
      cancels: people.cancels,
      tells: people.tells,
      unknownSubmits: planner.unknown,
    });
    const facts = tampering.facts ? tampering.facts(gathered) : gathered;
    for (const { status, failure } of facts.videos) count(`video ${failure ?? status}`);
    broken.push(...breachesOf(facts));
    const unsound = await brokenInvariants(world.web.database.sql);
    broken.push(...unsound.map((rule) => `the ledger is sound: ${rule}`));
  } catch (error) {
    broken.push(`the run came to its end: ${String(error instanceof Error ? error.stack : error)}`);
  } finally {
    await crew.close();
    await world.tidy();
  }
  return { run: schedule.run, broken, story, counts };
}

type Life = {
  readonly world: FaultWorld;
  readonly schedule: Schedule;
  readonly crew: Crew;
  readonly people: People;
  readonly begun: number;
};

/** Moves time from one thing to the next until nothing more comes. */
async function live({ world, schedule, crew, people, begun }: Life): Promise<void> {
  const { clock } = world;
  const agenda = [
    ...schedule.orders.map(({ atSeconds }, index) => ({
      atSeconds,
      do: () => people.order(index),
    })),
    ...schedule.acts.map((act) => ({ atSeconds: act.atSeconds, do: () => people.act(act) })),
    ...schedule.restarts.map((atSeconds) => ({ atSeconds, do: async () => crew.killAll() })),
  ].toSorted((a, b) => a.atSeconds - b.atSeconds);
  const lastAct = agenda.at(-1)?.atSeconds ?? 0;
  const routine = createRoutine(world);
  for (let step = 0; ; step += 1) {
    if (step > stepLimit) throw new Error('time goes on and nothing ends');
    const passed = (clock.now().getTime() - begun) / 1000;
    while (agenda[0] && agenda[0].atSeconds <= passed) await agenda.shift()?.do();
    await routine.tick();
    await crew.work();
    if (step % 8 === 0) await people.tell();
    const act = agenda[0] && begun + agenda[0].atSeconds * 1000;
    const next = (await nextMoment(world, crew, act)) ?? (await routine.nextAt());
    if (next === null || next > begun + horizonSeconds * 1000) return;
    const pace = passed < lastAct + 1200 ? schedule.stepSeconds : passed < 7200 ? 120 : 600;
    await moveTo(world, crew, Math.max(next, clock.now().getTime() + pace * 1000));
  }
}

async function nextMoment(
  world: FaultWorld,
  crew: Crew,
  act: number | undefined,
): Promise<number | null> {
  const moments = [await crew.nextAt(), world.clock.nextAt(), act ?? null];
  const known = moments.filter((moment) => moment !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

/** One task of the clock after the other, each with all that it sets going. */
async function moveTo(world: FaultWorld, crew: Crew, until: number): Promise<void> {
  const { clock } = world;
  for (;;) {
    const next = clock.nextAt();
    const isLast = next === null || next > until;
    clock.moveTo(isLast ? until : next);
    await world.tellTime();
    if (isLast) return;
    clock.runDue();
    // A worker that has waited for this goes on within the same turn.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await crew.settled();
    await world.idle();
  }
}

const everyMinute = '* * * * *';
/** So often it may be looked in vain for something to do. */
const vainTicks = 30;

/** What the product does by itself each minute. */
function createRoutine(world: FaultWorld) {
  const { clock, web } = world;
  const { db } = web.database;
  let lastAt = clock.now().getTime();
  let vain = 0;
  return {
    async tick() {
      if (clock.now().getTime() - lastAt < 60_000) return;
      lastAt = clock.now().getTime();
      for (const job of jobs)
        if (job.cron === everyMinute)
          await db.transaction((tx) => web.queue.enqueue(tx, job, {}, { key: `cron ${job.name}` }));
    },
    /** When nothing else comes, the next minute may still find something. */
    async nextAt(): Promise<number | null> {
      const [waiting] = await db
        .select({ id: videos.id })
        .from(videos)
        .where(inArray(videos.status, ['queued', 'generating', 'assembling']))
        .limit(1);
      vain += 1;
      return waiting && vain <= vainTicks ? clock.now().getTime() + 60_000 : null;
    },
  };
}

/** What it does once a day. */
async function sweep(world: FaultWorld): Promise<void> {
  for (const job of jobs)
    if (job.cron && job.cron !== everyMinute)
      await job.run({}, { ...world.web, signal: new AbortController().signal });
}

/** Decides upon each request of the run, and remembers those that nobody meant to send. */
function createPlanner(
  world: FaultWorld,
  schedule: Schedule,
  onPlan: (line: string, kinds: readonly string[]) => void,
) {
  const numbers = new Map<string, number>();
  const unknown: string[] = [];
  const plan = async (attemptId: string): Promise<RequestPlan> => {
    const [row] = await world.web.database.db
      .select({ attempt: shotAttempts, shot: shots })
      .from(shotAttempts)
      .innerJoin(shots, eq(shots.id, shotAttempts.shotId))
      .where(eq(shotAttempts.id, attemptId));
    if (!row) {
      unknown.push(attemptId);
      return {};
    }
    const { attempt, shot } = row;
    const video = numbers.get(shot.videoId) ?? numbers.size;
    numbers.set(shot.videoId, video);
    const { provider, number } = attempt;
    const name = { video, shot: `${shot.kind} ${shot.position}`, attempt: number, provider };
    const fate = drawFate(schedule, name);
    const words = `${shot.videoId} ${name.shot} attempt ${name.attempt} (${attemptId})`;
    const whose = provider === 'runway' ? 'runway ' : shot.kind === 'voice' ? 'voice ' : '';
    const kinds = ['request', ...kindsOf(fate)].map((kind) => `${whose}${kind}`);
    onPlan(`${words}: ${describeFate(fate)}`, kinds);
    return fate;
  };
  return { plan, unknown };
}
