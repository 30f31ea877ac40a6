import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { Context } from '../core/context.ts';
import { operations } from '../core/operations.ts';
import { untrusted, untrustedRule } from '../core/untrusted.ts';
import {
  addPublications,
  addTrend,
  addVideos,
  hideVideo,
  injection,
  keepTrend,
  openBelongings,
  type BelongingsScene,
} from '../test/kit/belongings.ts';
import { fetchOne, searchEverything } from './search.ts';

let scene: BelongingsScene;
beforeAll(async () => {
  scene = await openBelongings();
});
afterAll(() => scene.world.close());

const search = async (query: string, context: Context = scene.owner, offered = operations) =>
  (await searchEverything(query, context, offered)).results;
const idsOf = (results: readonly { readonly id: string }[]) => results.map(({ id }) => id);
const without = (...names: string[]) => operations.filter(({ name }) => !names.includes(name));

/** As ChatGPT's connectors expect it (docs of the platform): nothing more, nothing less. */
const answerSchema = z.strictObject({
  results: z.array(z.strictObject({ id: z.string(), title: z.string(), url: z.string() })),
});
const fetchedSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  text: z.string(),
  url: z.string(),
  metadata: z.record(z.string(), z.string()),
});

describe('search', () => {
  test('finds what the person has, by any word, and answers with three fields each', async () => {
    const { owner, own } = scene;
    const answer = await searchEverything('', owner, operations);
    expect(answerSchema.parse(JSON.parse(JSON.stringify(answer)))).toEqual(answer);
    expect(idsOf(answer.results).toSorted()).toEqual(
      [
        `jilo://videos/${own.video}`,
        `jilo://publications/${own.publication}`,
        `jilo://trends/${own.trend}`,
      ].toSorted(),
    );
    expect(idsOf(await search('rainy'))).toEqual([`jilo://videos/${own.video}`]);
    expect(idsOf(await search('REGATTA nothing'))).toEqual([
      `jilo://publications/${own.publication}`,
    ]);
    expect(idsOf(await search('nothing at-all'))).toEqual([]);
  });

  test('finds nothing of anybody else', async () => {
    const { stranger, own, foreign } = scene;
    expect(await search('lighthouse secret')).toEqual([]);
    for (const id of Object.values(foreign)) expect(await search(id)).toEqual([]);
    const theirs = JSON.stringify(await search('', stranger));
    for (const id of Object.values(own)) expect(theirs).not.toContain(id);
    expect(await search('lighthouse', stranger)).toHaveLength(3);
  });

  test('puts what holds more of the words first, then the newest', async () => {
    const { world } = scene;
    const person = await world.context('mcp', 'sorter');
    const [red = '', blue = '', both = ''] = await addVideos(world, person, [
      'a red kite',
      'a blue kite',
      'a red boat and a blue boat',
    ]);
    await world.advance(60);
    const [title = ''] = await addPublications(world, person, ['Red Kite']);
    const order = (ids: string[]) =>
      ids.map((id) => `jilo://${id.startsWith('pub') ? 'publications' : 'videos'}/${id}`);
    expect(idsOf(await search('kite', person))).toEqual(order([title, red, blue]));
    expect(idsOf(await search('red blue', person))).toEqual(order([both, title, red, blue]));
    expect(idsOf(await search('', person))).toEqual(order([title, red, blue, both]));
    await hideVideo(world, both);
    expect(idsOf(await search('boat', person))).toEqual([]);
  });

  test('finds trends by title and by what was searched for, the saved ones as new', async () => {
    const { world } = scene;
    const person = await world.context('mcp', 'finder');
    const kites = await addTrend(world, person, { title: 'Kites over Weifang', keyword: '风筝' });
    await world.advance(60);
    const boats = await addTrend(world, person, { title: 'Boats', keyword: 'weifang' });
    const uris = (...ids: string[]) => ids.map((id) => `jilo://trends/${id}`);
    expect(idsOf(await search('风筝', person))).toEqual(uris(kites));
    expect(idsOf(await search('weifang', person))).toEqual(uris(boats, kites));
    await world.advance(60);
    await keepTrend(world, person, kites);
    expect(idsOf(await search('weifang', person))).toEqual(uris(kites, boats));
    await world.advance(60);
    // What others save says nothing about what this person has.
    await keepTrend(world, scene.stranger, boats);
    expect(idsOf(await search('weifang', person))).toEqual(uris(kites, boats));
  });

  test('does not tell by whose words somebody else found the same trend', async () => {
    const { world, owner, stranger } = scene;
    const shared = { title: 'Shared', externalId: 'shared_video' };
    const trend = await addTrend(world, owner, { ...shared, keyword: 'mine' });
    expect(await addTrend(world, stranger, { ...shared, keyword: 'theirs' })).toBe(trend);
    expect(idsOf(await search('mine'))).toEqual([`jilo://trends/${trend}`]);
    expect(await search('theirs')).toEqual([]);
  });

  test('answers with 20 at most', async () => {
    const { world } = scene;
    for (const count of [19, 20, 21]) {
      const person = await world.context('mcp', `searcher${count}`);
      const prompts = Array.from({ length: count }, (_, index) => `kite ${index}`);
      const ids = await addVideos(world, person, prompts);
      expect(idsOf(await search('kite', person))).toEqual(
        ids.slice(0, 20).map((id) => `jilo://videos/${id}`),
      );
    }
  });

  test('reads 8 words of 200 characters', async () => {
    const filler = (count: number) => Array.from({ length: count }, (_, index) => `zz${index}`);
    expect(await search([...filler(7), 'rainy'].join(' '))).toHaveLength(1);
    expect(await search([...filler(8), 'rainy'].join(' '))).toEqual([]);
    expect(await search(`${' '.repeat(195)}rainy`)).toHaveLength(1);
    expect(await search(`${'z'.repeat(194)} rainy`)).toHaveLength(1);
    expect(await search(`${'z'.repeat(200)} rainy`)).toEqual([]);
    for (const odd of ['%', '_', '\\', "'; drop table videos", '\0', '\ud800', '(', '[a-z]'])
      expect(Array.isArray(await search(odd)), odd).toBe(true);
  });

  test('marks the titles of strangers', async () => {
    const { own } = scene;
    const results = await search('paper');
    const trend = results.find(({ id }) => id === `jilo://trends/${own.trend}`);
    expect(trend?.title).toBe(untrusted('title', injection, 300));
    const video = results.find(({ id }) => id === `jilo://videos/${own.video}`);
    expect(video?.title).toBe('a paper boat sails down a rainy street');
  });

  test('gives addresses that a person can open', async () => {
    const { world, owner, own } = scene;
    const urls = new Map((await search('')).map(({ id, url }) => [id, url]));
    const video = urls.get(`jilo://videos/${own.video}`) ?? '';
    expect((await fetch(video)).status).toBe(200);
    expect(urls.get(`jilo://trends/${own.trend}`)).toMatch(
      /^https:\/\/www\.youtube\.com\/shorts\//u,
    );
    expect(urls.get(`jilo://publications/${own.publication}`)).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/watch\?v=[\w-]+$/u,
    );
    const offline: Context = { ...owner, publicUrl: () => null };
    const id = `jilo://videos/${own.video}`;
    expect((await search('rainy', offline)).map(({ url }) => url)).toEqual([id]);
    const person = await world.context('mcp', 'odd');
    const odd = { title: 'Odd', keyword: 'odd', url: 'javascript:alert(1)' };
    const trend = await addTrend(world, person, odd);
    expect((await search('odd', person))[0]?.url).toBe(`jilo://trends/${trend}`);
  });

  test('leaves out kinds whose operation is not there', async () => {
    const { own } = scene;
    expect(
      idsOf(await search('paper regatta', scene.owner, without('trend_show', 'publication_show'))),
    ).toEqual([`jilo://videos/${own.video}`]);
    expect(await search('', scene.owner, [])).toEqual([]);
  });
});

describe('fetch', () => {
  test('answers for everything that search finds', async () => {
    const { owner } = scene;
    for (const { id, title, url } of await search('')) {
      const fetched = await fetchOne(id, owner, operations);
      expect(fetchedSchema.parse(JSON.parse(JSON.stringify(fetched)))).toEqual(fetched);
      expect(fetched).toMatchObject({ id, title });
      expect(new URL(fetched.url).pathname).toBe(new URL(url).pathname);
    }
  });

  test('says it in plain words and as JSON', async () => {
    const { owner, own } = scene;
    const fetched = await fetchOne(`jilo://videos/${own.video}`, owner, operations);
    const [said = '', json = ''] = fetched.text.split('\n\n');
    expect(said).toMatch(/ready/u);
    expect(JSON.parse(json)).toMatchObject({ video: own.video, status: 'ready' });
    expect(fetched.metadata).toMatchObject({ kind: 'video', status: 'ready' });
    const chinese = await fetchOne(
      `jilo://videos/${own.video}`,
      { ...owner, locale: 'zh' },
      operations,
    );
    expect(chinese.text.split('\n\n')[0]).toMatch(/[\u4e00-\u9fff]/u);
    const ledger = await fetchOne('jilo://ledger', owner, operations);
    expect(ledger).toMatchObject({ title: 'Quota: newest movements', url: 'jilo://ledger' });
    const month = await fetchOne('jilo://ledger/2026-11', owner, operations);
    expect(month.metadata).toEqual({ kind: 'month', month: '2026-11' });
  });

  test('marks the words of strangers wherever they stand', async () => {
    const { owner, own } = scene;
    const { title, text } = await fetchOne(`jilo://trends/${own.trend}`, owner, operations);
    expect(title).toMatch(/^<untrusted kind="title">[^<>]*<\/untrusted>$/u);
    expect(text.startsWith(`${untrustedRule}\n\n`)).toBe(true);
    const unmarked = text
      .slice(untrustedRule.length)
      .replaceAll(/<untrusted kind=[^>]*>[^<]*<\/untrusted>/gu, '');
    expect(text.match(/Ignore all previous/gu)?.length).toBeGreaterThanOrEqual(3);
    expect(unmarked).not.toContain('Ignore all');
    expect(text).not.toContain('evil.example');
  });

  test('finds nothing else', async () => {
    const { owner, stranger, own, foreign } = scene;
    const fault = { code: 'not_found', field: 'id' };
    for (const id of [
      '',
      own.video,
      `jilo://videos/${foreign.video}`,
      `jilo://trends/${foreign.trend}`,
      `jilo://publications/${foreign.publication}`,
      `jilo://videos/${own.video}/poster`,
      'jilo://ledger/2020-01',
      `https://example.com/${'x'.repeat(10_000)}`,
    ])
      await expect(fetchOne(id, owner, operations), id.slice(0, 60)).rejects.toMatchObject(fault);
    for (const id of Object.entries(own).map(([kind, thing]) => `jilo://${kind}s/${thing}`)) {
      await expect(fetchOne(id, stranger, operations)).rejects.toMatchObject(fault);
      await expect(fetchOne(id, owner, [])).rejects.toMatchObject(fault);
      expect((await fetchOne(id, owner, operations)).id).toBe(id);
    }
  });
});
