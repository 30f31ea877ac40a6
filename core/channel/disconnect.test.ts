import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { channels, publications } from '../../drizzle/schema/publishing.ts';
import {
  connectChannel,
  faultOf,
  makeReadyVideo,
  withVideoHost,
  youtubeOf,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { Fault, isFault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { offeredToAgent, perform } from '../operation.ts';
import { publicationCreate } from '../publication/create.ts';
import { withAccess } from './access.ts';
import { channelDisconnect } from './disconnect.ts';
import { channelList } from './list.ts';
import { tokenPlace } from './row.ts';

let world: World;
let context: Context;
let account = '';
let people = 0;
beforeAll(async () => {
  world = await createWorld();
});
beforeEach(async () => {
  people += 1;
  account = `person${people}`;
  context = await world.context('terminal', account);
});
afterAll(() => world.close());

async function rowOf(id: string) {
  const [row] = await world.app.database.db.select().from(channels).where(eq(channels.id, id));
  if (!row) throw new Error('the channel is gone');
  return row;
}

async function refreshTokenOf(id: string): Promise<string> {
  const row = await rowOf(id);
  return world.app.crypto.open(
    row.refreshTokenSealed ?? '',
    tokenPlace(row, 'refresh_token_sealed'),
  );
}

const disconnect = (channel: string, of: Context = context) =>
  world.must(channelDisconnect, { channel }, of);

describe('disconnecting', () => {
  test('tells Google, deletes the keys and hides the channel', async () => {
    const id = await connectChannel(world, account, { channel: '城市慢镜头' });
    const token = await refreshTokenOf(id);
    expect(await youtubeOf(world).refresh(token)).toBeDefined();
    expect(await disconnect(id)).toEqual({ channel: id, title: '城市慢镜头', told: true });
    expect(await rowOf(id)).toMatchObject({
      status: 'disconnected',
      scopes: [],
      accessTokenSealed: null,
      refreshTokenSealed: null,
    });
    expect(await faultOf(youtubeOf(world).refresh(token))).toBe('channel_reconnect');
    expect(await world.must(channelList, {}, context)).toEqual({ channels: [] });
    expect(await faultOf(withAccess(world.app, id, async () => 'used'))).toBe('channel_missing');
  });

  test('happens once', async () => {
    const id = await connectChannel(world, account);
    await disconnect(id);
    expect(await faultOf(disconnect(id))).toBe('not_found');
  });

  test("leaves the person's other channels, and those of others", async () => {
    const id = await connectChannel(world, account, { channel: '城市慢镜头' });
    const other = await connectChannel(world, account, { channel: 'Jilo Demo Channel' });
    await disconnect(id);
    expect(await withAccess(world.app, other, async (token) => token)).toMatch(/^ya29\./);
    const stranger = await world.context('terminal', 'a stranger');
    expect(await faultOf(disconnect(other, stranger))).toBe('not_found');
    expect(await rowOf(other)).toMatchObject({ status: 'connected' });
  });

  test('deletes the keys also when Google stays away, and says so', async () => {
    const id = await connectChannel(world, account);
    let calls = 0;
    const ports = withVideoHost(world, {
      revoke: async () => {
        calls += 1;
        throw new Fault('provider_busy', { provider: 'YouTube' });
      },
    });
    expect(await disconnect(id, { ...context, ports })).toMatchObject({ told: false });
    expect(calls).toBe(3);
    expect(await rowOf(id)).toMatchObject({ status: 'disconnected', refreshTokenSealed: null });
    for (const locale of ['en', 'zh'] as const) {
      const said = catalogue(locale).say.channel_disconnect;
      expect(said({ channel: 'A', told: false })).toContain('myaccount.google.com');
      expect(said({ channel: 'A', told: true })).not.toContain('myaccount.google.com');
    }
  });

  test('tries again when Google was away for a moment', async () => {
    const id = await connectChannel(world, account);
    const host = youtubeOf(world);
    let calls = 0;
    const ports = withVideoHost(world, {
      revoke: async (token) => {
        calls += 1;
        if (calls < 3) throw new Error('socket hang up');
        await host.revoke(token);
      },
    });
    expect(await disconnect(id, { ...context, ports })).toMatchObject({ told: true });
  });

  test('works for a channel that has to be connected again', async () => {
    const id = await connectChannel(world, account);
    await world.app.database.db
      .update(channels)
      .set({ status: 'reconnect' })
      .where(eq(channels.id, id));
    expect(await disconnect(id)).toMatchObject({ told: true });
  });

  test('is undone by connecting again, under the same id', async () => {
    const id = await connectChannel(world, account, { channel: '城市慢镜头' });
    await disconnect(id);
    expect(await connectChannel(world, account, { channel: '城市慢镜头' })).toBe(id);
    expect(await rowOf(id)).toMatchObject({ status: 'connected' });
    expect(await withAccess(world.app, id, async (token) => token)).toMatch(/^ya29\./);
  });
});

test('an upload on its way does not go on, and nothing of it is left at YouTube', async () => {
  const id = await connectChannel(world, account, { channel: '城市慢镜头' });
  const video = await makeReadyVideo(world, account);
  const before = world.emulators.google.videos.length;
  const wish = { video, channel: id, title: 'A paper boat', description: '', tags: '' };
  await world.must(publicationCreate, wish, context);
  await disconnect(id);
  await world.drain();
  const [row] = await world.app.database.db
    .select()
    .from(publications)
    .where(eq(publications.channelId, id));
  expect(row).toMatchObject({ hostVideoId: null, uploadedBytes: 0 });
  expect(row?.status === 'failed' || row?.waitingFor === 'channel').toBe(true);
  expect(world.emulators.google.videos).toHaveLength(before);
});

describe('before it is done', () => {
  test('a person is asked, and never a model', async () => {
    const id = await connectChannel(world, account);
    const outcome = await perform(channelDisconnect, { channel: id }, context);
    expect(!outcome.ok && isFault(outcome.fault, 'approval_required')).toBe(true);
    expect(await rowOf(id)).toMatchObject({ status: 'connected' });
    expect(offeredToAgent([channelDisconnect], world.app.ports)).toEqual([]);
  });

  test('what is scheduled there, and what is on its way, is counted', async () => {
    const id = await connectChannel(world, account, { channel: '城市慢镜头' });
    const video = await makeReadyVideo(world, account);
    const wish = { video, channel: id, title: 'A paper boat', description: '', tags: '' };
    const lines = async () => {
      const preview = await channelDisconnect.preview?.({ channel: id }, context);
      return Object.fromEntries(preview?.lines ?? []);
    };
    const before = await lines();
    expect(before).toMatchObject({ Channel: '城市慢镜头 (@chengshi-slow)' });
    expect(before).not.toHaveProperty('Scheduled there');
    expect(before).not.toHaveProperty('Still being uploaded');
    await world.must(publicationCreate, wish, context);
    expect(await lines()).toMatchObject({ 'Still being uploaded': expect.stringMatching(/^1:/) });
    await world.app.database.db
      .update(publications)
      .set({ status: 'scheduled' })
      .where(eq(publications.channelId, id));
    const scheduled = await lines();
    expect(scheduled).toMatchObject({ 'Scheduled there': expect.stringMatching(/^1:/) });
    expect(scheduled).not.toHaveProperty('Still being uploaded');
  });
});
