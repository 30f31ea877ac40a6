import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { publications } from '../../drizzle/schema/publishing.ts';
import { connectChannel, jobContext, live, makeReadyVideo } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { publicationCreate } from './create.ts';
import { publicationShow } from './show.ts';
import { sweepPublications } from './sweep.ts';

let world: World;
let context: Context;
let own: { video: string; channel: string };
beforeAll(async () => {
  world = await createWorld();
  context = await world.context();
  own = { channel: await connectChannel(world), video: await makeReadyVideo(world) };
});
afterAll(() => world.close());

const show = (publication: string) => world.must(publicationShow, { publication }, context);
const sweep = () => sweepPublications.run({}, jobContext(world));
const loseJobs = () => world.app.database.db.execute(sql`delete from pgboss.job`);

async function publish(changes: object): Promise<string> {
  const wish = { ...own, title: 'Swept', ...changes };
  const { publication } = await world.must(publicationCreate, wish, context);
  return z.string().parse(publication);
}

test('a schedule whose job is lost is seen to be out, a quarter of an hour late', async () => {
  const at = new Date(world.now().getTime() + 3600_000).toISOString();
  const publication = await publish({ publish_at: at });
  await live(world, 30, { step: 10 });
  await loseJobs();
  await world.advance(3600 + 14 * 60 - 30);
  await sweep();
  await world.drain();
  expect(await show(publication)).toMatchObject({ status: 'scheduled' });
  await world.advance(61);
  await sweep();
  await world.drain();
  expect(await show(publication)).toMatchObject({ status: 'live', privacy: 'public' });
});

test('what was taken back and never told is told', async () => {
  const publication = await publish({ privacy: 'public' });
  await world.drain();
  await world.app.database.db
    .update(publications)
    .set({ privacy: 'private', toldAt: null })
    .where(eq(publications.id, publication));
  await sweep();
  await world.drain();
  expect(await show(publication)).toMatchObject({ status: 'live', privacy: 'private' });
  expect(world.emulators.google.videos.at(-1)).toMatchObject({ privacy: 'private' });
});

test('what waits for a channel that is connected goes on', async () => {
  const publication = await publish({ privacy: 'unlisted' });
  world.emulators.google.removeAccess();
  await world.drain();
  expect(await show(publication)).toMatchObject({ waiting_for: 'channel' });
  await connectChannel(world);
  await loseJobs();
  await sweep();
  await world.drain();
  expect(await show(publication)).toMatchObject({ status: 'live', waiting_for: null });
});

test('what is as it should be is left alone', async () => {
  await world.drain();
  const calls = world.emulators.google.calls.length;
  await sweep();
  await world.drain();
  expect(world.emulators.google.calls.length).toBe(calls);
});
