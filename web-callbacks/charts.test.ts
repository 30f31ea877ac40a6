import { loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Context } from '../core/context.ts';
import { statsShow } from '../core/stats/show.ts';
import {
  addLive,
  addReading,
  clearStats,
  hour,
  inServer,
  openStats,
  secondsBefore,
} from '../test/kit/stats.ts';

let scene: Awaited<ReturnType<typeof openStats>>;
let id: string;
beforeAll(async () => {
  scene = await openStats();
});
afterAll(() => scene.world.close());
beforeEach(async () => {
  await clearStats(scene);
  [id = ''] = await addLive(scene, 1, { serverId: 'server-a' });
  await read(id, 2, 10);
  await read(id, 1, 400);
});

const read = (publication: string, hours: number, views: number) =>
  addReading(scene, publication, secondsBefore(scene.world.now(), hours * hour), [views, 1, 1]);

async function linkFor(input: object = {}, context: Context = scene.context): Promise<URL> {
  const { chart } = statsShow.output.parse(await scene.world.must(statsShow, input, context));
  return new URL(chart ?? 'http://there.is.none');
}

async function pictureAt(link: URL): Promise<Buffer> {
  const response = await fetch(link);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('image/png');
  return Buffer.from(await response.arrayBuffer());
}

const statusOf = async (link: URL) => (await fetch(link)).status;

function changed(link: URL, change: (link: URL) => void): URL {
  const copy = new URL(link);
  change(copy);
  return copy;
}

describe('/charts', () => {
  test('draws the curve that the answer tells of', async () => {
    const link = await linkFor();
    expect(link.href.length).toBeLessThan(512);
    const { width, height } = await loadImage(await pictureAt(link));
    expect([width, height]).toEqual([800, 400]);
  });

  test('draws it as it is when it is opened, and stores nothing', async () => {
    const link = await linkFor();
    const first = await pictureAt(link);
    expect((await pictureAt(link)).equals(first)).toBe(true);
    await read(id, 0, 9000);
    expect((await pictureAt(link)).equals(first)).toBe(false);
  });

  test('shows one publication, and what belongs to one place, where that was asked for', async () => {
    const [other = ''] = await addLive(scene, 1, { serverId: null });
    await read(other, 1, 70_000);
    const all = await pictureAt(await linkFor());
    const one = await pictureAt(await linkFor({ publication: id }));
    const there = await pictureAt(await linkFor({}, inServer(scene.context, 'server-a')));
    const alone = await pictureAt(await linkFor({}, inServer(scene.context, null)));
    expect(one.equals(all)).toBe(false);
    expect(there.equals(one)).toBe(true);
    expect(alone.equals(all)).toBe(false);
    expect(alone.equals(one)).toBe(false);
  });

  test('opens for nobody with a changed address', async () => {
    const link = await linkFor();
    const foreign = await linkFor({ days: 7 });
    for (const wrong of [
      changed(link, (one) => one.searchParams.set('exp', '9999999999')),
      changed(link, (one) => one.searchParams.set('sig', 'x')),
      changed(link, (one) => one.searchParams.delete('sig')),
      changed(link, (one) => (one.pathname = foreign.pathname)),
      changed(link, (one) => (one.pathname = '/charts/%2e%2e.png')),
      changed(link, (one) => (one.pathname = '/charts/.png')),
    ])
      expect([403, 404]).toContain(await statusOf(wrong));
  });

  test('does not take the signature of a file for that of a chart', async () => {
    const link = await linkFor();
    const content = link.pathname.slice('/charts/'.length, -'.png'.length);
    const exp = link.searchParams.get('exp') ?? '';
    const sig = scene.world.services.crypto.sign('media', content, exp);
    expect(await statusOf(changed(link, (one) => one.searchParams.set('sig', sig)))).toBe(403);
  });

  test('has nothing to show once nothing is left', async () => {
    const link = await linkFor();
    await clearStats(scene);
    expect(await statusOf(link)).toBe(403);
  });

  test('closes after a day', async () => {
    const link = await linkFor();
    await scene.world.advance(24 * hour - 1);
    expect(await statusOf(link)).toBe(200);
    await scene.world.advance(1);
    expect(await statusOf(link)).toBe(403);
  });
});
