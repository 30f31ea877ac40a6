import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  caught,
  connect,
  openYouTube,
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

const data = Buffer.concat([Buffer.from('\xff\xd8\xff\xe0', 'latin1'), randomBytes(5000)]);
const picture = { data, contentType: 'image/jpeg' } as const;

async function uploaded() {
  const { accessToken } = await connect(tube, 'upload');
  const videoId = await upload(tube, accessToken);
  const set = (id = videoId) => tube.host.setThumbnail(accessToken, id, picture);
  const found = () => tube.google.videos.find(({ id }) => id === videoId)?.thumbnail;
  return { set, found };
}

describe('thumbnails', () => {
  it('are sent as they are, and once more without harm', async () => {
    const { set, found } = await uploaded();
    await set();
    await set();
    const sha256 = createHash('sha256').update(data).digest('hex');
    expect(found()).toMatchObject({ sha256, contentType: 'image/jpeg', times: 2 });
    const path = '/upload/youtube/v3/thumbnails/set';
    expect(tube.google.calls.at(-1)).toEqual({ method: 'POST', path });
  });

  it('are not for channels whose phone number is not confirmed', async () => {
    const { set, found } = await uploaded();
    for (const { id } of tube.google.channels) tube.google.verify(id, false);
    const { code, cause } = await caught(set());
    expect(code).toBe('thumbnail_not_allowed');
    expect(cause).toMatchObject({ message: 'YouTube answered 403: forbidden' });
    expect(found()).toBeNull();
  });

  it.each([
    ['http_429_upload', 'provider_busy'],
    ['http_503', 'provider_busy'],
    ['reset_before', 'provider_busy'],
    ['reset_after', 'provider_busy'],
    ['http_401', 'channel_reconnect'],
    ['http_403_quota', 'provider_busy'],
  ] as const)('that end in %s are %s, and tried once', async (how, code) => {
    const { set } = await uploaded();
    const before = tube.google.calls.length;
    tube.google.misbehave({ on: 'thumbnail', how, times: 1 });
    expect(await caught(set())).toMatchObject({ code });
    expect(tube.google.calls.length - before).toBe(1);
  });

  it('of a video that is gone are refused', async () => {
    const { set } = await uploaded();
    expect(await caught(set('none'))).toMatchObject({
      code: 'publication_refused',
      params: { reason: 'videoNotFound' },
    });
  });
});
