import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { videoDelete } from '../core/video/delete.ts';
import { videoShare } from '../core/video/share.ts';
import { refused, makeReadyVideo, startVideo } from '../test/kit/trips.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
let video: string;
beforeAll(async () => {
  world = await createWorld();
  video = await makeReadyVideo(world);
});
afterAll(() => world.close());

async function share(days?: number, of = video): Promise<string> {
  const context = await world.context();
  const { link } = await world.must(
    videoShare,
    { video: of, ...(days === undefined ? {} : { days }) },
    context,
  );
  return z.string().parse(link);
}

async function endLinks(): Promise<void> {
  const answer = await world.must(videoShare, { video, days: 0 }, await world.context());
  expect(answer).toEqual({ video, link: null, expires_at: null });
}

const open = (link: string, language = 'en', method = 'GET') =>
  fetch(link, { method, headers: { 'accept-language': language } });
const statusOf = async (link: string, method = 'GET') => (await open(link, 'en', method)).status;
const day = 24 * 60 * 60;

describe('the operation', () => {
  test('answers with a link of ours and when it ends, in a week', async () => {
    const answer = await world.must(videoShare, { video }, await world.context());
    const { link, expires_at: until } = videoShare.output.parse(answer);
    expect(link).toMatch(new RegExp(`^${world.publicUrl}/s/${video}\\.0\\.\\d+\\.[\\w-]{43}$`));
    expect(new Date(until ?? '').getTime() - world.now().getTime()).toBe(7 * day * 1000);
  });

  test('takes 0 to 30 days', async () => {
    const context = await world.context();
    for (const days of [-1, 31, 1.5])
      expect(await refused(world, videoShare, { video, days }, context)).toMatchObject({
        code: 'invalid_input',
      });
    expect(await share(1)).toContain('/s/');
    expect(await share(30)).toContain('/s/');
  });

  test('shares what is ready and one’s own alone', async () => {
    const running = await startVideo(world);
    expect(
      await refused(world, videoShare, { video: running }, await world.context()),
    ).toMatchObject({ code: 'not_ready' });
    const other = await world.context('terminal', 'somebody else');
    for (const days of [0, 7])
      expect(await refused(world, videoShare, { video, days }, other)).toMatchObject({
        code: 'not_found',
      });
    await world.drain();
  });
});

describe('the page', () => {
  test('has the player, and nothing of whose it is or what it was made from', async () => {
    const response = await open(await share());
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('x-robots-tag')).toBe('noindex');
    expect(page).toContain('<meta name="robots" content="noindex" />');
    expect(page).toMatch(/<video\s+controls\s+playsinline\s+preload="metadata"/);
    expect(page).not.toMatch(/paper boat|rainy|owner|quota|acc_|<script/i);
    expect(Buffer.byteLength(page)).toBeLessThan(50_000);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test('tells programs that preview it whole addresses, each of which works', async () => {
    const link = await share();
    const page = await (await open(link)).text();
    const tags = new Map(
      [...page.matchAll(/<meta (?:property|name)="([\w:]+)" content="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, value],
      ),
    );
    expect(Object.fromEntries(tags)).toMatchObject({
      'og:type': 'video.other',
      'og:title': 'A video made with Jilo',
      'og:description': expect.stringMatching(/\d+ seconds/),
      'og:url': link,
      'og:image': `${link}/poster.jpg`,
      'og:video': `${link}/video.mp4`,
      'og:video:type': 'video/mp4',
      'og:video:width': expect.stringMatching(/^\d+$/),
      'og:video:height': expect.stringMatching(/^\d+$/),
      'twitter:card': 'player',
      'twitter:player': `${link}/player`,
      'twitter:player:stream': `${link}/video.mp4`,
    });
    for (const [name, type] of [
      ['og:image', 'image/jpeg'],
      ['og:video', 'video/mp4'],
      ['twitter:player', 'text/html; charset=utf-8'],
    ] as const) {
      const response = await fetch(tags.get(name) ?? '');
      expect([name, response.status, response.headers.get('content-type')]).toEqual([
        name,
        200,
        type,
      ]);
      await response.arrayBuffer();
    }
  });

  test('answers HEAD, and parts of the film', async () => {
    const link = await share();
    const head = await open(link, 'en', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
    const part = await fetch(`${link}/video.mp4`, { headers: { range: 'bytes=0-9' } });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
    expect(part.headers.get('cache-control')).toBe('private, max-age=300');
  });

  test('may be framed as the bare player alone', async () => {
    const link = await share();
    const frame = await fetch(`${link}/player`);
    expect(frame.headers.get('content-security-policy')).toContain('frame-ancestors *');
    expect(frame.headers.get('x-frame-options')).toBeNull();
    const bare = await frame.text();
    expect(bare).toContain('<video');
    expect(bare).not.toMatch(/<a |<form|<script/);
    const page = await open(link);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.headers.get('x-frame-options')).toBe('DENY');
  });

  test('speaks Chinese', async () => {
    expect(await (await open(await share(), 'zh-CN')).text()).toMatch(/lang="zh-CN"[\s\S]*分享/);
  });
});

describe('a link that does not work', () => {
  const places = ['', '/player', '/video.mp4', '/poster.jpg'];

  test('is told from a forged one, of which nothing is said', async () => {
    const link = await share();
    const [id = '', epoch = '', expires = '', signature = ''] = link
      .slice(link.lastIndexOf('/') + 1)
      .split('.');
    const base = `${world.publicUrl}/s`;
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    for (const token of [
      `${id}.${epoch}.${Number(expires) + 1}.${signature}`,
      `${id}.${Number(epoch) + 1}.${expires}.${signature}`,
      `vid_0000000000000000.${epoch}.${expires}.${signature}`,
      `${id}.${epoch}.${expires}.${flipped}`,
      `${id}.${epoch}.${expires}`,
      `${id}.${epoch}.${expires}.${signature}.`,
      'x',
    ])
      for (const place of places)
        expect([token, place, await statusOf(`${base}/${token}${place}`)]).toEqual([
          token,
          place,
          404,
        ]);
    expect(await statusOf(`${link}/other.mp4`)).toBe(404);
    const page = await open(`${base}/x`, 'zh');
    expect(await page.text()).toContain('这里没有分享的视频');
  });

  test('works until its second and not in it', async () => {
    const link = await share(1);
    await world.advance(day - 1);
    expect(await statusOf(link)).toBe(200);
    await world.advance(1);
    for (const place of places)
      expect([place, await statusOf(`${link}${place}`)]).toEqual([place, 410]);
    await world.advance(1);
    expect(await statusOf(link, 'HEAD')).toBe(410);
    const page = await open(link, 'zh');
    expect(page.headers.get('x-robots-tag')).toBe('noindex');
    expect(await page.text()).toContain('此视频已不再分享');
    expect(await (await open(link)).text()).toContain('Ask whoever sent it to you');
  });

  test('was taken back with all others of its video, and the next one works', async () => {
    const links = [await share(1), await share(30)];
    await endLinks();
    for (const link of links)
      for (const place of places)
        expect([place, await statusOf(`${link}${place}`)]).toEqual([place, 410]);
    expect(await statusOf(await share())).toBe(200);
  });

  test('ends with its video', async () => {
    const own = await makeReadyVideo(world);
    const link = await share(7, own);
    expect(await statusOf(link)).toBe(200);
    await world.must(videoDelete, { video: own }, await world.context());
    for (const place of places)
      expect([place, await statusOf(`${link}${place}`)]).toEqual([place, 410]);
  });
});
