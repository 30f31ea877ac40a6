import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Route } from '../../sandbox/http.ts';
import {
  against,
  answer,
  caught,
  connect,
  openYouTube,
  problem,
  refused,
  stayOnLoopback,
  upload,
  type YouTubeSandbox,
} from '../../test/kit/youtube.ts';

stayOnLoopback();
let tube: YouTubeSandbox;
beforeEach(async () => {
  tube = await openYouTube();
});
afterEach(() => tube.close());

async function uploaded() {
  const { accessToken } = await connect(tube);
  return { accessToken, id: await upload(tube, accessToken) };
}

const callsSince = (before: number) =>
  tube.google.calls.slice(before).map(({ method, path }) => `${method} ${path}`);

describe('playlists', () => {
  it('are made empty and private', async () => {
    const { accessToken } = await connect(tube);
    expect(await tube.host.fetchPlaylists(accessToken)).toEqual([]);
    const made = await tube.host.createPlaylist(accessToken, '咖啡 coffee');
    expect(tube.google.playlists).toMatchObject([
      { id: made.id, title: '咖啡 coffee', privacy: 'private', videoIds: [] },
    ]);
    expect(made).toEqual({ id: made.id, title: '咖啡 coffee' });
    expect(await tube.host.fetchPlaylists(accessToken)).toEqual([made]);
  });

  it('are listed over several pages', async () => {
    const { accessToken } = await connect(tube);
    for (let index = 0; index < 51; index += 1)
      await tube.host.createPlaylist(accessToken, `List ${index}`);
    const before = tube.google.calls.length;
    const titles = (await tube.host.fetchPlaylists(accessToken)).map(({ title }) => title);
    expect(titles.toSorted()).toEqual(tube.google.playlists.map(({ title }) => title).toSorted());
    expect(callsSince(before)).toEqual(Array(2).fill('GET /youtube/v3/playlists'));
  });

  it.each([
    [0, 0, 1],
    [49, 49, 1],
    [50, 50, 1],
    [51, 51, 2],
    [200, 200, 4],
    [201, 200, 4],
  ])('of %i, %i are listed in %i calls', async (count, listed, calls) => {
    const asked: (string | null)[] = [];
    const handle: Route['handle'] = ({ url }) => {
      asked.push(url.searchParams.get('pageToken'));
      const from = Number(url.searchParams.get('pageToken') ?? '0');
      const to = Math.min(count, from + Number(url.searchParams.get('maxResults')));
      const items = Array.from({ length: to - from }, (_, index) => ({
        id: `PL${from + index}`,
        snippet: { title: 'same' },
      }));
      return { status: 200, body: { items, ...(to < count ? { nextPageToken: `${to}` } : {}) } };
    };
    const found = await against(tube, [{ method: 'GET', handle }], (host) =>
      host.fetchPlaylists('token'),
    );
    expect(new Set(found.map(({ id }) => id)).size).toBe(listed);
    expect(asked).toEqual([null, '50', '100', '150'].slice(0, calls));
  });

  it('take a video once', async () => {
    const { accessToken, id } = await uploaded();
    const { id: playlistId } = await tube.host.createPlaylist(accessToken, 'Coffee');
    const second = await upload(tube, accessToken);
    await tube.host.addToPlaylist(accessToken, playlistId, id);
    await tube.host.addToPlaylist(accessToken, playlistId, second);
    const before = tube.google.calls.length;
    await tube.host.addToPlaylist(accessToken, playlistId, id);
    expect(callsSince(before)).toEqual(['GET /youtube/v3/playlistItems']);
    expect(tube.google.playlists[0]?.videoIds).toEqual([id, second]);
  });

  it('are refused by what is missing or wrong', async () => {
    const { accessToken, id } = await uploaded();
    const { host } = tube;
    const { id: playlistId } = await host.createPlaylist(accessToken, 'Coffee');
    const gone = host.addToPlaylist(accessToken, 'PLnone', id);
    expect(await caught(gone)).toMatchObject(refused('playlistNotFound'));
    const unknown = host.addToPlaylist(accessToken, playlistId, 'none');
    expect(await caught(unknown)).toMatchObject(refused('videoNotFound'));
    const long = host.createPlaylist(accessToken, 'x'.repeat(151));
    expect(await caught(long)).toMatchObject(refused('invalidPlaylistSnippet'));
  });

  it('need the access to manage', async () => {
    const { accessToken } = await connect(tube, 'upload');
    const missing = { code: 'channel_scope_missing', params: { scopes: 'youtube.force-ssl' } };
    const made = tube.host.createPlaylist(accessToken, 'Coffee');
    expect(await caught(made)).toMatchObject(missing);
    expect(await tube.host.fetchPlaylists(accessToken)).toEqual([]);
  });

  it.each([
    ['http_503', 'provider_busy'],
    ['http_401', 'channel_reconnect'],
    ['http_403_quota', 'provider_busy'],
    ['reset_before', 'provider_busy'],
    ['reset_after', 'provider_busy'],
  ] as const)('with %s are %s, each call made once', async (how, code) => {
    const { accessToken, id } = await uploaded();
    const { id: playlistId } = await tube.host.createPlaylist(accessToken, 'Coffee');
    tube.google.misbehave({ on: 'playlists', how, times: 2 });
    tube.google.misbehave({ on: 'playlist_items', how, times: 1, after: 1 });
    const before = tube.google.calls.length;
    expect((await caught(tube.host.fetchPlaylists(accessToken))).code).toBe(code);
    expect((await caught(tube.host.createPlaylist(accessToken, 'Tea'))).code).toBe(code);
    const added = tube.host.addToPlaylist(accessToken, playlistId, id);
    expect((await caught(added)).code).toBe(code);
    expect(callsSince(before)).toEqual([
      'GET /youtube/v3/playlists',
      'POST /youtube/v3/playlists',
      'GET /youtube/v3/playlistItems',
      'POST /youtube/v3/playlistItems',
    ]);
  });

  const addAgainst = (reason: string) =>
    against(
      tube,
      [
        { method: 'GET', handle: answer(200, { items: [] }) },
        { method: 'POST', handle: problem(409, reason) },
      ],
      (host) => host.addToPlaylist('token', 'PL', 'video'),
    );

  it('that have it in the meantime are no failure', async () => {
    await expect(addAgainst('videoAlreadyInPlaylist')).resolves.toBeUndefined();
  });

  it('that are full are one', async () => {
    const full = 'playlistContainsMaximumNumberOfVideos';
    expect(await caught(addAgainst(full))).toMatchObject(refused(full));
  });
});
