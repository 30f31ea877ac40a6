import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import {
  connectChannel,
  makeReadyVideo,
  quickWish,
  startVideo,
  videoRow,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { openProgress } from '../progress/messages.ts';
import { publicationCreate } from '../publication/create.ts';
import { videoGenerate } from '../video/generate.ts';
import { listStarted, listUnannounced, readCard, rememberCard, type ApprovalCard } from './card.ts';

let world: World;
let accountId: string;
beforeAll(async () => {
  world = await createWorld();
  accountId = (await world.context()).actor.accountId;
});
afterAll(() => world.close());

const cardOf = (approvalId: string, changes: Partial<ApprovalCard> = {}): ApprovalCard => ({
  approvalId,
  accountId,
  userId: '42',
  serverId: 'g1',
  channelId: 'c1',
  conversationId: 'con_1',
  uploadLimit: 10,
  ...changes,
});

const approvalOf = async (video: string) => {
  const { approvalId } = await videoRow(world, video);
  if (approvalId === null) throw new Error('no approval was kept');
  return approvalId;
};

test('the place where a person was asked is kept, and the first one stays', async () => {
  expect(await readCard(world.app, 'apr_1')).toBeNull();
  await rememberCard(world.app, cardOf('apr_1'));
  await rememberCard(world.app, cardOf('apr_1', { channelId: 'c2', conversationId: null }));
  expect(await readCard(world.app, 'apr_1')).toEqual(cardOf('apr_1'));
});

test('what an approval has started is found by its own account only', async () => {
  const id = await makeReadyVideo(world);
  const approvalId = await approvalOf(id);
  expect(await listStarted(world.app, accountId, approvalId)).toEqual([{ kind: 'video', id }]);
  expect(await listStarted(world.app, 'acc_other', approvalId)).toEqual([]);
  expect(await listStarted(world.app, accountId, 'apr_none')).toEqual([]);
});

test('several takes are found in their order, and each is listed until it has its message', async () => {
  const context = await world.context('terminal');
  const { videos: ids } = await world.must(videoGenerate, { ...quickWish, variants: 3 }, context);
  const takes = z.array(z.string()).parse(ids);
  const approvalId = await approvalOf(takes[0] ?? '');
  const started = await listStarted(world.app, accountId, approvalId);
  expect(started.map(({ id }) => id)).toEqual(takes);
  const { approvalId: _, ...place } = cardOf('');
  await rememberCard(world.app, cardOf(approvalId));
  await openProgress(world.app, { ...place, subjectId: takes[1] ?? '' });
  const left = await listUnannounced(world.app);
  expect(left.map(({ subjectId }) => subjectId).toSorted()).toEqual(
    [takes[0] ?? '', takes[2] ?? ''].toSorted(),
  );
  // Nobody is to make them.
  const over = { status: 'cancelled' as const, approvalId: null };
  await world.app.database.db.update(videos).set(over).where(inArray(videos.id, takes));
});

describe('what has no message yet', () => {
  test('is listed while it has a card, until its message is opened', async () => {
    const id = await startVideo(world);
    expect(await listUnannounced(world.app)).toEqual([]);
    const { approvalId: _, ...place } = cardOf('');
    await rememberCard(world.app, cardOf(await approvalOf(id)));
    expect(await listUnannounced(world.app)).toEqual([{ ...place, subjectId: id }]);
    await openProgress(world.app, { ...place, subjectId: id });
    expect(await listUnannounced(world.app)).toEqual([]);
  });

  test('is listed for a day', async () => {
    const id = await startVideo(world);
    await rememberCard(world.app, cardOf(await approvalOf(id)));
    await world.advance(86_399);
    expect(await listUnannounced(world.app)).toMatchObject([{ subjectId: id }]);
    await world.advance(1);
    expect(await listUnannounced(world.app)).toEqual([]);
  });

  test('may be a publication', async () => {
    const video = await makeReadyVideo(world);
    await connectChannel(world);
    const context = await world.context();
    const wish = { video, title: 'A paper boat' };
    const { publication } = await world.must(publicationCreate, wish, context);
    const [row] = await world.app.database.db
      .select()
      .from(publications)
      .where(eq(publications.videoId, video));
    const approvalId = row?.approvalId ?? '';
    expect(await listStarted(world.app, accountId, approvalId)).toEqual([
      { kind: 'publication', id: publication },
    ]);
    await rememberCard(world.app, cardOf(approvalId));
    expect(await listUnannounced(world.app)).toMatchObject([{ subjectId: publication }]);
    await world.app.database.db.update(videos).set({ approvalId: null });
    expect(await listUnannounced(world.app)).toMatchObject([{ subjectId: publication }]);
  });
});
