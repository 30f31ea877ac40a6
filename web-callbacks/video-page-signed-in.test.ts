import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { accountOfLogin } from '../core/account/of-login.ts';
import { contextOfAccount } from '../core/account/acting.ts';
import { videoGenerate } from '../core/video/generate.ts';
import { videoPageLink } from '../core/video/page-link.ts';
import { launchChromium } from '../scripts/chromium.ts';
import { quickWish, startVideo } from '../test/kit/trips.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { createWebApp } from './app.ts';
import { csrfField } from './csrf.ts';
import { serveWeb, type WebServer } from './serve.ts';

let world: World;
let web: WebServer;
let browser: Browser;
let video: string;

const login = {
  id: 'usr_ada',
  sessionId: 'ses_ada',
  name: 'Ada',
  email: 'ada@example.org',
  locale: 'zh',
  purpose: null,
  discordId: null,
} as const;
const cookie = 'jilo.session_token=known';

beforeAll(async () => {
  world = await createWorld();
  const { signIn } = world.services;
  const find = (headers: Headers) =>
    Promise.resolve(headers.get('cookie') === cookie ? { login, cookies: [] } : null);
  const services = { ...world.services, signIn: { ...signIn, find } };
  web = await serveWeb(createWebApp(services, { operations: [], instanceId: 'run_x' }), 0);
  const accountId = await accountOfLogin(world.services, login);
  const { signal } = new AbortController();
  const context = await contextOfAccount(world.services, { accountId, surface: 'web', signal });
  const made = await world.must(videoGenerate, quickWish, context);
  video = videoGenerate.output.parse(made).video;
  await world.drain();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await web.close();
  await world.close();
});

const open = (path: string) =>
  fetch(`${web.url}${path}`, {
    redirect: 'manual',
    headers: { cookie, 'accept-language': 'en', accept: 'text/html' },
  });

test('the owner who is signed in needs no link, and reads it in the language of the account', async () => {
  const response = await open(`/videos/${video}`);
  const page = await response.text();
  expect(response.status).toBe(200);
  for (const words of [
    'lang="zh-CN"',
    '退出登录',
    'Ada',
    csrfField(world.services, login.sessionId).text,
  ])
    expect(page).toContain(words);
  expect(page.match(/<h1/g)).toHaveLength(1);
  expect(Buffer.byteLength(page)).toBeLessThan(50_000);
});

test('a link that has expired still opens for its owner', async () => {
  const { pathname, search } = new URL(videoPageLink(world.services, video, 'owner') ?? '');
  await world.advance(2 * 24 * 60 * 60);
  expect((await open(`${pathname}${search}`)).status).toBe(200);
});

test('the video of somebody else is not there, and their link shows them and not us', async () => {
  const other = await startVideo(world);
  const path = `/videos/${other}`;
  expect((await open(path)).status).toBe(404);
  expect((await open(`${path}/captions.vtt`)).status).toBe(404);
  const { search } = new URL(videoPageLink(world.services, other, 'owner') ?? '');
  const page = await (await open(`${path}${search}`)).text();
  expect(page).not.toMatch(/Sign out|Ada/);
  await world.drain();
});

test('a page that is open becomes the player by itself once the video is ready', async () => {
  const id = await startVideo(world);
  const browsing = await browser.newContext({ locale: 'en-GB' });
  const page = await browsing.newPage();
  await page.goto(videoPageLink(world.services, id, 'owner') ?? '');
  expect(await page.getByRole('status').first().innerText()).toBe('Analysing the prompt');
  await world.drain();
  const look = async () => {
    await world.advance(1);
    return page.locator('video').count();
  };
  await expect.poll(look, { timeout: 20_000 }).toBe(1);
  expect(await page.locator('#progress').count()).toBe(0);
  await browsing.close();
}, 60_000);
