import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  jobContext,
  live,
  settled,
  shotsOf,
  startVideo,
  submitsOf,
  videoRow,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { shots } from '../../drizzle/schema/videos.ts';
import { videoCancel } from './cancel.ts';
import { dispatchShots } from './dispatch.ts';

let world: World;
const open = async (limit: number, generationMs = 60_000) => {
  world = await createWorld({ generationMs, settings: { FAL_CONCURRENCY: String(limit) } });
};
afterEach(async () => {
  await settled(world);
  await world.close();
});

const prompt = 'a paper boat sails down a rainy street';
/** Three shots of MiniMax. */
const threeShots = { prompt, model: 'minimax', seconds: 30, shape: '16:9' };

const statusesOf = async (id: string) => (await shotsOf(world, id)).map(({ status }) => status);
const countOut = async (id: string) =>
  (await statusesOf(id)).filter((status) => status === 'submitted').length;

describe('a provider works on so many shots at once', () => {
  test.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 3],
  ])('places: %i, sent of three: %i', async (limit, sent) => {
    await open(limit);
    const id = await startVideo(world, 'owner', threeShots);
    await world.drain();
    expect(await countOut(id)).toBe(sent);
    expect(await submitsOf(world, id)).toHaveLength(sent);
  });

  test('workers that look at the same moment give out no place twice', async () => {
    await open(2);
    const id = await startVideo(world, 'owner', { ...threeShots, seconds: 60 });
    const looks = Array.from({ length: 8 }, () => dispatchShots.run({}, jobContext(world)));
    await Promise.all(looks);
    expect((await statusesOf(id)).filter((status) => status === 'due')).toHaveLength(2);
    await world.drain();
    expect(await submitsOf(world, id)).toHaveLength(2);
  });

  test('a place that a delivered shot leaves is taken at once, until all are through', async () => {
    await open(1);
    const id = await startVideo(world, 'owner', threeShots);
    await world.drain();
    await live(world, 62, { step: 31 });
    expect(await submitsOf(world, id)).toHaveLength(2);
    await live(world, 180, { step: 30 });
    expect(await videoRow(world, id)).toMatchObject({ status: 'ready' });
    expect(await submitsOf(world, id)).toHaveLength(3);
  });

  test('a cancelled video leaves its places to others, and its waiting shots are never sent', async () => {
    await open(2);
    const first = await startVideo(world, 'owner', threeShots);
    await world.advance(1);
    const second = await startVideo(world, 'owner', threeShots);
    await world.drain();
    expect([await countOut(first), await countOut(second)]).toEqual([2, 0]);
    await world.must(videoCancel, { video: first }, await world.context());
    await world.drain();
    expect(await countOut(second)).toBe(2);
    expect(await submitsOf(world, first)).toHaveLength(2);
  });

  test('every cause lost: the look of each minute finds the waiting shot', async () => {
    await open(2);
    const id = await startVideo(world);
    await world.app.database.db.execute(`delete from pgboss.job where name = 'shot.dispatch'`);
    await world.drain();
    expect(await countOut(id)).toBe(0);
    await dispatchShots.run({}, jobContext(world));
    await world.drain();
    expect(await countOut(id)).toBe(2);
  });

  test('a shot that failed is not sent before its time', async () => {
    await open(2);
    const id = await startVideo(world);
    const [one] = await shotsOf(world, id);
    const notBefore = new Date(world.now().getTime() + 30_000);
    await world.app.database.db
      .update(shots)
      .set({ notBefore })
      .where(eq(shots.id, one?.id ?? ''));
    await world.drain();
    expect(await statusesOf(id)).toEqual(['planned', 'submitted']);
    await world.advance(29);
    await dispatchShots.run({}, jobContext(world));
    expect(await statusesOf(id)).toEqual(['planned', 'submitted']);
    await world.advance(1);
    await dispatchShots.run({}, jobContext(world));
    expect(await statusesOf(id)).toEqual(['due', 'submitted']);
    await world.drain();
  });
});

describe('turns are fair between people', () => {
  beforeEach(() => open(3));

  test('somebody with many videos does not hold up somebody with one', async () => {
    const many = [];
    for (let index = 0; index < 3; index += 1) {
      many.push(await startVideo(world, 'busy'));
      await world.advance(1);
    }
    const ann = await startVideo(world, 'ann');
    const bob = await startVideo(world, 'bob');
    await world.drain();
    expect(await Promise.all([...many, ann, bob].map(countOut))).toEqual([1, 0, 0, 1, 1]);
  });

  test('whoever has nothing out goes before whoever has', async () => {
    const busy = await startVideo(world, 'busy', { ...threeShots, seconds: 60 });
    await world.drain();
    expect(await countOut(busy)).toBe(3);
    const ann = await startVideo(world, 'ann');
    const config = { ...world.app.config, FAL_CONCURRENCY: 4 };
    await dispatchShots.run({}, { ...jobContext(world), config });
    expect(await statusesOf(ann)).toEqual(['due', 'planned']);
    await world.drain();
    await live(world, 240, { step: 30 });
    expect(await videoRow(world, ann)).toMatchObject({ status: 'ready' });
  });

  test('a failure of the provider leaves the place to the next person meanwhile', async () => {
    world.emulators.fal.misbehave({ on: 'submit', how: 'http_429', times: 1 });
    const ann = await startVideo(world, 'ann');
    const bob = await startVideo(world, 'bob');
    await world.drain();
    expect((await countOut(ann)) + (await countOut(bob))).toBe(2);
    await live(world, 300, { step: 10 });
    expect(await videoRow(world, ann)).toMatchObject({ status: 'ready' });
    expect(await videoRow(world, bob)).toMatchObject({ status: 'ready' });
  });
});
