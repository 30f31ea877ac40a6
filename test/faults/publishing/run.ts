import { and, eq } from 'drizzle-orm';
import { z } from 'zod';

import type { Context, Services } from '../../../core/context.ts';
import { isFault } from '../../../core/fault.ts';
import { publicationCancel } from '../../../core/publication/cancel.ts';
import { publicationCreate } from '../../../core/publication/create.ts';
import { publicationSweep } from '../../../core/publication/queue.ts';
import { publicationUpdate } from '../../../core/publication/update.ts';
import { channels, publications } from '../../../drizzle/schema/publishing.ts';
import type { RunResult } from '../run.ts';
import { createCrew, type Crew } from './crew.ts';
import { approve, connect, openPerson, plantVideo } from './people.ts';
import { breachesOf, type Asked } from './promises.ts';
import { describeSchedule, drawSchedule, type Act, type Schedule } from './schedule.ts';
import type { PublishingWorld } from './world.ts';

const daySeconds = 24 * 3600;
/** Nothing that a run began matters after this. */
const horizonSeconds = 30 * 3600;
const stepLimit = 600;
const sweepSeconds = 600;
const firstDay = new Date('2026-02-01T08:00:00.000Z').getTime();

/** Three chunks: the third is the last, and short. */
const file = Buffer.alloc(17 * 1024 * 1024);
file.write('ftypmp42', 4, 'latin1');

/** Plays one run of connecting and publishing to its end, and looks at what is left. */
export async function playPublishing(
  world: PublishingWorld,
  which: { readonly seed: number; readonly run: number },
  replace: (services: Services) => Services = (services) => services,
): Promise<RunResult> {
  const schedule = drawSchedule(which.seed, which.run);
  const begun = firstDay + schedule.run * 2 * daySeconds * 1000;
  const story = describeSchedule(schedule);
  const counts = new Map<string, number>();
  const note = (line: string) => {
    const seconds = Math.round((world.clock.now().getTime() - begun) / 1000);
    story.push(`${String(seconds).padStart(7)} s  ${line}`);
  };
  const count = (kind: string) => counts.set(kind, (counts.get(kind) ?? 0) + 1);
  await world.begin(new Date(begun));
  const crew = createCrew(world, schedule.kills, replace, (point) => {
    count('kill');
    count(`kill at ${point}`);
    note(`the worker dies at "${point}"`);
  });
  const broken: string[] = [];
  try {
    const played = await play({ world, schedule, crew, begun, note, count });
    for (const { kind } of played.ends) count(kind);
    broken.push(...(await breachesOf(world, played.asked, file)));
  } catch (error) {
    broken.push(`the run came to its end: ${String(error instanceof Error ? error.stack : error)}`);
  } finally {
    await crew.close();
  }
  return { run: schedule.run, broken, story, counts };
}

type Game = {
  readonly world: PublishingWorld;
  readonly schedule: Schedule;
  readonly crew: Crew;
  readonly begun: number;
  readonly note: (line: string) => void;
  readonly count: (kind: string) => void;
};

async function play(game: Game) {
  const { world, schedule, begun, note, count } = game;
  const context = await openPerson(world, `publisher ${schedule.seed} ${schedule.run} ${begun}`);
  const channel = await connectInTheEnd(game, context);
  for (const trouble of schedule.troubles) {
    world.google.misbehave(trouble);
    count(`${trouble.on} ${trouble.how}`);
  }
  const asked: Asked[] = [];
  for (const [index, wish] of schedule.wishes.entries()) {
    const video = await plantVideo(context, file);
    const title = `Run ${schedule.seed}.${schedule.run}, wish ${index}, ${video}`;
    const at = world.clock.now().getTime();
    const input = {
      video,
      channel,
      title,
      privacy: wish.publishAt === null ? wish.privacy : 'private',
      thumbnail: wish.thumbnail,
      captions: wish.captions,
      ...(wish.playlist ? { playlist: `Run ${schedule.run} ${index}` } : {}),
      ...(wish.publishAt === null
        ? {}
        : { publish_at: new Date(at + wish.publishAt * 1000).toISOString() }),
    };
    const outcome = await approve(publicationCreate, input, context);
    if (!outcome.ok) throw outcome.fault;
    const { publication } = publicationCreate.output.parse(outcome.value);
    note(`wish ${index} is ${publication}`);
    asked.push({
      publication,
      title,
      wish,
      at,
      cancelledAt: null,
      triedAt: null,
      unlistedAt: null,
    });
  }
  await live(game, context, asked);
  const ends = await endsOf(world, asked);
  return { asked, ends };
}

/** Who is not connected yet tries again, as people do. */
async function connectInTheEnd(
  { world, schedule, note, count }: Game,
  context: Context,
): Promise<string> {
  for (const diesAt of [...schedule.connectKills, null]) {
    const isConnected = await connect(world, context, diesAt);
    if (isConnected) break;
    count('kill');
    count('kill while connecting');
    note('the process dies while the channel is connected');
  }
  const rows = await world.web.database.db
    .select()
    .from(channels)
    .where(and(eq(channels.accountId, context.actor.accountId), eq(channels.status, 'connected')));
  const [row, ...more] = rows;
  if (!row || more.length > 0) throw new Error(`${rows.length} channels are connected`);
  return row.id;
}

async function live(game: Game, context: Context, asked: Asked[]): Promise<void> {
  const { world, schedule, crew, begun } = game;
  const { clock } = world;
  const agenda = [...schedule.acts];
  let sweptAt = begun;
  for (let step = 0; ; step += 1) {
    if (step > stepLimit) throw new Error('time goes on and nothing ends');
    const passed = (clock.now().getTime() - begun) / 1000;
    while (agenda[0] && agenda[0].atSeconds <= passed) {
      const act = agenda.shift();
      if (act) await doAct(game, context, { act, asked });
    }
    if (clock.now().getTime() - sweptAt >= sweepSeconds * 1000) {
      sweptAt = clock.now().getTime();
      await world.web.database.db.transaction((tx) =>
        world.web.queue.enqueue(tx, publicationSweep, {}, { key: `sweep ${sweptAt}` }),
      );
    }
    await crew.work();
    const act = agenda[0] ? begun + agenda[0].atSeconds * 1000 : null;
    const next = [await crew.nextAt(), act].filter((moment) => moment !== null);
    const earliest = next.length > 0 ? Math.min(...next) : Infinity;
    if (earliest > begun + horizonSeconds * 1000) return;
    clock.moveTo(Math.max(earliest, clock.now().getTime() + 1000));
    await world.tellTime();
  }
}

/** Somebody changes their mind, or what they have allowed. */
async function doAct(
  { world, note, count }: Game,
  context: Context,
  { act, asked }: { readonly act: Act; readonly asked: Asked[] },
): Promise<void> {
  const one = asked[act.wish];
  if (!one) return;
  const { publication } = one;
  const at = world.clock.now().getTime();
  if (act.what === 'lose access') world.google.removeAccess();
  if (act.what === 'connect again') await connectAgain(world, context);
  if (act.what === 'cancel') {
    const outcome = await approve(publicationCancel, { publication }, context);
    if (outcome.ok) asked[act.wish] = { ...one, cancelledAt: at };
    note(
      `cancel ${publication}: ${outcome.ok ? z.string().parse(outcome.value['outcome']) : outcome.fault.code}`,
    );
  }
  if (act.what === 'unlist' && one.cancelledAt === null) {
    const outcome = await approve(publicationUpdate, { publication, privacy: 'unlisted' }, context);
    asked[act.wish] = { ...one, triedAt: at, ...(outcome.ok ? { unlistedAt: at } : {}) };
    note(`unlist ${publication}: ${outcome.ok ? 'done' : outcome.fault.code}`);
  }
  count(act.what);
}

/** Who is told that Google is busy opens the link once more. */
async function connectAgain(world: PublishingWorld, context: Context, tries = 5): Promise<void> {
  try {
    await connect(world, context, null);
  } catch (error) {
    if (!isFault(error) || tries <= 1) throw error;
    await connectAgain(world, context, tries - 1);
  }
}

async function endsOf({ web, google }: PublishingWorld, asked: readonly Asked[]) {
  const rows = await web.database.db.select().from(publications);
  return asked.flatMap(({ publication, title }) => {
    const row = rows.find(({ id }) => id === publication);
    const isThere = google.videos.some((video) => video.title === title);
    return row ? [{ kind: `publication ${row.status}${isThere ? '' : ', not there'}` }] : [];
  });
}
