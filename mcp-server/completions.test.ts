import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Context } from '../core/context.ts';
import {
  addPublications,
  addTrend,
  addVideos,
  hideVideo,
  openBelongings,
  type BelongingsScene,
} from '../test/kit/belongings.ts';
import { complete } from './completions.ts';
import { listPrompts } from './prompts/list.ts';
import { resourceTemplates } from './resources/templates.ts';

let scene: BelongingsScene;
beforeAll(async () => {
  scene = await openBelongings();
});
afterAll(() => scene.world.close());

const ofTemplate = (uri: string, value: string, context: Context = scene.owner) => {
  const name = uri.includes('{month}') ? 'month' : 'id';
  return complete({ type: 'ref/resource', uri }, { name, value }, context);
};
const ofPrompt = (name: string, argument: string, value: string, context = scene.owner) =>
  complete({ type: 'ref/prompt', name }, { name: argument, value }, context);

const nothing = { values: [], total: 0, hasMore: false };
const only = (...values: string[]) => ({ values, total: values.length, hasMore: false });

describe('ids', () => {
  const templates = () =>
    [
      ['jilo://videos/{id}', scene.own.video, scene.foreign.video],
      ['jilo://videos/{id}/poster', scene.own.video, scene.foreign.video],
      ['jilo://trends/{id}', scene.own.trend, scene.foreign.trend],
      ['jilo://publications/{id}', scene.own.publication, scene.foreign.publication],
    ] as const;

  test('are those of the person alone', async () => {
    const { stranger } = scene;
    for (const [uri, own, foreign] of templates()) {
      expect(await ofTemplate(uri, '')).toEqual(only(own));
      expect(await ofTemplate(uri, '', stranger)).toEqual(only(foreign));
      expect(await ofTemplate(uri, foreign)).toEqual(nothing);
      expect(await ofTemplate(uri, 'lighthouse')).toEqual(nothing);
      expect(await ofTemplate(uri, 'lighthouse', stranger)).toEqual(only(foreign));
    }
    const { own, foreign } = scene;
    expect(await ofPrompt('remix-a-trend', 'trend', '')).toEqual(only(own.trend));
    expect(await ofPrompt('remix-a-trend', 'trend', foreign.trend.slice(0, 8))).toEqual(nothing);
  });

  test('are found by how they begin', async () => {
    for (const [uri, own] of templates()) {
      expect(await ofTemplate(uri, own.slice(0, 10))).toEqual(only(own));
      expect(await ofTemplate(uri, own)).toEqual(only(own));
      expect(await ofTemplate(uri, `${own}0`)).toEqual(nothing);
      expect(await ofTemplate(uri, own.slice(1))).toEqual(nothing);
    }
  });

  test('are found by every word of their texts, in any order and case', async () => {
    const { own } = scene;
    expect(await ofTemplate('jilo://videos/{id}', 'RAINY boat')).toEqual(only(own.video));
    expect(await ofTemplate('jilo://videos/{id}', 'rainy kite')).toEqual(nothing);
    expect(await ofTemplate('jilo://publications/{id}', 'gutter reg')).toEqual(
      only(own.publication),
    );
    expect(await ofTemplate('jilo://trends/{id}', 'boats')).toEqual(only(own.trend));
  });

  test('are not found by what means something in a pattern', async () => {
    const { world } = scene;
    const person = await world.context('mcp', 'patterns');
    const [percent = '', , under = '', back = ''] = await addVideos(world, person, [
      '100% cotton',
      'plain',
      'snake_case',
      String.raw`a \ b`,
    ]);
    const find = (text: string) => ofTemplate('jilo://videos/{id}', text, person);
    expect(await find('%')).toEqual(only(percent));
    expect(await find('_')).toEqual(only(under));
    expect(await find('\\')).toEqual(only(back));
    for (const text of ["'", '";--', '\0', '\ud800', '%%', 'vid%'])
      expect((await find(text)).values.length, text).toBe(text === '\0' ? 4 : 0);
  });

  test('are the newest 100, with how many there are', async () => {
    const { world } = scene;
    const person = await world.context('mcp', 'collector');
    const prompts = Array.from({ length: 101 }, (_, index) => `kite ${index}`);
    const ids = await addVideos(world, person, prompts);
    const all = await ofTemplate('jilo://videos/{id}', '', person);
    expect(all).toEqual({ values: ids.slice(0, 100), total: 101, hasMore: true });
    await hideVideo(world, ids[0] ?? '');
    const rest = await ofTemplate('jilo://videos/{id}', 'kite', person);
    expect(rest).toEqual({ values: ids.slice(1), total: 100, hasMore: false });
    await addPublications(world, person, ['kites']);
    await addTrend(world, person, { title: 'Kites', keyword: 'wind' });
    expect(await ofTemplate('jilo://trends/{id}', 'wind', person)).toMatchObject({ total: 1 });
  });
});

describe('choices', () => {
  test('are those of the argument that begin so', async () => {
    expect(await ofPrompt('find-and-make', 'seconds', '')).toEqual(only('15', '30', '60'));
    expect(await ofPrompt('find-and-make', 'seconds', '3')).toEqual(only('30'));
    expect(await ofPrompt('explain-my-stats', 'days', '')).toEqual(only('7', '30', '90'));
    expect(await ofPrompt('weekly-plan', 'videos_per_week', '1')).toEqual(
      only('1', '10', '11', '12', '13', '14'),
    );
  });

  test('of the ledger are the months in which quota moved', async () => {
    const { world } = scene;
    const person = await world.context('mcp', 'saver');
    const { accountId } = person.actor;
    await world.app.database.sql`
      select quota_post('grant', ${accountId}, 1::integer, 'early', ${accountId}, '2025-12-31T23:30:00Z'::timestamptz)`;
    const months = (value: string, context = person) =>
      ofTemplate('jilo://ledger/{month}', value, context);
    expect(await months('')).toEqual(only('2026-11', '2025-12'));
    expect(await months('2025')).toEqual(only('2025-12'));
    expect(await months('', { ...person, timeZone: 'Asia/Shanghai' })).toEqual(
      only('2026-11', '2026-01'),
    );
    expect(await months('', scene.stranger)).toEqual(only('2026-11'));
  });

  test('are none for what is not known', async () => {
    expect(await ofPrompt('find-and-make', 'topic', 'a')).toEqual(nothing);
    expect(await ofPrompt('nothing', 'seconds', '')).toEqual(nothing);
    expect(await ofPrompt('toString', 'constructor', '')).toEqual(nothing);
    expect(await ofTemplate('jilo://accounts/{id}', '')).toEqual(nothing);
    expect(await ofTemplate('find-and-make seconds', '')).toEqual(nothing);
  });

  test('are there for every variable of every template', async () => {
    for (const { uriTemplate } of resourceTemplates)
      expect((await ofTemplate(uriTemplate, '')).total, uriTemplate).toBeGreaterThan(0);
    const free = ['topic'];
    for (const { name, arguments: args = [] } of listPrompts('en'))
      for (const { name: argument } of args)
        expect((await ofPrompt(name, argument, '')).total > 0, `${name} ${argument}`).toBe(
          !free.includes(argument),
        );
  });
});
