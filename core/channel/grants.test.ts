import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { channels, oauthStates } from '../../drizzle/schema/publishing.ts';
import { answerOfHost } from '../../test/kit/host-answer.ts';
import {
  comeBack,
  connectChannel,
  faultOf,
  withVideoHost,
  youtubeOf,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { sha256Hex } from '../crypto.ts';
import { Fault } from '../fault.ts';
import { connectPageWords } from '../messages/connect-page.ts';
import { perform } from '../operation.ts';
import { manageScope, requiredScopes, type VideoHost } from '../ports/video-host.ts';
import { completeConnection } from './complete.ts';
import { channelConnect } from './connect.ts';
import { channelList } from './list.ts';
import { findConnection } from './start.ts';

let world: World;
let context: Context;
let account = '';
let people = 0;
beforeEach(async () => {
  people += 1;
  account = `person${people}`;
  context = await world.context('terminal', account);
});

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const rowsOf = () =>
  world.app.database.db
    .select()
    .from(channels)
    .where(eq(channels.accountId, context.actor.accountId))
    .orderBy(asc(channels.createdAt), asc(channels.id));

const listed = async (input: object = {}) =>
  channelList.output.parse(await world.must(channelList, input, context)).channels;

/** The state and Google's address of a link, without opening it. */
async function link(input: object = {}) {
  const { url } = await world.must(channelConnect, input, context);
  const state = new URL(z.string().parse(url)).searchParams.get('state') ?? '';
  const connection = await findConnection(world.app, state);
  return { state, connection, google: new URL(connection.hostUrl) };
}

describe('what is asked for', () => {
  test.each([
    [{}, 'upload', [...requiredScopes]],
    [{ access: 'upload' }, 'upload', [...requiredScopes]],
    [{ access: 'manage' }, 'manage', [...requiredScopes, manageScope]],
  ] as const)('with %j is %s', async (input, access, scopes) => {
    const { state, connection, google } = await link(input);
    expect(google.searchParams.get('scope')?.split(' ').toSorted()).toEqual(scopes.toSorted());
    expect(google.searchParams.get('include_granted_scopes')).toBe('true');
    expect(connection).toMatchObject({ access, accountName: account });
    const [row] = await world.app.database.db
      .select()
      .from(oauthStates)
      .where(eq(oauthStates.stateHash, sha256Hex(state)));
    expect(row).toMatchObject({ access, browserHash: null, usedAt: null });
  });

  test('is refused when it is anything else', async () => {
    const outcome = await perform(channelConnect, { access: 'everything' }, context);
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'invalid_input' } });
  });

  test('goes with a challenge whose answer nobody else has', async () => {
    const { google } = await link();
    expect(google.searchParams.get('code_challenge_method')).toBe('S256');
    expect(google.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    const second = await link();
    const challengeOf = (url: URL) => url.searchParams.get('code_challenge');
    expect(challengeOf(second.google)).not.toBe(challengeOf(google));
    expect(second.state).not.toBe(google.searchParams.get('state'));
  });
});

describe('what is granted', () => {
  const unticked = { channel: '城市慢镜头', scopes: requiredScopes };

  test('is all of it, when every box stays ticked', async () => {
    await connectChannel(world, account, { channel: '城市慢镜头' });
    expect(await listed()).toMatchObject([{ access: 'manage', status: 'connected' }]);
  });

  test('counts, and not what was asked for: without changes the channel is for uploads', async () => {
    const fresh = await createWorld();
    try {
      const page = await comeBack(await fresh.context(), fresh, unticked, 'manage');
      expect(page.status).toBe(200);
      const text = await page.text();
      expect(text).toContain('城市慢镜头');
      expect(text).toContain('Changing videos was not allowed');
      const found = channelList.output.parse(
        await fresh.must(channelList, {}, await fresh.context()),
      );
      expect(found.channels).toMatchObject([{ access: 'upload', status: 'connected' }]);
    } finally {
      await fresh.close();
    }
  });

  test('includes what Google says was granted earlier', async () => {
    await connectChannel(world, account, { channel: '城市慢镜头' });
    const answer = await answerOfHost(world, context, unticked, 'upload');
    const connection = await completeConnection(world.app, answer);
    expect(connection).toMatchObject({ asked: 'upload', access: 'manage' });
    const [row] = await rowsOf();
    expect(row?.scopes).toContain(manageScope);
  });

  test('is not complained about when less was asked for', async () => {
    const page = await comeBack(context, world, {}, 'upload');
    expect(await page.text()).not.toContain(connectPageWords.en.onlyUpload);
  });
});

describe('several channels', () => {
  test('are kept side by side, each with its own keys', async () => {
    const first = await connectChannel(world, account, { channel: 'Jilo Demo Channel' });
    await world.advance(1);
    const second = await connectChannel(world, account, { channel: '城市慢镜头' });
    expect(await listed()).toMatchObject([
      { channel: first, title: 'Jilo Demo Channel' },
      { channel: second, title: '城市慢镜头' },
    ]);
    const [one, other] = await rowsOf();
    expect(one?.refreshTokenSealed).not.toBe(other?.refreshTokenSealed);
  });

  test('show their playlists when they are asked for, and null where they are not known', async () => {
    const first = await connectChannel(world, account, { channel: 'Jilo Demo Channel' });
    await world.advance(1);
    const second = await connectChannel(world, account, { channel: '城市慢镜头' });
    const third = await connectChannel(world, 'somebody', { channel: '城市慢镜头' });
    expect(await listed()).toMatchObject([{ playlists: null }, { playlists: null }]);
    const lists = [{ id: 'PL1', title: 'Shorts' }];
    const seen: string[] = [];
    const host: Partial<VideoHost> = {
      fetchPlaylists: async (token) => {
        const [mine] = await youtubeOf(world).fetchChannels(token);
        seen.push(mine?.title ?? '');
        if (mine?.title === '城市慢镜头') throw new Fault('provider_busy', { provider: 'YouTube' });
        return lists;
      },
    };
    const asking = { ...context, ports: withVideoHost(world, host) };
    const outcome = await perform(channelList, { playlists: true }, asking);
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        channels: [
          { channel: first, playlists: lists },
          { channel: second, playlists: null },
        ],
      },
    });
    expect(seen.toSorted()).toEqual(['Jilo Demo Channel', '城市慢镜头']);
    expect(third).not.toBe(second);
  });

  test('that have to be connected again are not asked for playlists', async () => {
    const id = await connectChannel(world, account);
    const { db } = world.app.database;
    await db.update(channels).set({ status: 'reconnect' }).where(eq(channels.id, id));
    const asking = { ...context, ports: withVideoHost(world, { fetchPlaylists: neverAsked }) };
    const outcome = await perform(channelList, { playlists: true }, asking);
    expect(outcome).toMatchObject({
      ok: true,
      value: { channels: [{ status: 'reconnect', playlists: null }] },
    });
  });

  test('are shown to nobody else', async () => {
    const id = await connectChannel(world, account);
    context = await world.context('terminal', 'a stranger');
    expect(await listed()).toEqual([]);
    expect(await faultOf(world.must(channelList, { channel: id }, context))).toBe('invalid_input');
  });
});

const neverAsked = () => Promise.reject(new Error('asked for playlists'));
