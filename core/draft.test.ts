import { afterAll, beforeAll, expect, test } from 'vitest';

import { drafts } from '../drizzle/schema/chat.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { readDraft, saveDraft } from './draft.ts';

let world: World;
let accountId: string;
let other: string;
beforeAll(async () => {
  world = await createWorld();
  accountId = (await world.context()).actor.accountId;
  other = (await world.context('terminal', 'other')).actor.accountId;
});
afterAll(() => world.close());

const rows = async () => (await world.app.database.db.select().from(drafts)).length;

test.each([null, '100000000000000001'])(
  'one draft of a topic is kept in server %s',
  async (serverId) => {
    const place = { accountId, serverId, topic: 'prompt' };
    expect(await readDraft(world.app, place)).toBe(null);
    const first = await saveDraft(world.app, { ...place, fields: { prompt: 'a boat' } });
    const before = await rows();
    const again = await saveDraft(world.app, {
      ...place,
      fields: { prompt: 'two boats', seconds: 15 },
    });
    expect(again).toEqual(first);
    expect(await rows()).toBe(before);
    const kept = { id: first.id, topic: 'prompt', fields: { prompt: 'two boats', seconds: 15 } };
    expect(await readDraft(world.app, place)).toEqual(kept);
    expect(await readDraft(world.app, { accountId, id: first.id })).toEqual(kept);
  },
);

test('drafts are kept apart by account, server and topic', async () => {
  const place = { accountId, serverId: null, topic: 'publication:vid_1' };
  const { id } = await saveDraft(world.app, { ...place, fields: {} });
  expect(await readDraft(world.app, { accountId: other, id })).toBe(null);
  for (const elsewhere of [{ accountId: other }, { serverId: '1' }, { topic: 'publication:vid_2' }])
    expect(await readDraft(world.app, { ...place, ...elsewhere })).toBe(null);
});

test('twenty saves at once leave one draft', async () => {
  const place = { accountId: other, serverId: null, topic: 'prompt' };
  const saved = await Promise.all(
    Array.from({ length: 20 }, (_, number) =>
      saveDraft(world.app, { ...place, fields: { number } }),
    ),
  );
  expect(new Set(saved.map(({ id }) => id)).size).toBe(1);
});
