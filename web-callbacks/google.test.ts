import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { channelConnect } from '../core/channel/connect.ts';
import { channelList } from '../core/channel/list.ts';
import { sha256Hex } from '../core/crypto.ts';
import { oauthStates } from '../drizzle/schema/publishing.ts';
import { goToGoogle, type WayBack } from '../sandbox/google/browser.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { createWebApp } from './app.ts';
import { serveWeb } from './serve.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

type Link = { readonly url: string; readonly state: string };

async function link(access: 'upload' | 'manage' = 'upload', account = 'owner'): Promise<Link> {
  const context = await world.context('terminal', account);
  const { url } = await world.must(channelConnect, { access }, context);
  const address = z.string().parse(url);
  return { url: address, state: new URL(address).searchParams.get('state') ?? '' };
}

const rowOf = async ({ state }: Link) => {
  const [row] = await world.app.database.db
    .select()
    .from(oauthStates)
    .where(eq(oauthStates.stateHash, sha256Hex(state)));
  return row;
};

const press = ({ state }: Link, headers: Record<string, string> = {}, base = world.publicUrl) =>
  fetch(`${base}/oauth/google/start`, {
    method: 'POST',
    body: new URLSearchParams({ state }),
    headers: { origin: base, ...headers },
    redirect: 'manual',
  });

const comeBack = ({ address, cookie }: WayBack) => fetch(address, { headers: { cookie } });
const channelsOf = async (account: string) =>
  channelList.output.parse(
    await world.must(channelList, {}, await world.context('terminal', account)),
  ).channels;

describe('the page before Google’s', () => {
  test('is ours, and says whose account it is, what is asked for and where it leads', async () => {
    const { url } = await link('upload', 'ada <b>');
    expect(url).toMatch(new RegExp(`^${world.publicUrl}/oauth/google/start\\?state=[\\w-]{43}$`));
    const shown = await fetch(url);
    const page = await shown.text();
    expect(shown.status).toBe(200);
    expect(page).toContain('Connect a YouTube channel to @ada &lt;b&gt;?');
    expect(page).toContain('upload videos that you have confirmed, as private');
    expect(page).toContain(new URL(world.emulators.google.url).host);
    expect(page).toContain(new URL(world.publicUrl).host);
    expect(page).not.toMatch(/<script|<b>|code_challenge/);
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect(shown.headers.get('referrer-policy')).toBe('same-origin');
    const policy = shown.headers.get('content-security-policy') ?? '';
    const { origin } = new URL(world.emulators.google.url);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`form-action 'self' ${origin};`);
    expect(policy).not.toContain('script-src');
  });

  test.each([
    ['upload', 'en', 'change or show to others'],
    ['manage', 'en', 'who may see a video and when'],
    ['upload', 'zh-CN', '或将其公开给他人'],
    ['manage', 'zh-CN', '视频的可见范围和公开时间'],
  ] as const)('for %s says in %s what that means', async (access, language, words) => {
    const { url } = await link(access);
    const page = await fetch(url, { headers: { 'accept-language': language } });
    const text = await page.text();
    expect(text).toContain(words);
    expect(text).toContain(language === 'en' ? '@owner?' : '连接到 @owner？');
  });

  test('uses nothing up, however often it is looked at', async () => {
    const made = await link();
    for (const method of ['GET', 'HEAD', 'GET'])
      expect((await fetch(made.url, { method })).status).toBe(200);
    expect(await rowOf(made)).toMatchObject({ usedAt: null, browserHash: null });
    expect((await comeBack(await goToGoogle(made.url))).status).toBe(200);
  });

  test.each(['', '?state=', '?state=made-up', `?state=${'x'.repeat(501)}`, '?state=a&state=b'])(
    'without a link of ours (%s) is not valid',
    async (query) => {
      const shown = await fetch(`${world.publicUrl}/oauth/google/start${query}`);
      expect(shown.status).toBe(400);
      expect(await shown.text()).toContain('This link is not valid');
    },
  );

  test('is gone once the link was used', async () => {
    const made = await link();
    await comeBack(await goToGoogle(made.url));
    expect((await fetch(made.url)).status).toBe(400);
    expect((await press(made)).status).toBe(400);
  });

  test.each([
    [599, 200, 303],
    [600, 400, 400],
    [601, 400, 400],
  ])('after %i seconds answers %i, and its button %i', async (seconds, shown, pressed) => {
    const made = await link();
    await world.advance(seconds);
    expect((await fetch(made.url)).status).toBe(shown);
    expect((await press(made)).status).toBe(pressed);
  });
});

describe('its button', () => {
  test('goes on to Google with a cookie for this browser alone', async () => {
    const made = await link('manage');
    const sent = await press(made);
    expect(sent.status).toBe(303);
    const google = new URL(sent.headers.get('location') ?? '');
    expect(google.origin).toBe(new URL(world.emulators.google.url).origin);
    expect(google.searchParams.get('state')).toBe(made.state);
    expect(google.searchParams.get('scope')).toContain('youtube.force-ssl');
    const [cookie = '', ...more] = sent.headers.getSetCookie();
    expect(more).toEqual([]);
    expect(cookie).toMatch(/^jilo_connect_[0-9a-f]{16}=[\w-]{43}; Max-Age=600; Path=\/;/);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
    expect(cookie).not.toContain('Secure');
    const secret = /=([\w-]{43});/.exec(cookie)?.[1] ?? '';
    expect(await rowOf(made)).toMatchObject({ browserHash: sha256Hex(secret), usedAt: null });
  });

  test('asks for a secure cookie once the public address is', async () => {
    const services = { ...world.services, publicUrl: () => 'https://jilo.example' };
    const web = await serveWeb(createWebApp(services, { operations: [], instanceId: 'run_s' }), 0);
    try {
      const sent = await press(await link(), { origin: 'https://jilo.example' }, web.url);
      expect(sent.status).toBe(303);
      const [cookie] = sent.headers.getSetCookie();
      expect(cookie).toMatch(/^__Host-jilo_connect_[0-9a-f]{16}=[\w-]{43}; Max-Age=600; Path=\/;/);
      expect(cookie).toContain('; HttpOnly; Secure; SameSite=Lax');
      expect(cookie).not.toContain('Domain');
      const back = new URL(sent.headers.get('location') ?? '').searchParams.get('redirect_uri');
      expect(back).toBe('https://jilo.example/oauth/google/callback');
    } finally {
      await web.close();
    }
  });

  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('pressed from elsewhere (%j) does nothing', async (headers) => {
    const made = await link();
    const sent = await press(made, headers);
    expect(sent.status).toBe(400);
    expect(sent.headers.getSetCookie()).toEqual([]);
    expect(await rowOf(made)).toMatchObject({ browserHash: null });
  });
});

describe('the way back', () => {
  test('connects the channel once, names it and clears the cookie', async () => {
    const made = await link('upload', 'grace');
    const way = await goToGoogle(made.url, { channel: '城市慢镜头' });
    expect(
      (await fetch(way.address, { method: 'HEAD', headers: { cookie: way.cookie } })).status,
    ).toBe(405);
    const done = await comeBack(way);
    const page = await done.text();
    expect(done.status, page).toBe(200);
    expect(page).toContain('Your channel is connected');
    expect(page).toContain('城市慢镜头');
    expect(done.headers.getSetCookie()[0]).toMatch(
      /^jilo_connect_[0-9a-f]{16}=; Path=\/; Expires=Thu, 01 Jan 1970/,
    );
    expect(await channelsOf('grace')).toMatchObject([{ title: '城市慢镜头' }]);
    const replay = await comeBack(way);
    expect(replay.status).toBe(400);
    expect(await replay.text()).toContain('not valid');
    expect(await rowOf(made)).toMatchObject({ usedAt: expect.any(Date) });
  });

  test('is closed to another browser, which uses nothing up', async () => {
    const made = await link('upload', 'linus');
    const way = await goToGoogle(made.url);
    const others = ['', 'other=1', `${way.cookie}x`, way.cookie.replace(/=.*/, `=${made.state}`)];
    for (const cookie of others) {
      const refused = await fetch(way.address, { headers: { cookie } });
      expect(refused.status).toBe(400);
      const page = await refused.text();
      expect(page).toContain('This link is not valid');
      expect(page).toContain('Open the link that Jilo gave you again and stay in that browser');
    }
    expect(await channelsOf('linus')).toEqual([]);
    expect((await comeBack({ ...way, cookie: `a=b; ${way.cookie}; c=d` })).status).toBe(200);
  });

  test('takes no cookie of another round trip', async () => {
    const first = await goToGoogle((await link('upload', 'mary')).url);
    const second = await goToGoogle((await link('upload', 'mary')).url);
    const value = second.cookie.split('=')[1] ?? '';
    const mixed = { ...first, cookie: first.cookie.replace(/=.*/, `=${value}`) };
    expect((await comeBack(mixed)).status).toBe(400);
    // Both go on in one browser, side by side.
    const cookie = `${first.cookie}; ${second.cookie}`;
    expect((await comeBack({ ...second, cookie })).status).toBe(200);
    expect((await comeBack({ ...first, cookie })).status).toBe(200);
  });

  test('says that nothing was connected when the person refused', async () => {
    const way = await goToGoogle((await link()).url, { decision: 'deny' });
    const response = await comeBack(way);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Nothing was connected');
    const odd = `${world.publicUrl}/oauth/google/callback?error=%3Cscript%3E`;
    expect((await fetch(odd)).status).toBe(400);
  });

  test.each<Record<string, string>>([
    {},
    { state: 'forged', code: 'x' },
    { state: '', code: 'x' },
    { code: 'x' },
  ])('refuses %j', async (query) => {
    const search = new URLSearchParams(query).toString();
    const response = await fetch(`${world.publicUrl}/oauth/google/callback?${search}`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('text/html');
  });

  test('tells the log nothing that opens anything', async () => {
    const made = await link('upload', 'rosa');
    const way = await goToGoogle(made.url);
    await comeBack(way);
    const code = new URL(way.address).searchParams.get('code') ?? '';
    const secrets = [made.state, code, way.cookie.split('=')[1] ?? ''];
    expect(secrets.every((secret) => secret.length > 20)).toBe(true);
    const log = world.logs.join('');
    for (const secret of secrets) expect(log.includes(secret)).toBe(false);
  });
});
