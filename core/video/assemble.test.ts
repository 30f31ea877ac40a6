import { afterEach, beforeEach, expect, test } from 'vitest';

import {
  drainWith,
  eventKinds,
  settled,
  startVideo,
  storedKeys,
  videoRow,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Ports } from '../context.ts';
import { Fault } from '../fault.ts';
import type { Assembly, MediaTools } from '../ports/media-tools.ts';
import { videoCancel } from './cancel.ts';
import { videoShow } from './show.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  await settled(world);
  await world.close();
});

/** The product with some of its media tools replaced. */
const withTools = (changes: Partial<MediaTools>): Ports => ({
  ...world.app.ports,
  mediaTools: { ...world.app.ports.mediaTools, ...changes },
});

/** Runs a video whose assembly goes through `during` first. */
async function assembleWith(
  wish: Readonly<Record<string, unknown>> | undefined,
  during: (assembly: Assembly, id: string) => Promise<void>,
): Promise<string> {
  const { mediaTools } = world.app.ports;
  const id = await startVideo(world, 'owner', wish);
  const ports = withTools({
    async assemble(assembly) {
      await during(assembly, id);
      return mediaTools.assemble(assembly);
    },
  });
  await drainWith(world, ports);
  return id;
}

test('how far it is is told every two seconds at most, and never goes back', async () => {
  const seen: unknown[] = [];
  const id = await assembleWith(undefined, async (assembly, video) => {
    const look = async (seconds: number, fraction: number) => {
      await world.advance(seconds);
      assembly.onProgress(fraction);
      const context = await world.context();
      // The write is under way: asking twice lets it end.
      await world.must(videoShow, { video }, context);
      seen.push((await world.must(videoShow, { video }, context))['percent']);
    };
    await look(1.9, 0.2);
    await look(0.1, 0.5);
    await look(1.9, 0.7);
    await look(0.1, 0.4);
    await look(2, 0.75);
  });
  expect(seen).toEqual([80, 90, 90, 90, 95]);
  expect((await eventKinds(world, id)).filter((kind) => kind === 'progress')).toHaveLength(2);
  expect(await videoRow(world, id)).toMatchObject({ status: 'ready', assembledPercent: 100 });
});

test('each clip is used as far as the plan says, with its lines at their time', async () => {
  const asked: Assembly[] = [];
  const extras = { captions: true, voice: 'male', shape: '16:9', fit: 'pad' };
  const wish = { prompt: 'a paper boat sails down a rainy street', model: 'minimax', seconds: 15 };
  await assembleWith({ ...wish, ...extras }, async (assembly) => void asked.push(assembly));
  const [assembly] = asked;
  expect(assembly).toMatchObject({ seconds: 15, fit: 'pad', size: { width: 1280, height: 720 } });
  expect(assembly?.clips.map(({ seconds }) => seconds)).toEqual([9.5, 5.5]);
  expect(assembly?.captions.map(({ from, to }) => [from, to])).toEqual([
    [0, 9.5],
    [9.5, 15],
  ]);
  expect(assembly?.voice.map(({ at, seconds }) => [at, seconds])).toEqual([
    [0, 9.5],
    [9.5, 5.5],
  ]);
}, 60_000);

test('a video of which no still can be made is ready all the same', async () => {
  const id = await startVideo(world);
  const ports = withTools({
    poster: () => Promise.reject(new Fault('provider_failed', { provider: 'x' })),
  });
  await drainWith(world, ports);
  expect(await videoRow(world, id)).toMatchObject({ status: 'ready', posterKey: null });
});

test('a video that is stopped while it is assembled leaves neither file nor still', async () => {
  const id = await assembleWith(undefined, async (_, video) => {
    await world.must(videoCancel, { video }, await world.context());
  });
  expect(await videoRow(world, id)).toMatchObject({ status: 'cancelled', fileKey: null });
  expect(storedKeys(world).filter((key) => !key.startsWith('shots/'))).toEqual([]);
});
