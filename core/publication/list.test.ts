import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { connectChannel, makeReadyVideo, refused } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { decideApproval } from '../consent/decide.ts';
import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import { perform } from '../operation.ts';
import { publicationCreate } from './create.ts';
import { publicationList } from './list.ts';
import { publicationShow } from './show.ts';

let world: World;
let context: Context;
let video: string;
beforeAll(async () => {
  world = await createWorld();
  context = await world.context();
  video = await makeReadyVideo(world);
  await connectChannel(world);
});
afterAll(() => world.close());

describe('before a person decides', () => {
  const linesOf = async (changes: object, asking: Partial<Context>) => {
    const wish = publicationCreate.input.parse({ video, title: 'A boat', ...changes });
    const shown = await publicationCreate.preview?.(wish, { ...context, ...asking });
    return { title: shown?.title, lines: Object.fromEntries(shown?.lines ?? []) };
  };

  test('the time is that of the person, and who sees it is said in words', async () => {
    const changes = { publish_at: '2026-11-22T12:00:00Z', privacy: 'public' };
    const en = await linesOf(changes, { timeZone: 'Asia/Shanghai' });
    expect(en.title).toMatch(
      /^Publish a video to .+, public at 2026-11-22 20:00 \(Asia\/Shanghai\)$/,
    );
    expect(en.lines).toMatchObject({
      Visibility: 'Public',
      'Goes public at': '2026-11-22 20:00 (Asia/Shanghai)',
    });
    const zh = await linesOf(changes, { timeZone: 'Europe/Berlin', locale: 'zh' });
    expect(zh.title).toMatch(/^发布视频到 .+，2026-11-22 13:00（Europe\/Berlin） 公开$/u);
    expect(zh.lines).toMatchObject({
      可见性: '公开',
      公开时间: '2026-11-22 13:00（Europe/Berlin）',
    });
  });

  test('without a time there is no such line', async () => {
    const { title, lines } = await linesOf({}, {});
    expect(title).toMatch(/^Publish a video to .+ \(Private\)$/);
    expect(lines).toMatchObject({ Visibility: 'Private' });
    expect(Object.keys(lines)).not.toContain('Goes public at');
  });
});

test('what was approved is written down with what it started', async () => {
  const wish = { video, title: 'Approved' };
  const asked = await perform(publicationCreate, wish, context);
  if (asked.ok || !isFault(asked.fault, 'approval_required')) throw new Error('nobody was asked');
  const approvalId = asked.fault.params.id;
  const by = context.actor.accountId;
  await decideApproval(world.app, { id: approvalId, approved: true, by, surface: 'terminal' });
  const made = await perform(publicationCreate, wish, context, { approvalId });
  if (!made.ok) throw made.fault;
  const { db } = world.app.database;
  const id = z.string().parse(made.value['publication']);
  const [row] = await db.select().from(publications).where(eq(publications.id, id));
  expect(row).toMatchObject({ approvalId, serverId: null });
  const [shot] = await db.select().from(videos).where(eq(videos.id, video));
  expect(shot?.approvalId).toMatch(/^apr_/);
  await world.drain();
});

describe('publication_list', () => {
  test('has the newest first, as publication_show has them', async () => {
    const all: string[] = [];
    for (const title of ['One', 'Two', 'Three']) {
      await world.advance(60);
      const { publication } = await world.must(publicationCreate, { video, title }, context);
      all.unshift(z.string().parse(publication));
    }
    const uploading = await world.must(publicationShow, { publication: all[0] }, context);
    expect(uploading).toMatchObject({ status: 'uploading', percent: 0, uploaded_bytes: 0 });
    await world.drain();
    const { publications: listed } = await world.must(publicationList, { limit: 3 }, context);
    const rows = z.array(z.looseObject({ publication: z.string() })).parse(listed);
    expect(rows.map(({ publication }) => publication)).toEqual(all);
    for (const row of rows) {
      const { publication } = row;
      const shown = await world.must(publicationShow, { publication }, context);
      const { created_at, ...same } = row;
      expect(shown).toMatchObject(same);
      expect(shown['uploaded_bytes']).toBe(shown['total_bytes']);
      expect(created_at).toMatch(/^2026-11-22T08:0/);
    }
  });

  test.each([0, 51])('refuses a limit of %i', async (limit) => {
    expect(await refused(world, publicationList, { limit }, context)).toMatchObject({
      code: 'invalid_input',
      field: 'limit',
    });
  });

  test.each([1, 2, 50])('takes a limit of %i', async (limit) => {
    const { publications: listed } = await world.must(publicationList, { limit }, context);
    expect(z.array(z.unknown()).parse(listed)).toHaveLength(Math.min(limit, 4));
  });

  test('of another account is empty, in both languages', async () => {
    const other = await world.context('terminal', 'other');
    expect(await world.perform(publicationList, {}, other)).toMatchObject({
      value: { publications: [] },
      text: '0 publications, newest first.',
    });
    expect(await world.perform(publicationList, {}, { ...other, locale: 'zh' })).toMatchObject({
      text: '共 0 次发布，最新在前。',
    });
  });
});
