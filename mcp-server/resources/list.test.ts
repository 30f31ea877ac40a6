import { specTypeSchemas, type Resource } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Context } from '../../core/context.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import { trendShow } from '../../core/trend/show.ts';
import { untrusted } from '../../core/untrusted.ts';
import {
  addTrend,
  addVideos,
  hideVideo,
  injection,
  keepTrend,
  openBelongings,
  type BelongingsScene,
} from '../../test/kit/belongings.ts';
import { videoRow } from '../../test/kit/trips.ts';
import { listResources } from './list.ts';

let scene: BelongingsScene;
beforeAll(async () => {
  scene = await openBelongings();
});
afterAll(() => scene.world.close());

const without = (...names: string[]): AnyOperation[] =>
  operations.filter(({ name }) => !names.includes(name));

/** Every page, one after the other. */
async function listAll(
  context: Context,
  offered: readonly AnyOperation[] = operations,
): Promise<{ readonly pages: Resource[][]; readonly all: Resource[] }> {
  const pages: Resource[][] = [];
  for (let cursor: string | undefined; ;) {
    const listed = await listResources(context, offered, cursor);
    pages.push(listed.resources);
    cursor = listed.nextCursor;
    if (cursor === undefined) return { pages, all: pages.flat() };
  }
}

const urisOf = (resources: readonly Resource[]) => resources.map(({ uri }) => uri);
const find = (resources: readonly Resource[], uri: string) =>
  resources.find((one) => one.uri === uri);

describe('what is listed', () => {
  test('is everything of the person and nothing of anybody else', async () => {
    const { owner, stranger, own, foreign } = scene;
    const { all } = await listAll(owner);
    expect(urisOf(all).toSorted()).toEqual(
      [
        `jilo://videos/${own.video}`,
        `jilo://videos/${own.video}/poster`,
        `jilo://trends/${own.trend}`,
        `jilo://publications/${own.publication}`,
        'jilo://ledger',
        'jilo://ledger/2026-11',
      ].toSorted(),
    );
    const theirs = JSON.stringify((await listAll(stranger)).all);
    for (const id of Object.values(own)) expect(theirs).not.toContain(id);
    for (const id of Object.values(foreign)) expect(theirs).toContain(id);
    expect(JSON.stringify(all)).not.toMatch(/lighthouse/iu);
  });

  test('fits the protocol and says what it is', async () => {
    const listed = await listResources(scene.owner, operations, undefined);
    const read = specTypeSchemas.ListResourcesResult['~standard'].validate(listed);
    expect(read).not.toHaveProperty('issues');
    for (const resource of listed.resources) {
      expect(resource).toMatchObject({
        name: expect.stringMatching(/^[\w-]+$/u),
        title: expect.stringMatching(/\S/u),
        description: expect.stringMatching(/\S/u),
        mimeType: expect.stringMatching(/^(?:application\/json|image\/jpeg)$/u),
        annotations: { lastModified: expect.stringMatching(/^2026-11-22T/u) },
      });
    }
  });

  test('knows the size of a poster', async () => {
    const { world, owner, own } = scene;
    const { all } = await listAll(owner);
    const { posterKey } = await videoRow(world, own.video);
    const facts = await world.app.ports.storage.stat(posterKey ?? '');
    expect(facts?.bytes).toBeGreaterThan(0);
    expect(find(all, `jilo://videos/${own.video}/poster`)).toMatchObject({ size: facts?.bytes });
  });

  test('marks the words of strangers, and puts ours beside them', async () => {
    const { owner, own } = scene;
    const trend = find((await listAll(owner)).all, `jilo://trends/${own.trend}`);
    expect(trend?.title).toBe('YouTube trend for "paper boats"');
    expect(trend?.description).toBe(untrusted('title', injection, 300));
    expect(trend?.description).toMatch(
      /^<untrusted kind="title">[^<>]*Ignore all[^<>]*<\/untrusted>$/u,
    );
    expect(trend?.description).not.toContain('evil.example');
  });

  test('is said in the language of the person', async () => {
    const { owner, own } = scene;
    const { all } = await listAll({ ...owner, locale: 'zh' });
    expect(find(all, `jilo://videos/${own.video}`)?.description).toBe('您的 15 秒视频（已就绪）');
    expect(find(all, `jilo://trends/${own.trend}`)?.title).toBe('YouTube 爆款，搜索“paper boats”');
    expect(find(all, 'jilo://ledger/2026-11')?.title).toBe('配额：2026-11 的变动');
    const english = (await listAll(owner)).all;
    expect(find(english, `jilo://videos/${own.video}`)?.description).toBe(
      'Your video of 15 s (ready)',
    );
  });

  test('leaves out kinds whose operation is not there', async () => {
    const { owner } = scene;
    const kindsOf = async (offered: readonly AnyOperation[], context = owner) => {
      const uris = urisOf((await listAll(context, offered)).all);
      return new Set(uris.map((uri) => uri.split('/')[2]));
    };
    expect(await kindsOf(without('video_show'))).toEqual(
      new Set(['trends', 'publications', 'ledger']),
    );
    expect(await kindsOf(without('quota_history', 'trend_show', 'publication_show'))).toEqual(
      new Set(['videos']),
    );
    expect(await kindsOf([])).toEqual(new Set());
    const { trendSource: _, ...ports } = owner.ports;
    const needy = [{ ...trendShow, needs: ['trendSource' as const] }];
    expect(await kindsOf(needy)).toEqual(new Set(['trends']));
    expect(await kindsOf(needy, { ...owner, ports })).toEqual(new Set());
  });
});

describe('the order', () => {
  test('is the newest first, and a trend that is saved again is new', async () => {
    const { world } = scene;
    const person = await world.context('mcp', 'sorter');
    const old = await addTrend(world, person, { title: 'Kites', keyword: 'kites' });
    await world.advance(60);
    const [video = ''] = await addVideos(world, person, ['a kite']);
    const order = async () =>
      urisOf((await listAll(person)).all).filter((uri) => !uri.includes('ledger'));
    expect(await order()).toEqual([`jilo://videos/${video}`, `jilo://trends/${old}`]);
    await world.advance(60);
    await keepTrend(world, person, old);
    expect(await order()).toEqual([`jilo://trends/${old}`, `jilo://videos/${video}`]);
    await hideVideo(world, video);
    expect(await order()).toEqual([`jilo://trends/${old}`]);
  });
});

describe('pages', () => {
  /** A person with so many resources: a new account has the ledger and its month. */
  async function havingInAll(name: string, count: number): Promise<Context> {
    const { world } = scene;
    const person = await world.context('mcp', name);
    const others = 2;
    const trends = Math.max(0, count - others - 40);
    await addVideos(
      world,
      person,
      Array.from({ length: count - others - trends }, (_, index) => `boat ${index}`),
    );
    for (let index = 0; index < trends; index += 1)
      await addTrend(world, person, { title: `Trend ${index}`, keyword: 'boats' });
    return person;
  }

  test.each([
    [49, [49]],
    [50, [50]],
    [51, [50, 1]],
  ])('of %i resources', async (count, sizes) => {
    const { pages, all } = await listAll(await havingInAll(`page${count}`, count));
    expect(pages.map((page) => page.length)).toEqual(sizes);
    expect(new Set(urisOf(all)).size).toBe(count);
  });

  test('go on behind their cursor when something new comes first', async () => {
    const { world } = scene;
    const person = await havingInAll('growing', 60);
    const before = urisOf((await listAll(person)).all);
    const first = await listResources(person, operations, undefined);
    await world.advance(5);
    const fresh = await addTrend(world, person, { title: 'A new one', keyword: 'new' });
    const second = await listResources(person, operations, first.nextCursor);
    expect([...urisOf(first.resources), ...urisOf(second.resources)]).toEqual(before);
    expect(urisOf((await listResources(person, operations, undefined)).resources)[0]).toBe(
      `jilo://trends/${fresh}`,
    );
  });

  test('hold the newest 50 of a kind', async () => {
    const { world } = scene;
    const person = await world.context('mcp', 'busy');
    const prompts = Array.from({ length: 51 }, (_, index) => `kite ${index}`);
    const ids = await addVideos(world, person, prompts);
    const uris = urisOf((await listAll(person)).all);
    expect(uris).toContain(`jilo://videos/${ids[49]}`);
    expect(uris).not.toContain(`jilo://videos/${ids[50]}`);
  });

  test('are opened by a cursor of this account only', async () => {
    const { owner } = scene;
    const person = await havingInAll('reader', 51);
    const { nextCursor = '' } = await listResources(person, operations, undefined);
    expect(nextCursor).not.toBe('');
    const [moment, , signature] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify([moment, 'jilo://a', signature]));
    const bad = ['', 'x', '2', forged.toString('base64url'), nextCursor.repeat(3), 'e30', '%00'];
    for (const cursor of bad)
      await expect(listResources(person, operations, cursor), cursor).rejects.toMatchObject({
        code: -32602,
      });
    await expect(listResources(owner, operations, nextCursor)).rejects.toMatchObject({
      code: -32602,
    });
    expect((await listResources(person, operations, nextCursor)).resources).toHaveLength(1);
  });
});
