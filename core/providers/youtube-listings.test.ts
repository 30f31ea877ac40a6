import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

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
import { countsPerCall } from '../ports/video-host.ts';

stayOnLoopback();
let tube: YouTubeSandbox;
beforeEach(async () => {
  tube = await openYouTube();
});
afterEach(() => tube.close());

/** Less than an access token lives. */
const later = 3_000_000;

async function published() {
  const { accessToken } = await connect(tube);
  const id = await upload(tube, accessToken);
  tube.clock.advance(5000);
  const visibility = { privacy: 'public', publishAt: null } as const;
  await tube.host.updateVideo(accessToken, id, { visibility });
  return { accessToken, id };
}

describe('uploads', () => {
  it('are listed newest first, private ones as well, of this channel only', async () => {
    const { accessToken, id } = await published();
    const other = await connect(tube, 'upload', { channel: '城市慢镜头' });
    await upload(tube, other.accessToken, { title: 'Elsewhere' });
    tube.clock.advance(1000);
    const uploadedAt = tube.clock.now();
    const second = await upload(tube, accessToken, { title: 'Later', description: 'second' });
    const uploads = await tube.host.fetchUploads(accessToken);
    expect(uploads.map((video) => video.id)).toEqual([second, id]);
    const texts = { title: 'Later', description: 'second' };
    expect(uploads[0]).toMatchObject({ ...texts, privacy: 'private', uploadedAt });
    expect(uploads[1]).toEqual(await tube.host.fetchVideo(accessToken, id));
    expect(tube.google.calls.slice(-4, -1).map(({ path }) => path)).toEqual([
      '/youtube/v3/channels',
      '/youtube/v3/playlistItems',
      '/youtube/v3/videos',
    ]);
  });

  it('are none on a new channel, and without a channel', async () => {
    const { accessToken } = await connect(tube, 'upload');
    expect(await tube.host.fetchUploads(accessToken)).toEqual([]);
    const nobody = await connect(tube, 'upload', { channel: 'none' });
    expect(await tube.host.fetchUploads(nobody.accessToken)).toEqual([]);
  });

  it.each(['channels', 'uploads', 'videos'] as const)('fail with %s', async (on) => {
    const { accessToken } = await published();
    tube.google.misbehave({ on, how: 'http_503', times: 5 });
    expect(await caught(tube.host.fetchUploads(accessToken))).toMatchObject({
      code: 'provider_busy',
    });
  });

  const details = { contentDetails: { relatedPlaylists: { uploads: 'UU1' } } };
  const listed = (items: Route['handle'], videos: readonly object[] = []) => [
    {
      method: 'GET',
      handle: (request: Parameters<Route['handle']>[0]) => {
        const { pathname } = request.url;
        if (pathname.endsWith('/playlistItems')) return items(request);
        const body = { items: pathname.endsWith('/channels') ? [details] : videos };
        return { status: 200, body };
      },
    },
  ];
  const fetchFrom = (routes: ReturnType<typeof listed>) =>
    against(tube, routes, (host) => host.fetchUploads('token'));

  it('are none of a channel whose playlist YouTube does not know', async () => {
    expect(await fetchFrom(listed(problem(404, 'playlistNotFound')))).toEqual([]);
  });

  it('are not none when YouTube refuses', async () => {
    const found = fetchFrom(listed(problem(403, 'playlistItemsNotAccessible')));
    expect(await caught(found)).toMatchObject(refused('playlistItemsNotAccessible'));
  });

  it('come newest first in whatever order YouTube tells them', async () => {
    const videos = [20, 22, 21].map((day) => ({
      id: `v${day}`,
      snippet: { title: 'same', publishedAt: `2026-11-${day}T00:00:00Z` },
      status: { uploadStatus: 'processed', privacyStatus: 'public' },
    }));
    const items = videos.map(({ id }) => ({ contentDetails: { videoId: id } }));
    const found = await fetchFrom(listed(answer(200, { items }), videos));
    expect(found.map(({ id }) => id)).toEqual(['v22', 'v21', 'v20']);
    expect(found[0]).toEqual({
      id: 'v22',
      title: 'same',
      description: '',
      privacy: 'public',
      publishAt: null,
      uploadStatus: 'processed',
      reason: null,
      uploadedAt: new Date('2026-11-22T00:00:00Z'),
    });
  });
});

describe('counts', () => {
  it('are numbers, for many videos in one call', async () => {
    const { accessToken, id } = await published();
    const other = await upload(tube, accessToken);
    tube.clock.advance(later);
    const before = tube.google.calls.length;
    const counts = await tube.host.fetchCounts(accessToken, [id, other, 'unknown']);
    const digits = z.string().transform(Number);
    const { viewCount, likeCount, commentCount } = z
      .object({ viewCount: digits, likeCount: digits, commentCount: digits })
      .parse(tube.google.videos[0]?.statistics);
    expect(viewCount).toBeGreaterThan(0);
    expect(counts).toEqual(
      new Map([
        [id, { views: viewCount, likes: likeCount, comments: commentCount }],
        [other, { views: 0, likes: 0, comments: 0 }],
      ]),
    );
    expect(tube.google.calls.slice(before)).toEqual([
      { method: 'GET', path: '/youtube/v3/videos' },
    ]);
  });

  it('are null where they are hidden, and absent where the video is gone', async () => {
    const { accessToken, id } = await published();
    tube.google.hideCounts(id, true);
    const hidden = { views: null, likes: null, comments: 0 };
    expect(await tube.host.fetchCounts(accessToken, [id])).toEqual(new Map([[id, hidden]]));
    tube.google.deleteVideo(id);
    expect(await tube.host.fetchCounts(accessToken, [id])).toEqual(new Map());
  });

  it('are asked of none without a call, of fifty videos, and refused for more', async () => {
    const { accessToken, id } = await published();
    const before = tube.google.calls.length;
    expect(await tube.host.fetchCounts(accessToken, [])).toEqual(new Map());
    expect(tube.google.calls).toHaveLength(before);
    const ids = [id, ...Array.from({ length: countsPerCall - 1 }, (_, index) => `none${index}`)];
    expect([...(await tube.host.fetchCounts(accessToken, ids)).keys()]).toEqual([id]);
    const { code } = await caught(tube.host.fetchCounts(accessToken, [...ids, 'one-more']));
    expect(code).toBe('publication_refused');
  });

  it.each([
    ['0', 0],
    ['999999999999999', 999_999_999_999_999],
    ['1000000000000000', null],
    ['12.5', null],
    ['-1', null],
    ['', null],
    [12, null],
    [null, null],
  ])('are never guessed: %j', async (count, expected) => {
    const items = [
      { id: 'a', statistics: { viewCount: count, likeCount: count, commentCount: count } },
      { id: 'b' },
    ];
    const routes = [{ method: 'GET', handle: answer(200, { items }) }];
    const counts = await against(tube, routes, (host) => host.fetchCounts('token', ['a', 'b']));
    expect(counts.get('a')).toEqual({ views: expected, likes: expected, comments: expected });
    expect(counts.get('b')).toEqual({ views: null, likes: null, comments: null });
  });
});
