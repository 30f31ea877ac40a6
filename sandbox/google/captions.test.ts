import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { Readable } from 'node:stream';

import type { youtube_v3 } from '@googleapis/youtube';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  clientOf,
  mp4,
  openLocalGoogle,
  outcome,
  signIn,
  uploadFilm,
  type LocalGoogle,
} from '../../test/kit/google.ts';

let local: LocalGoogle;
let token = '';
let video = '';
const srt = '1\n00:00:00,000 --> 00:00:02,500\n一杯拿铁\n';

beforeEach(async () => {
  local = await openLocalGoogle();
  token = await signIn(local);
  video = await uploadFilm(local, token);
});
afterEach(() => local.close());

type Track = youtube_v3.Schema$CaptionSnippet & { readonly body?: string | Readable };

const insert = ({ body = srt, ...more }: Track = {}, as = token) => {
  const { api, place } = clientOf(local, as);
  const snippet = { videoId: video, language: 'zh-CN', name: '', ...more };
  const media = { mimeType: 'application/octet-stream', body };
  return api.captions.insert({ part: ['snippet'], requestBody: { snippet }, media }, place);
};
const list = (videoId = video, as = token) => {
  const { api, place } = clientOf(local, as);
  return api.captions.list({ part: ['snippet'], videoId }, place);
};

describe('captions', () => {
  it('are taken from a text and from a stream, and listed', async () => {
    const { data } = await insert();
    expect(data).toMatchObject({
      kind: 'youtube#caption',
      snippet: { videoId: video, language: 'zh-CN', name: '', isDraft: false, status: 'serving' },
    });
    await insert({ language: 'en', name: 'Draft', isDraft: true, body: Readable.from([srt, srt]) });
    const { items = [] } = (await list()).data;
    expect(items.map(({ snippet }) => [snippet?.language, snippet?.isDraft])).toEqual([
      ['zh-CN', false],
      ['en', true],
    ]);
    expect(local.google.captions(video)).toMatchObject([
      { id: data.id, language: 'zh-CN', name: '', text: srt },
      { language: 'en', name: 'Draft', isDraft: true, text: srt + srt },
    ]);
    local.google.deleteVideo(video);
    expect(local.google.captions(video)).toEqual([]);
  });

  it('exist once for a language and a name', async () => {
    await insert();
    expect(await outcome(insert())).toBe('409 captionExists');
    expect(await outcome(insert({ name: 'Another' }))).toBe('fine');
    expect(await outcome(insert({ language: 'en' }))).toBe('fine');
    video = await uploadFilm(local, token);
    expect((await list()).data.items).toEqual([]);
    expect(await outcome(insert())).toBe('fine');
  });

  it.each<[string, Track, string]>([
    ['a name of 149', { name: 'a'.repeat(149) }, 'fine'],
    ['a name of 150', { name: '字'.repeat(150) }, 'fine'],
    ['a name of 151', { name: 'a'.repeat(151) }, '400 nameTooLong'],
    ['no name', { name: null }, '400 parseError'],
    ['no language', { language: '' }, '400 invalidMetadata'],
    ['a language that is none', { language: 'not a language' }, '400 invalidMetadata'],
    ['no video', { videoId: '' }, '400 invalidMetadata'],
    ['an unknown video', { videoId: 'none' }, '404 videoNotFound'],
    ['nothing', { body: Readable.from(['']) }, '400 contentRequired'],
  ])('with %s', async (_, track, expected) => {
    expect(await outcome(insert(track))).toBe(expected);
    expect(local.google.captions(video)).toHaveLength(expected === 'fine' ? 1 : 0);
  });

  it('cannot be read when they are no captions', async () => {
    const { data } = await insert({ body: 'just words' });
    expect(data.snippet).toMatchObject({ status: 'failed', failureReason: 'unknownFormat' });
  });

  it('need the narrow scope, and the channel of the video', async () => {
    const broad = await signIn(local, ['youtube', 'youtube.upload']);
    expect(await outcome(insert({}, broad))).toBe('403 insufficientPermissions');
    expect(await outcome(list(video, broad))).toBe('403 insufficientPermissions');
    const other = await signIn(local, undefined, '城市慢镜头');
    expect(await outcome(insert({}, other))).toBe('403 forbidden');
    expect(await outcome(list(video, other))).toBe('403 forbidden');
    expect(await outcome(list('none'))).toBe('404 videoNotFound');
    expect(await outcome(list(''))).toBe('400 required');
    expect(local.google.captions(video)).toEqual([]);
  });

  it('cost 400 units, and 50 to list', async () => {
    await local.close();
    local = await openLocalGoogle({ unitsPerDay: 849 });
    token = await signIn(local);
    video = await uploadFilm(local, token);
    await insert();
    await list();
    // 399 are left.
    expect(await outcome(insert({ language: 'en' }))).toBe('403 quotaExceeded');
    for (let count = 0; count < 7; count += 1) await list();
    expect(await outcome(list())).toBe('403 quotaExceeded');
  });

  it('fail where they are told to', async () => {
    local.google.misbehave({ on: 'captions', how: 'http_500', times: 1 });
    expect(await outcome(insert())).toBe('500 backendError');
    expect(local.google.captions(video)).toEqual([]);
    local.google.misbehave({ on: 'captions', how: 'reset_after', times: 1 });
    await expect(insert()).rejects.toThrow(/socket hang up/u);
    expect(local.google.captions(video)).toHaveLength(1);
  });

  it('are refused by another way of uploading, and in another form', async () => {
    const send = async (uploadType: string, type: string) => {
      const answer = await fetch(
        `${local.google.url}/upload/youtube/v3/captions?part=snippet&uploadType=${uploadType}`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': type },
          body: srt,
        },
      );
      return [answer.status, await answer.text()];
    };
    expect(await send('resumable', 'application/json')).toEqual([
      400,
      expect.stringContaining('invalidParameter'),
    ]);
    expect(await send('multipart', 'text/plain')).toEqual([
      400,
      expect.stringContaining('badContent'),
    ]);
    expect(await send('multipart', 'multipart/related; boundary=other')).toEqual([
      400,
      expect.stringContaining('badContent'),
    ]);
  });
});

describe('a film in one multipart request', () => {
  const send = (body: Readable, status: youtube_v3.Schema$VideoStatus = {}, as = token) => {
    const { api, place } = clientOf(local, as);
    const snippet = { title: 'In one piece', categoryId: '28' };
    return api.videos.insert(
      {
        part: ['snippet', 'status'],
        requestBody: { snippet, status: { privacyStatus: 'private', ...status } },
        media: { mimeType: 'video/mp4', body },
      },
      place,
    );
  };

  it.each([1, 70_000, 1_000_003])('is kept byte for byte, in pieces of %i', async (size) => {
    const film = mp4(size === 1 ? 3000 : 2_000_000);
    film.write('\r\n--\r\n----\r\n', 1000, 'latin1');
    const pieces = Array.from({ length: Math.ceil(film.length / size) }, (_, index) =>
      film.subarray(index * size, (index + 1) * size),
    );
    const { data } = await send(Readable.from(pieces));
    expect(data.snippet?.title).toBe('In one piece');
    const sha256 = createHash('sha256').update(film).digest('hex');
    const kept = { id: data.id, sha256, bytes: film.length, privacy: 'private' };
    expect(local.google.videos.at(-1)).toMatchObject(kept);
  });

  it('is refused with its metadata, and without the scope', async () => {
    const sent: number[] = [];
    function* film() {
      for (let index = 0; index < 64; index += 1) {
        sent.push(index);
        yield mp4(262_144);
      }
    }
    // The answer comes when everything is sent, so that nobody takes it for a broken connection.
    const wrong = send(Readable.from(film()), { privacyStatus: 'secret' });
    expect(await outcome(wrong)).toBe('400 invalidVideoMetadata');
    expect(sent).toHaveLength(64);
    const reader = await signIn(local, ['youtube.readonly']);
    const unallowed = send(Readable.from([mp4(1000)]), {}, reader);
    expect(await outcome(unallowed)).toBe('403 insufficientPermissions');
    expect(local.google.videos).toHaveLength(1);
  });

  it('leaves nothing behind when it breaks off', async () => {
    const sending = request(
      `${local.google.url}/upload/youtube/v3/videos?uploadType=multipart&part=snippet`,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'multipart/related; boundary=b',
        },
      },
    );
    const broken = new Promise((resolve) => sending.once('error', resolve));
    const metadata = JSON.stringify({ snippet: { title: 'Half', categoryId: '28' } });
    const head = (type: string) => `--b\r\ncontent-type: ${type}\r\n\r\n`;
    sending.write(`${head('application/json')}${metadata}\r\n${head('video/mp4')}`);
    sending.write(mp4(600_000));
    const parts = () => readdirSync(local.folder).filter((name) => name.endsWith('.part'));
    await expect.poll(parts).toHaveLength(1);
    sending.destroy();
    await broken;
    await expect.poll(parts).toHaveLength(0);
    expect(local.google.videos).toHaveLength(1);
  });
});
