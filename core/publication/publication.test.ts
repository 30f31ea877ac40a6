import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { publications } from '../../drizzle/schema/publishing.ts';
import { connectChannel, makeReadyVideo, refused, startVideo } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { decideApproval } from '../consent/decide.ts';
import type { Context } from '../context.ts';
import { inputSchemaFor, perform } from '../operation.ts';
import { publicationCreate } from './create.ts';
import { publicationShow } from './show.ts';

let world: World;
let context: Context;
let video: string;
let channel: string;
beforeAll(async () => {
  world = await createWorld();
  context = await world.context();
  video = await makeReadyVideo(world);
  channel = await connectChannel(world);
});
afterAll(() => world.close());

const count = async () => (await world.app.database.db.select().from(publications)).length;

describe('what is refused before anything starts', () => {
  const wish = (changes: object) => ({ video, title: 'A paper boat', ...changes });

  test.each<[string, object, string]>([
    ['a title of 101 characters', { title: '🚤'.repeat(101) }, 'title'],
    ['no title', { title: '   ' }, 'title'],
    ['a title with brackets', { title: 'a <b>' }, 'title'],
    ['a description of 5001 bytes', { description: '纸'.repeat(1667) }, 'description'],
    ['tags of 501', { tags: 'b'.repeat(501) }, 'tags'],
    ['a category in words', { category: 'music' }, 'category'],
    ['a time without zone', { publish_at: '2026-12-01T20:00:00' }, 'publish_at'],
    ['a time in the past', { publish_at: '2026-11-22T07:59:59Z' }, 'publish_at'],
    ['the present moment', { publish_at: '2026-11-22T08:00:00Z' }, 'publish_at'],
    [
      'a scheduled unlisted video',
      { publish_at: '2026-11-23T08:00:00Z', privacy: 'unlisted' },
      'privacy',
    ],
    ['an unknown field', { comments: true }, 'comments'],
  ])('%s', async (_, changes, field) => {
    const before = await count();
    const fault = await refused(world, publicationCreate, wish(changes), context);
    expect(fault).toMatchObject({ code: 'invalid_input', field });
    expect(fault.message).toContain(field);
    expect(await count()).toBe(before);
  });

  test('a video that is not ready', async () => {
    const queued = await startVideo(world);
    expect(await refused(world, publicationCreate, wish({ video: queued }), context)).toMatchObject(
      { code: 'not_ready', field: 'video' },
    );
  });

  test("another account's video, channel and publication", async () => {
    const other = await world.context('terminal', 'other');
    expect(await refused(world, publicationCreate, wish({}), other)).toMatchObject({
      code: 'not_found',
      field: 'video',
    });
    const own = await makeReadyVideo(world, 'other');
    expect(await refused(world, publicationCreate, wish({ video: own }), other)).toMatchObject({
      code: 'channel_missing',
      field: 'channel',
    });
    const stolen = wish({ video: own, channel });
    expect(await refused(world, publicationCreate, stolen, other)).toMatchObject({
      code: 'not_found',
      field: 'channel',
    });
    const { publication } = await world.must(publicationCreate, wish({}), context);
    expect(await refused(world, publicationShow, { publication }, other)).toMatchObject({
      code: 'not_found',
      field: 'publication',
    });
    await world.drain();
  });
});

describe('what a person decides', () => {
  const fields = ['privacy', 'notify', 'made_for_kids'];

  test('is neither shown to models nor taken from them', async () => {
    const shown = Object.keys(inputSchemaFor(publicationCreate, true).shape);
    expect(shown).not.toEqual(expect.arrayContaining(fields));
    expect(shown).toContain('title');
    for (const surface of ['mcp', 'agent'] as const) {
      const model = await world.context(surface);
      for (const [field, value] of Object.entries({ privacy: 'public', notify: true })) {
        const wish = { video, title: 'A boat', [field]: value };
        expect(await refused(world, publicationCreate, wish, model)).toMatchObject({
          code: 'invalid_input',
          field,
        });
      }
    }
  });

  const approve = async (choices: Record<string, unknown>) => {
    const model = await world.context('mcp');
    const title = `By a model ${Object.values(choices).join(' ')}`;
    const asked = await perform(publicationCreate, { video, title }, model);
    if (asked.ok || !('id' in asked.fault.params)) throw new Error('nobody was asked');
    const id = z.string().parse(asked.fault.params.id);
    const by = model.actor.accountId;
    await decideApproval(world.app, { id, approved: true, by, surface: 'web', choices });
    return perform(publicationCreate, { video, title }, model, { approvalId: id });
  };

  test('comes with the approval, and without it takes the safest value', async () => {
    const open = await approve({ privacy: 'unlisted', made_for_kids: true });
    const plain = await approve({});
    if (!open.ok || !plain.ok) throw new Error('both were approved');
    const rowOf = async (value: Record<string, unknown>) => {
      const id = z.string().parse(value['publication']);
      const { db } = world.app.database;
      return (await db.select().from(publications).where(eq(publications.id, id)))[0];
    };
    expect(await rowOf(open.value)).toMatchObject({
      privacy: 'unlisted',
      madeForKids: true,
      notifySubscribers: false,
    });
    expect(await rowOf(plain.value)).toMatchObject({
      privacy: 'private',
      madeForKids: false,
      notifySubscribers: false,
    });
  });

  test('is checked once more: a choice that does not fit publishes nothing', async () => {
    const before = await count();
    expect(await approve({ privacy: 'everybody' })).toMatchObject({
      ok: false,
      fault: { code: 'invalid_input' },
    });
    expect(await count()).toBe(before);
  });
});

test('one approval, pressed twice and used ten times at once, publishes once', async () => {
  const wish = { video, title: 'Only once' };
  const asked = await perform(publicationCreate, wish, context);
  if (asked.ok || !('id' in asked.fault.params)) throw new Error('nobody was asked');
  const id = z.string().parse(asked.fault.params.id);
  const decision = {
    id,
    approved: true,
    by: context.actor.accountId,
    surface: 'terminal',
  } as const;
  const presses = await Promise.allSettled([
    decideApproval(world.app, decision),
    decideApproval(world.app, decision),
  ]);
  expect(presses.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, () => perform(publicationCreate, wish, context, { approvalId: id })),
  );
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  await world.drain();
  const made = world.emulators.google.videos.filter(({ title }) => title === 'Only once');
  expect(made).toHaveLength(1);
});
