import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { openApp, type App } from '../../core/app.ts';
import { loadSurroundings } from '../../core/config.ts';
import { decideApproval } from '../../core/consent/decide.ts';
import type { Context } from '../../core/context.ts';
import { perform } from '../../core/operation.ts';
import { publicationCreate } from '../../core/publication/create.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { connectChannel, makeReadyVideo } from '../kit/trips.ts';
import { createWorld, type World } from '../kit/world.ts';

const rounds = 200;

let world: World;
let second: App;
let person: Context;
let own: { video: string; channel: string };
beforeAll(async () => {
  world = await createWorld();
  // What another process on the same database and data folder has: connections and a queue of its own.
  second = await openApp({
    config: world.app.config,
    path: loadSurroundings().path,
    write: () => undefined,
    worker: false,
    publicUrl: () => world.publicUrl,
    clock: world.app.clock,
  });
  person = await world.context();
  own = { channel: await connectChannel(world), video: await makeReadyVideo(world) };
});
afterAll(async () => {
  await second.close();
  await world.close();
});

test(`a double click, two processes and a replayed approval publish once, ${rounds} rounds`, async () => {
  for (let round = 0; round < rounds; round += 1) {
    const title = `Only once, round ${round}`;
    const wish = { ...own, title };
    const asked = await perform(publicationCreate, wish, person);
    if (asked.ok || !('id' in asked.fault.params)) throw new Error('nobody was asked');
    const id = z.string().parse(asked.fault.params.id);
    const by = person.actor.accountId;
    const decision = { id, approved: true, by, surface: 'terminal' } as const;
    const there = { ...person, ...second, actor: person.actor };
    const presses = await Promise.allSettled([
      decideApproval(world.app, decision),
      decideApproval(second, decision),
    ]);
    expect(presses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const tries = [person, there, person, there];
    const outcomes = await Promise.all(
      tries.map((context) => perform(publicationCreate, wish, context, { approvalId: id })),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    await Promise.all([world.app.queue.drain(world.app), second.queue.drain(second)]);
    await world.drain();
    const replayed = await perform(publicationCreate, wish, person, { approvalId: id });
    expect(replayed).toMatchObject({ ok: false });
    await world.drain();
    const { db } = world.app.database;
    const rows = await db.select().from(publications).where(eq(publications.title, title));
    expect(rows).toMatchObject([{ status: 'live' }]);
    const made = world.emulators.google.videos.filter((video) => video.title === title);
    expect(made).toMatchObject([{ id: rows[0]?.hostVideoId }]);
  }
  expect(world.emulators.google.videos).toHaveLength(rounds);
}, 300_000);
