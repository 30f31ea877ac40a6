import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Locale } from '../core/messages/catalogue.ts';
import { publicationCreate } from '../core/publication/create.ts';
import { videoDelete } from '../core/video/delete.ts';
import { videoPageLink } from '../core/video/page-link.ts';
import { shots, videos } from '../drizzle/schema/videos.ts';
import { connectChannel, makeReadyVideo, quickWish, startVideo } from '../test/kit/trips.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { scriptElement } from './page/assets.ts';

let world: World;
let video: string;
beforeAll(async () => {
  world = await createWorld();
  video = await makeReadyVideo(world);
});
afterAll(() => world.close());

const linkOf = (id: string): string => videoPageLink(world.services, id, 'owner') ?? '';
const open = (link: string, locale: Locale = 'en') =>
  fetch(link, { headers: { 'accept-language': locale, accept: 'text/html' }, redirect: 'manual' });
const textOf = async (link: string, locale?: Locale) => (await open(link, locale)).text();

const change = (id: string, values: Partial<typeof videos.$inferInsert>) =>
  world.app.database.db.update(videos).set(values).where(eq(videos.id, id));

describe('a finished video', () => {
  test('can be played and saved, and says all about itself', async () => {
    const response = await open(linkOf(video));
    const page = await response.text();
    expect(response.status).toBe(200);
    for (const words of [quickWish.prompt, 'MiniMax', 'ready', 'quota', 'It is not published yet'])
      expect(page).toContain(words);
    expect(Buffer.byteLength(page)).toBeLessThan(50_000);
    expect(page.match(/<h1/g)).toHaveLength(1);
    const film = /<video[^>]*src="([^"]+)"[^>]*poster="([^"]+)"/.exec(page);
    const save = /href="([^"]+)" download/.exec(page)?.[1] ?? '';
    const fetched = await Promise.all(
      [film?.[1] ?? '', film?.[2] ?? '', save].map(async (path) => {
        const file = await fetch(world.publicUrl + path.replaceAll('&amp;', '&'));
        await file.arrayBuffer();
        return [file.status, file.headers.get('content-disposition')?.split(';')[0]];
      }),
    );
    expect(fetched).toEqual([
      [200, 'inline'],
      [200, 'inline'],
      [200, 'attachment'],
    ]);
    expect(page).not.toContain('data-progress');
  });

  test('has its lines as captions, for whom the page lets in', async () => {
    const spoken = await makeReadyVideo(world);
    await world.app.database.db
      .update(shots)
      .set({ caption: 'A <i>boat</i>' })
      .where(eq(shots.videoId, spoken));
    const page = await textOf(linkOf(spoken));
    const track = /<track kind="captions" src="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&');
    const captions = await fetch(`${world.publicUrl}${track}`);
    expect(captions.headers.get('content-type')).toBe('text/vtt; charset=utf-8');
    expect(await captions.text()).toMatch(
      /^WEBVTT\n\n00:00:00\.000 --> .*\nA &lt;i&gt;boat&lt;\/i&gt;\n/,
    );
    const bare = await open(`${world.publicUrl}/videos/${spoken}/captions.vtt`);
    expect(bare.status).not.toBe(200);
    expect(await textOf(linkOf(video))).not.toContain('<track');
  });

  test('says where it is published', async () => {
    const channel = await connectChannel(world);
    const context = await world.context();
    const wish = { video, channel, title: 'Boats &', privacy: 'public' };
    await world.must(publicationCreate, wish, context);
    expect(await textOf(linkOf(video))).toMatch(/Boats &amp;[\s\S]*Uploading to YouTube/);
    await world.drain();
    const page = await textOf(linkOf(video));
    expect(page).toMatch(
      /<a class="button" href="https?:\/\/[^"]+" rel="noopener noreferrer">Watch on YouTube/,
    );
    expect(page).toContain('class="badge good">live');
    expect(await textOf(linkOf(video), 'zh')).toContain('在 YouTube 观看');
  });
});

describe('a video in the making', () => {
  test('is followed live, and says how far it is without a script', async () => {
    const id = await startVideo(world);
    const page = await textOf(linkOf(id));
    expect(page).toMatch(/role="status">Analysing the prompt</);
    expect(page).toContain('set aside until it is done');
    const stream = /data-progress="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(stream).toMatch(new RegExp(`^/progress/${id}\\?exp=\\d+&sig=`));
    const head = await fetch(world.publicUrl + stream, { method: 'HEAD' });
    expect(head.headers.get('content-type')).toContain('text/event-stream');
    const again = /<a href="([^"]+)">Look again/.exec(page)?.[1]?.replaceAll('&amp;', '&');
    expect((await open(`${world.publicUrl}${again}`)).status).toBe(200);
    await world.drain();
  });

  test('says which service it waits for', async () => {
    const id = await startVideo(world);
    await change(id, { status: 'assembling', waitingFor: 'fal' });
    expect(await textOf(linkOf(id))).toContain('Waiting for fal');
    await change(id, { status: 'queued', waitingFor: null });
    await world.drain();
  });
});

describe('a video that came to nothing', () => {
  test.each([
    ['en', /could not|15 minutes|did not/i, 'What you can do', 'the quota is back'],
    ['zh', /分钟|没有/, '接下来可以', '配额已退回'],
  ] as const)('says why and what to do next in %s', async (locale, why, next, money) => {
    const id = await makeReadyVideo(world);
    await change(id, { status: 'failed', failure: 'timed_out', rootId: 'vid_none' });
    const page = await textOf(linkOf(id), locale);
    expect(page).toMatch(why);
    for (const words of [next, money]) expect(page).toContain(words);
    expect(page).not.toContain('<video');
  });
});

describe('the link', () => {
  test('works until its second and not in it, and says so in both languages', async () => {
    const link = linkOf(video);
    await world.advance(24 * 60 * 60 - 1);
    expect((await open(link)).status).toBe(200);
    await world.advance(1);
    const over = await open(link);
    expect([over.status, await over.text()]).toEqual([
      410,
      expect.stringContaining('This link has ended'),
    ]);
    await world.advance(1);
    expect(await textOf(link, 'zh')).toContain('此链接已失效');
    expect((await open(link.replace('?', '/captions.vtt?'))).status).toBe(410);
    expect((await open(linkOf(video))).status).toBe(200);
  });

  test('is for one video and cannot be made up', async () => {
    const { search } = new URL(linkOf(video));
    const other = await startVideo(world, 'other');
    for (const path of [
      `/videos/${other}${search}`,
      `/videos/${video}?exp=99999999999&sig=${new URLSearchParams(search).get('sig')}`,
      `/videos/${video}${search}x`,
      `/videos/x.y${search}`,
    ]) {
      const response = await open(`${world.publicUrl}${path}`);
      expect([path, response.status]).toEqual([path, 403]);
      expect(await response.text()).not.toContain('paper boat');
    }
    await world.drain();
  });

  test('leads whoever has none to where they can sign in', async () => {
    const response = await open(`${world.publicUrl}/videos/${video}`);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toContain(encodeURIComponent(`/videos/${video}`));
  });

  test('leads nowhere once the video is deleted', async () => {
    const own = await makeReadyVideo(world);
    const link = linkOf(own);
    await world.must(videoDelete, { video: own }, await world.context());
    const response = await open(link);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('paper boat');
  });
});

test('what stands in a prompt stays text', async () => {
  const id = await makeReadyVideo(world);
  await change(id, { prompt: '"><script>alert(1)</script><img src=x onerror=alert(1)>' });
  const page = await textOf(linkOf(id));
  expect(page).toContain('&lt;script&gt;alert(1)');
  const marks = page.replace(scriptElement('video'), '');
  expect(marks).not.toContain('<script');
  // What is quoted is the value of an attribute and no more.
  expect(marks.replaceAll(/"[^"]*"/g, '')).not.toMatch(/<img|<[^>]*onerror/);
});
