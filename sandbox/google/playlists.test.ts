import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { youtube_v3 } from '@googleapis/youtube';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

import {
  clientOf,
  openLocalGoogle,
  outcome,
  signIn,
  uploadFilm,
  type LocalGoogle,
} from '../../test/kit/google.ts';

let local: LocalGoogle;
let token = '';
const uploads = 'UUjiloSandbox0000000001A';
const otherChannel = '城市慢镜头';

beforeEach(async () => {
  local = await openLocalGoogle();
  token = await signIn(local);
});
afterEach(() => local.close());

const make = (title: string | undefined, more: youtube_v3.Schema$Playlist = {}, as = token) => {
  const { api, place } = clientOf(local, as);
  const snippet = title === undefined ? {} : { title };
  return api.playlists.insert(
    { part: ['snippet', 'status'], requestBody: { snippet, ...more } },
    place,
  );
};
const list = (query: youtube_v3.Params$Resource$Playlists$List = {}, as = token) => {
  const { api, place } = clientOf(local, as);
  const part = ['snippet', 'status', 'contentDetails'];
  return api.playlists.list({ part, mine: true, ...query }, place);
};
const add = (
  playlistId: string,
  videoId: string,
  more: youtube_v3.Schema$PlaylistItemSnippet = {},
  as = token,
) => {
  const { api, place } = clientOf(local, as);
  const snippet = { playlistId, resourceId: { kind: 'youtube#video', videoId }, ...more };
  return api.playlistItems.insert({ part: ['snippet'], requestBody: { snippet } }, place);
};
const items = (query: youtube_v3.Params$Resource$Playlistitems$List, as = token) => {
  const { api, place } = clientOf(local, as);
  return api.playlistItems.list({ part: ['snippet', 'contentDetails', 'status'], ...query }, place);
};
const idsOf = (data: youtube_v3.Schema$PlaylistItemListResponse) =>
  (data.items ?? []).map(({ snippet }) => snippet?.resourceId?.videoId);

describe('playlists.insert', () => {
  it('makes an empty list that is public unless it says otherwise', async () => {
    const { data } = await make('Coffee');
    expect(data).toMatchObject({
      kind: 'youtube#playlist',
      snippet: { title: 'Coffee', channelTitle: 'Jilo Demo Channel' },
      status: { privacyStatus: 'public' },
    });
    await make('Mine', { status: { privacyStatus: 'private' } });
    expect(local.google.playlists).toMatchObject([
      { id: data.id, title: 'Coffee', privacy: 'public', videoIds: [] },
      { title: 'Mine', privacy: 'private', videoIds: [] },
    ]);
  });

  it.each([
    [undefined, '400 playlistTitleRequired'],
    [' ', '400 playlistTitleRequired'],
    ['a'.repeat(149), 'fine'],
    ['字'.repeat(150), 'fine'],
    ['a'.repeat(151), '400 invalidPlaylistSnippet'],
    ['a<b', '400 invalidPlaylistSnippet'],
    ['a>b', '400 invalidPlaylistSnippet'],
  ])('with the title %s: %s', async (title, expected) => {
    expect(await outcome(make(title))).toBe(expected);
    expect(local.google.playlists).toHaveLength(expected === 'fine' ? 1 : 0);
  });

  it('needs a scope that manages, and a channel', async () => {
    const weak = await signIn(local, ['youtube.upload', 'youtube.readonly']);
    expect(await outcome(make('A', {}, weak))).toBe('403 insufficientPermissions');
    const homeless = await signIn(local, undefined, 'none');
    expect(await outcome(make('A', {}, homeless))).toBe('401 youtubeSignupRequired');
    const privacyStatus = 'secret';
    expect(await outcome(make('A', { status: { privacyStatus } }))).toBe(
      '400 invalidPlaylistSnippet',
    );
    expect(local.google.playlists).toHaveLength(0);
  });
});

describe('playlists.list', () => {
  it('lists the own ones page by page, the newest first', async () => {
    for (let count = 0; count < 7; count += 1) await make(`List ${count}`);
    const other = await signIn(local, undefined, otherChannel);
    await make('Theirs', {}, other);
    const first = (await list()).data;
    expect(first.items?.map(({ snippet }) => snippet?.title)).toEqual(
      [6, 5, 4, 3, 2].map((count) => `List ${count}`),
    );
    expect(first.pageInfo).toEqual({ totalResults: 7, resultsPerPage: 5 });
    expect(first).not.toHaveProperty('prevPageToken');
    const second = (await list({ pageToken: first.nextPageToken ?? '' })).data;
    expect(second.items?.map(({ snippet }) => snippet?.title)).toEqual(['List 1', 'List 0']);
    expect(second).not.toHaveProperty('nextPageToken');
    const back = (await list({ pageToken: second.prevPageToken ?? '' })).data;
    expect(back.items).toEqual(first.items);
    const exact = (await list({ maxResults: 7 })).data;
    expect(exact.items).toHaveLength(7);
    expect(exact).not.toHaveProperty('nextPageToken');
  });

  it.each([
    [0, 'fine'],
    [1, 'fine'],
    [50, 'fine'],
    [51, '400 invalidParameter'],
    [-1, '400 invalidParameter'],
  ])('with maxResults %i: %s', async (maxResults, expected) => {
    await make('A');
    expect(await outcome(list({ maxResults }))).toBe(expected);
  });

  it('answers an empty list, and refuses a made-up token and a question without a filter', async () => {
    expect((await list()).data).toMatchObject({ items: [], pageInfo: { totalResults: 0 } });
    expect(await outcome(list({ pageToken: 'made-up' }))).toBe('400 invalidPageToken');
    const { api, place } = clientOf(local, token);
    const part = ['snippet'];
    expect(await outcome(api.playlists.list({ part }, place))).toBe('400 missingRequiredParameter');
    const none = api.playlists.list({ part: [], mine: true }, place);
    expect(await outcome(none)).toBe('400 required');
    const homeless = await signIn(local, undefined, 'none');
    expect(await outcome(list({}, homeless))).toBe('404 channelNotFound');
  });

  it('shows others what is not private, by its id', async () => {
    const open = (await make('Open')).data.id ?? '';
    const hidden = (await make('Hidden', { status: { privacyStatus: 'private' } })).data.id ?? '';
    const { api, place } = clientOf(local, await signIn(local, undefined, otherChannel));
    const { data } = await api.playlists.list({ part: ['id'], id: [open, hidden] }, place);
    expect(data.items?.map(({ id }) => id)).toEqual([open]);
    expect(await outcome(items({ playlistId: hidden }, await signIn(local)))).toBe('fine');
    const other = await signIn(local, undefined, otherChannel);
    expect(await outcome(items({ playlistId: hidden }, other))).toBe(
      '403 playlistItemsNotAccessible',
    );
    expect((await items({ playlistId: open }, other)).data.items).toEqual([]);
  });
});

describe('playlistItems', () => {
  it('puts the same video in twice, as nobody stops it', async () => {
    const video = await uploadFilm(local, token);
    const second = await uploadFilm(local, token);
    const playlist = (await make('Coffee')).data.id ?? '';
    const { data } = await add(playlist, video);
    expect(data).toMatchObject({
      kind: 'youtube#playlistItem',
      snippet: { title: 'A title', position: 0, playlistId: playlist },
    });
    await add(playlist, video);
    await add(playlist, second, { position: 0 });
    expect(local.google.playlists[0]?.videoIds).toEqual([second, video, video]);
    expect(idsOf((await items({ playlistId: playlist })).data)).toEqual([second, video, video]);
    const twice = (await items({ playlistId: playlist, videoId: video })).data;
    expect(twice.items?.map(({ snippet }) => snippet?.position)).toEqual([1, 2]);
    expect((await items({ playlistId: playlist, videoId: 'none' })).data.items).toEqual([]);
    expect((await list()).data.items?.[0]?.contentDetails?.itemCount).toBe(3);
    local.google.deleteVideo(second);
    const [gone] = (await items({ playlistId: playlist })).data.items ?? [];
    expect(gone?.snippet?.title).toBe('Deleted video');
  });

  it('refuses what does not fit together', async () => {
    const video = await uploadFilm(local, token);
    const playlist = (await make('Coffee')).data.id ?? '';
    expect(await outcome(add('', video))).toBe('400 playlistIdRequired');
    expect(await outcome(add(playlist, ''))).toBe('400 resourceIdRequired');
    const resourceId = { kind: 'youtube#channel', videoId: video };
    expect(await outcome(add(playlist, video, { resourceId }))).toBe('400 invalidResourceType');
    expect(await outcome(add('PLnone', video))).toBe('404 playlistNotFound');
    expect(await outcome(add(playlist, 'none'))).toBe('404 videoNotFound');
    expect(await outcome(add(uploads, video))).toBe('403 playlistItemsNotAccessible');
    const position = '400 invalidPlaylistItemPosition';
    expect(await outcome(add(playlist, video, { position: -1 }))).toBe(position);
    expect(await outcome(add(playlist, video, { position: 1 }))).toBe(position);
    const weak = await signIn(local, ['youtube.upload', 'youtube.readonly']);
    expect(await outcome(add(playlist, video, {}, weak))).toBe('403 insufficientPermissions');
    const other = await signIn(local, undefined, otherChannel);
    expect(await outcome(add(playlist, video, {}, other))).toBe('403 playlistItemsNotAccessible');
    const theirs = (await make('Theirs', {}, other)).data.id ?? '';
    expect(await outcome(add(theirs, video, {}, other))).toBe('404 videoNotFound');
    expect(local.google.playlists.map(({ videoIds }) => videoIds)).toEqual([[], []]);
    expect(await outcome(items({}))).toBe('400 missingRequiredParameter');
    expect(await outcome(items({ playlistId: 'PLnone' }))).toBe('404 playlistNotFound');
    expect(await outcome(items({ playlistId: 'UUnone' }))).toBe('404 playlistNotFound');
  });

  it('holds 5,000 items, and not one more', async () => {
    await local.close();
    const folder = mkdtempSync(join(tmpdir(), 'full-playlist-'));
    const kept = { stateFile: join(folder, 'state.json'), uploadFolder: folder, port: 0 };
    const first = await openLocalGoogle(kept);
    const as = await signIn(first);
    const video = await uploadFilm(first, as);
    const { api, place } = clientOf(first, as);
    const requestBody = { snippet: { title: 'Full' } };
    const { data } = await api.playlists.insert({ part: ['snippet'], requestBody }, place);
    await first.close();
    const state = z
      .looseObject({ playlists: z.tuple([z.looseObject({ items: z.array(z.unknown()) })]) })
      .parse(JSON.parse(readFileSync(kept.stateFile, 'utf8')));
    const item = { id: 'item', videoId: video, addedAt: 0 };
    state.playlists[0].items = Array.from({ length: 4999 }, () => item);
    writeFileSync(kept.stateFile, JSON.stringify(state));
    local = await openLocalGoogle(kept);
    token = await signIn(local);
    expect(await outcome(add(data.id ?? '', video))).toBe('fine');
    const full = '403 playlistContainsMaximumNumberOfVideos';
    expect(await outcome(add(data.id ?? '', video))).toBe(full);
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('the uploads of a channel', () => {
  it('are listed newest first, the private ones for their owner only', async () => {
    const hidden = await uploadFilm(local, token);
    local.clock.advance(1000);
    const shown = await uploadFilm(local, token, { privacyStatus: 'public' });
    const unlisted = await uploadFilm(local, token, { privacyStatus: 'unlisted' });
    const { data } = await items({ playlistId: uploads });
    expect(idsOf(data)).toEqual([unlisted, shown, hidden]);
    expect(data.items?.[2]).toMatchObject({
      snippet: { title: 'A title', publishedAt: '2026-11-22T20:00:00.000Z', playlistId: uploads },
      contentDetails: { videoId: hidden, videoPublishedAt: '2026-11-22T20:00:00.000Z' },
      status: { privacyStatus: 'private' },
    });
    const page = (await items({ playlistId: uploads, maxResults: 2 })).data;
    expect(idsOf(page)).toEqual([unlisted, shown]);
    const pageToken = page.nextPageToken ?? '';
    expect(idsOf((await items({ playlistId: uploads, pageToken, maxResults: 2 })).data)).toEqual([
      hidden,
    ]);
    const other = await signIn(local, undefined, otherChannel);
    expect(idsOf((await items({ playlistId: uploads }, other)).data)).toEqual([shown]);
  });

  it('are where the channel says', async () => {
    const { api, place } = clientOf(local, token);
    const { data } = await api.channels.list({ part: ['contentDetails'], mine: true }, place);
    expect(data.items?.[0]?.contentDetails?.relatedPlaylists?.uploads).toBe(uploads);
  });
});

describe('units and trouble', () => {
  it('costs 1 for a list and 50 for an insert', async () => {
    await local.close();
    local = await openLocalGoogle({ unitsPerDay: 103 });
    token = await signIn(local);
    const video = await uploadFilm(local, token);
    const playlist = (await make('A')).data.id ?? '';
    await add(playlist, video);
    await list();
    await items({ playlistId: playlist });
    expect(await outcome(add(playlist, video))).toBe('403 quotaExceeded');
    expect(await outcome(make('B'))).toBe('403 quotaExceeded');
    await items({ playlistId: uploads });
    expect(await outcome(items({ playlistId: uploads }))).toBe('403 quotaExceeded');
    expect(await outcome(list())).toBe('403 quotaExceeded');
  });

  it('fails where it is told to', async () => {
    const video = await uploadFilm(local, token);
    local.google.misbehave({ on: 'playlists', how: 'reset_after', times: 1 });
    await expect(make('A')).rejects.toThrow(/socket hang up/u);
    const playlist = local.google.playlists[0]?.id ?? '';
    local.google.misbehave({ on: 'playlist_items', how: 'http_500', times: 1 });
    expect(await outcome(items({ playlistId: uploads }))).toBe('fine');
    expect(await outcome(items({ playlistId: playlist }))).toBe('500 backendError');
    local.google.misbehave({ on: 'uploads', how: 'http_503', times: 1 });
    expect(await outcome(add(playlist, video))).toBe('fine');
    expect(await outcome(items({ playlistId: uploads }))).toBe('503 backendError');
    expect(await outcome(items({ playlistId: uploads }))).toBe('fine');
  });
});
