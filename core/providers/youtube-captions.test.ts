import { afterEach, beforeEach, describe, expect, it } from 'vitest';

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

describe('captions', () => {
  const srt = '1\n00:00:00,000 --> 00:00:02,500\n慢慢来 — take your time\n\n';
  const track = { language: 'zh-Hans', name: '', srt };

  it('arrive as they are, and once', async () => {
    const { accessToken, id } = await uploaded();
    const before = tube.google.calls.length;
    await tube.host.addCaptions(accessToken, id, track);
    await tube.host.addCaptions(accessToken, id, { ...track, srt: 'other', language: 'zh-hans' });
    expect(tube.google.captions(id)).toMatchObject([
      { language: 'zh-Hans', name: '', isDraft: false, status: 'serving', text: srt },
    ]);
    expect(callsSince(before)).toEqual([
      'GET /youtube/v3/captions',
      'POST /upload/youtube/v3/captions',
      'GET /youtube/v3/captions',
    ]);
  });

  it('of another language or name are others', async () => {
    const { accessToken, id } = await uploaded();
    await tube.host.addCaptions(accessToken, id, track);
    await tube.host.addCaptions(accessToken, id, { ...track, language: 'en' });
    await tube.host.addCaptions(accessToken, id, { ...track, name: 'Jilo' });
    expect(tube.google.captions(id)).toHaveLength(3);
  });

  it('are refused by what is missing or wrong', async () => {
    const { accessToken, id } = await uploaded();
    const add = (videoId: string, more: object = {}) =>
      caught(tube.host.addCaptions(accessToken, videoId, { ...track, ...more }));
    expect(await add('none')).toMatchObject(refused('videoNotFound'));
    expect(await add(id, { language: '!' })).toMatchObject(refused('invalidMetadata'));
    expect(tube.google.captions(id)).toEqual([]);
  });

  it('need the access to manage', async () => {
    const { accessToken } = await connect(tube, 'upload');
    const id = await upload(tube, accessToken);
    expect(await caught(tube.host.addCaptions(accessToken, id, track))).toMatchObject({
      code: 'channel_scope_missing',
      params: { scopes: 'youtube.force-ssl' },
    });
  });

  it.each([
    ['http_503', 'provider_busy'],
    ['http_401', 'channel_reconnect'],
    ['reset_before', 'provider_busy'],
    ['reset_after', 'provider_busy'],
  ] as const)('with %s are %s, each call made once', async (how, code) => {
    const { accessToken, id } = await uploaded();
    tube.google.misbehave({ on: 'captions', how, times: 1, after: 1 });
    const before = tube.google.calls.length;
    expect((await caught(tube.host.addCaptions(accessToken, id, track))).code).toBe(code);
    expect(callsSince(before)).toHaveLength(2);
    await tube.host.addCaptions(accessToken, id, track);
    expect(tube.google.captions(id)).toHaveLength(1);
  });

  it.each(['ASR', 'asr'])('that YouTube hears by itself (%s) do not count', async (trackKind) => {
    const posts: string[] = [];
    const known = { snippet: { language: 'zh-Hans', name: '', trackKind } };
    await against(
      tube,
      [
        { method: 'GET', handle: answer(200, { items: [known] }) },
        {
          method: 'POST',
          handle: ({ url }) => {
            posts.push(url.pathname);
            return { status: 200, body: {} };
          },
        },
      ],
      (host) => host.addCaptions('token', 'video', track),
    );
    expect(posts).toEqual(['/upload/youtube/v3/captions']);
  });

  it('that are there in the meantime are no failure', async () => {
    const routes = [
      { method: 'GET', handle: answer(200, {}) },
      { method: 'POST', handle: problem(409, 'captionExists') },
    ];
    const added = against(tube, routes, (host) => host.addCaptions('token', 'video', track));
    await expect(added).resolves.toBeUndefined();
  });
});
