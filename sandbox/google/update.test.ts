import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { youtube_v3 } from '@googleapis/youtube';

import {
  clientOf,
  openLocalGoogle,
  outcome,
  signIn,
  uploadFilm,
  type LocalGoogle,
} from '../../test/kit/google.ts';
import type { GoogleOptions } from './google.ts';

let local: LocalGoogle;
let token = '';
let id = '';

async function open(more: Partial<GoogleOptions> = {}, status: object = {}): Promise<void> {
  if (local) await local.close();
  local = await openLocalGoogle(more);
  token = await signIn(local);
  id = await uploadFilm(local, token, status);
}
beforeEach(async () => {
  local = await openLocalGoogle();
  token = await signIn(local);
  id = await uploadFilm(local, token, { selfDeclaredMadeForKids: true });
});
afterEach(() => local.close());

const update = (
  part: string[],
  requestBody: youtube_v3.Schema$Video = {},
  as = token,
): Promise<{ data: youtube_v3.Schema$Video }> => {
  const { api, place } = clientOf(local, as);
  return api.videos.update({ part, requestBody: { id, ...requestBody } }, place);
};
const setStatus = (status: youtube_v3.Schema$VideoStatus) => update(['status'], { status });
const setSnippet = (snippet: youtube_v3.Schema$VideoSnippet) => update(['snippet'], { snippet });
const stored = () => local.google.videos.find((video) => video.id === id);
const inMs = (ms: number): string => new Date(local.clock.now().getTime() + ms).toISOString();
const read = async () => {
  const { api, place } = clientOf(local, token);
  const { data } = await api.videos.list(
    { part: ['snippet', 'status', 'statistics'], id: [id] },
    place,
  );
  return data.items?.[0];
};

describe('who may update a video', () => {
  it('needs a scope that manages, and takes either', async () => {
    const status = { privacyStatus: 'unlisted' };
    const weak = await signIn(local, ['youtube.upload', 'youtube.readonly']);
    expect(await outcome(update(['status'], { status }, weak))).toBe('403 insufficientPermissions');
    expect(stored()).toMatchObject({ privacy: 'private' });
    const broad = await signIn(local, ['youtube']);
    expect(await outcome(update(['status'], { status }, broad))).toBe('fine');
    expect(stored()).toMatchObject({ privacy: 'unlisted' });
  });

  it('refuses a stranger, an unknown video, a forgotten id and a part that is not named', async () => {
    const status = { privacyStatus: 'private' };
    const other = await signIn(local, undefined, '城市慢镜头');
    expect(await outcome(update(['status'], { status }, other))).toBe('403 forbidden');
    expect(await outcome(update(['status'], { status }, 'nobody'))).toBe('401 authError');
    expect(await outcome(update(['status'], { id: 'none', status }))).toBe('404 videoNotFound');
    expect(await outcome(update(['status'], { id: '', status }))).toBe('400 required');
    const snippet = { title: 'New', categoryId: '28' };
    expect(await outcome(update(['status'], { status, snippet }))).toBe('400 unexpectedPart');
    expect(await outcome(update([], {}))).toBe('400 required');
    expect(stored()).toMatchObject({ title: 'A title', madeForKids: true });
  });
});

describe('the snippet', () => {
  it('is replaced whole: what is not sent is wiped', async () => {
    const { data } = await setSnippet({ title: 'Next', categoryId: '22' });
    expect(data).toMatchObject({ id, snippet: { title: 'Next', description: '' } });
    expect(data).not.toHaveProperty('status');
    expect(data.snippet).not.toHaveProperty('tags');
    const kept = { privacy: 'private', madeForKids: true };
    const wiped = { title: 'Next', description: '', tags: [], categoryId: '22' };
    expect(stored()).toMatchObject({ ...kept, ...wiped });
    await setSnippet({ title: 'All', categoryId: '22', description: 'Words', tags: ['x y'] });
    expect(stored()).toMatchObject({ title: 'All', description: 'Words', tags: ['x y'] });
  });

  it.each<[string, youtube_v3.Schema$VideoSnippet, string]>([
    ['no title', { categoryId: '28' }, '400 invalidTitle'],
    ['no category', { title: 'A' }, '400 invalidCategoryId'],
    ['nothing', {}, '400 invalidTitle'],
    ['an unassignable category', { title: 'A', categoryId: '21' }, '400 invalidCategoryId'],
    ['99 characters', { title: 'a'.repeat(99), categoryId: '28' }, 'fine'],
    ['100 characters', { title: '字'.repeat(100), categoryId: '28' }, 'fine'],
    ['101 characters', { title: 'a'.repeat(101), categoryId: '28' }, '400 invalidTitle'],
    ['5,000 bytes', { title: 'A', categoryId: '28', description: 'd'.repeat(5000) }, 'fine'],
    [
      '5,001 bytes',
      { title: 'A', categoryId: '28', description: 'd'.repeat(5001) },
      '400 invalidDescription',
    ],
    [
      'tags of 501',
      { title: 'A', categoryId: '28', tags: ['a'.repeat(250), 'b'.repeat(250)] },
      '400 invalidTags',
    ],
  ])('with %s', async (_, snippet, expected) => {
    expect(await outcome(setSnippet(snippet))).toBe(expected);
    expect(stored()?.title).toBe(expected === 'fine' ? snippet.title : 'A title');
  });

  it('leaves a schedule alone', async () => {
    const publishAt = inMs(60_000);
    await setStatus({ privacyStatus: 'private', publishAt });
    await setSnippet({ title: 'Next', categoryId: '22' });
    expect(await read()).toMatchObject({ status: { privacyStatus: 'private', publishAt } });
    local.clock.advance(60_000);
    await setSnippet({ title: 'Later', categoryId: '22' });
    expect(await read()).toMatchObject({ status: { privacyStatus: 'public' } });
  });
});

describe('the status', () => {
  it('is replaced whole: a schedule, the audience and the disclosure fall back', async () => {
    await setStatus({
      privacyStatus: 'private',
      publishAt: inMs(60_000),
      selfDeclaredMadeForKids: true,
      containsSyntheticMedia: true,
      embeddable: false,
      license: 'creativeCommon',
      publicStatsViewable: false,
    });
    const set = { madeForKids: true, syntheticMedia: true, publishAt: inMs(60_000) };
    const more = { embeddable: false, license: 'creativeCommon', publicStatsViewable: false };
    expect(stored()).toMatchObject({ ...set, ...more });
    expect((await read())?.status).toMatchObject(more);
    await setStatus({ privacyStatus: 'private' });
    expect(stored()).toMatchObject({
      title: 'A title',
      tags: ['a', 'b'],
      privacy: 'private',
      publishAt: null,
      madeForKids: null,
      syntheticMedia: null,
      embeddable: true,
      license: 'youtube',
      publicStatsViewable: true,
    });
    local.clock.advance(120_000);
    expect(stored()?.privacy).toBe('private');
  });

  it('is public where it does not say, as an insert is', async () => {
    await setStatus({ selfDeclaredMadeForKids: false });
    expect(stored()).toMatchObject({ privacy: 'public' });
  });

  it.each<[string, youtube_v3.Schema$VideoStatus, string]>([
    ['an unknown privacy', { privacyStatus: 'secret' }, '400 invalidVideoMetadata'],
    ['an unknown licence', { license: 'mine' }, '400 invalidVideoMetadata'],
  ])('refuses %s', async (_, status, expected) => {
    expect(await outcome(setStatus(status))).toBe(expected);
    expect(stored()).toMatchObject({ privacy: 'private', license: 'youtube' });
  });

  it.each([
    ['private', -1, '400 invalidPublishAt'],
    ['private', 0, '400 invalidPublishAt'],
    ['private', 1, 'fine'],
    ['unlisted', 60_000, '400 invalidPublishAt'],
    ['public', 60_000, '400 invalidPublishAt'],
    [undefined, 60_000, '400 invalidPublishAt'],
  ])('schedules a %s video %i ms ahead: %s', async (privacyStatus, ms, expected) => {
    const status = { publishAt: inMs(ms), ...(privacyStatus ? { privacyStatus } : {}) };
    expect(await outcome(setStatus(status))).toBe(expected);
    expect(stored()?.publishAt).toBe(expected === 'fine' ? inMs(ms) : null);
  });

  it('schedules anew, and after being unlisted, but never what was public once', async () => {
    const later = () => ({ privacyStatus: 'private', publishAt: inMs(60_000) });
    await setStatus({ privacyStatus: 'unlisted' });
    expect(await outcome(setStatus(later()))).toBe('fine');
    local.clock.advance(30_000);
    expect(await outcome(setStatus(later()))).toBe('fine');
    local.clock.advance(59_999);
    expect(stored()?.privacy).toBe('private');
    local.clock.advance(1);
    expect(stored()?.privacy).toBe('public');
    expect(await outcome(setStatus(later()))).toBe('400 invalidPublishAt');
    await setStatus({ privacyStatus: 'private' });
    expect(await outcome(setStatus(later()))).toBe('400 invalidPublishAt');
    expect(stored()).toMatchObject({ privacy: 'private', publishAt: null });
  });

  it('answers as if it worked and stays private while the project is locked', async () => {
    await open({ projectLocked: true });
    expect(await outcome(setStatus({ privacyStatus: 'public' }))).toBe('fine');
    const at = { privacyStatus: 'private', publishAt: inMs(60_000) };
    const { data } = await setStatus(at);
    expect(data.status).toMatchObject({ privacyStatus: 'private' });
    expect(data.status).not.toHaveProperty('publishAt');
    local.clock.advance(60_000);
    expect(stored()).toMatchObject({ privacy: 'private' });
    expect(stored()?.history).toHaveLength(1);
  });
});

describe('what became of a video', () => {
  it('tells who could see it since when', async () => {
    const start = local.clock.now().getTime();
    const publishAt = inMs(60_000);
    await setStatus({ privacyStatus: 'private', publishAt });
    await setStatus({ privacyStatus: 'private', publishAt });
    local.clock.advance(90_000);
    const scheduled = [
      { at: start, privacy: 'private', publishAt: null },
      { at: start, privacy: 'private', publishAt },
      { at: start + 60_000, privacy: 'public', publishAt: null },
    ];
    expect(stored()?.history).toEqual(scheduled);
    await setStatus({ privacyStatus: 'private' });
    local.clock.advance(90_000);
    const back = { at: start + 90_000, privacy: 'private', publishAt: null };
    expect(stored()?.history).toEqual([...scheduled, back]);
  });

  it('is published when it goes public first, and was uploaded until then', async () => {
    const uploaded = local.clock.now().toISOString();
    local.clock.advance(60_000);
    expect((await read())?.snippet?.publishedAt).toBe(uploaded);
    await setStatus({ privacyStatus: 'unlisted' });
    expect((await read())?.snippet?.publishedAt).toBe(uploaded);
    await setStatus({ privacyStatus: 'public' });
    const published = local.clock.now().toISOString();
    local.clock.advance(60_000);
    await setStatus({ privacyStatus: 'private' });
    await setStatus({ privacyStatus: 'public' });
    expect((await read())?.snippet?.publishedAt).toBe(published);
  });

  it('gathers views only while it is public, and keeps them', async () => {
    const views = async () => Number((await read())?.statistics?.viewCount);
    const hour = 3_000_000;
    local.clock.advance(hour);
    token = await signIn(local);
    expect(await views()).toBe(0);
    await setStatus({ privacyStatus: 'public' });
    expect(await views()).toBe(0);
    local.clock.advance(hour);
    token = await signIn(local);
    const gathered = await views();
    expect(gathered).toBeGreaterThan(0);
    await setStatus({ privacyStatus: 'private' });
    local.clock.advance(hour);
    token = await signIn(local);
    expect(await views()).toBe(gathered);
  });
});

describe('units and trouble', () => {
  it('costs 50 units of what the project has, a wrong request as well', async () => {
    await open({ unitsPerDay: 151 });
    const status = { privacyStatus: 'private' };
    expect(await outcome(setStatus(status))).toBe('fine');
    expect(await outcome(setStatus({ privacyStatus: 'secret' }))).toBe('400 invalidVideoMetadata');
    expect(await outcome(setStatus(status))).toBe('fine');
    // One unit is left.
    expect(await outcome(setStatus(status))).toBe('403 quotaExceeded');
    expect(await read()).toBeDefined();
    expect(await outcome(read())).toBe('403 quotaExceeded');
    local.clock.advance(86_400_000);
    token = await signIn(local);
    expect(await outcome(setStatus(status))).toBe('fine');
  });

  it('fails before, and loses the answer after', async () => {
    const status = { privacyStatus: 'public' };
    local.google.misbehave({ on: 'update', how: 'http_503', times: 1 });
    expect(await outcome(setStatus(status))).toBe('503 backendError');
    local.google.misbehave({ on: 'update', how: 'reset_before', times: 1 });
    await expect(setStatus(status)).rejects.toThrow(/socket hang up/u);
    expect(stored()?.privacy).toBe('private');
    local.google.misbehave({ on: 'update', how: 'reset_after', times: 1 });
    await expect(setStatus(status)).rejects.toThrow(/socket hang up/u);
    expect(stored()?.privacy).toBe('public');
  });
});
