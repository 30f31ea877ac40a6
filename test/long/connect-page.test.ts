import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { channelConnect } from '../../core/channel/connect.ts';
import { channelList } from '../../core/channel/list.ts';
import { launchChromium } from '../../scripts/chromium.ts';
import { createWorld, type World } from '../kit/world.ts';

let world: World;
let browser: Browser;
const profiles: BrowserContext[] = [];

beforeAll(async () => {
  world = await createWorld();
  browser = await launchChromium();
});
afterAll(async () => {
  for (const profile of profiles) await profile.close();
  await browser?.close();
  await world.close();
});

/** A page of a profile of its own, as of another person or another device, and what its browser refused. */
async function open(address: string, locale: 'en-US' | 'zh-CN' = 'en-US') {
  const profile = await browser.newContext({ locale, viewport: { width: 390, height: 844 } });
  profile.setDefaultTimeout(20_000);
  profiles.push(profile);
  const page = await profile.newPage();
  const refusals: string[] = [];
  page.on('console', (line) => {
    if (line.type() === 'error') refusals.push(line.text());
  });
  await page.goto(address);
  return { page, refusals };
}

async function link(account: string): Promise<string> {
  const context = await world.context('terminal', account);
  const { url } = await world.must(channelConnect, { access: 'manage' }, context);
  return z.string().parse(url);
}

const press = (page: Page, name: string) => page.getByRole('button', { name }).click();
const heading = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor();
const channelsOf = async (account: string) =>
  channelList.output.parse(
    await world.must(channelList, {}, await world.context('terminal', account)),
  ).channels;

test.each([
  [
    'en-US',
    'Connect a YouTube channel to @ada?',
    'Continue to Google',
    'Your channel is connected',
  ],
  ['zh-CN', '将 YouTube 频道连接到 @ada？', '前往 Google', '频道已连接'],
] as const)('in %s a person goes over Google and back', async (locale, title, button, done) => {
  const { page, refusals } = await open(await link('ada'), locale);
  await heading(page, title);
  const width: number = await page.evaluate('document.documentElement.scrollWidth');
  expect(width).toBeLessThanOrEqual(390);
  await press(page, button);
  await press(page, 'Allow');
  await heading(page, done);
  expect(refusals).toEqual([]);
  expect(await channelsOf('ada')).toMatchObject([{ access: 'manage' }]);
});

test('what one browser brings back from Google is of no use in another', async () => {
  const { page } = await open(await link('grace'));
  await press(page, 'Continue to Google');
  const held = Promise.withResolvers<string>();
  // Google's answer is held back before the browser follows it.
  await page.route('**/o/oauth2/v2/auth', async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 });
    held.resolve(answer.headers()['location'] ?? '');
    await route.fulfill({ status: 204 });
  });
  await press(page, 'Allow');
  const back = await held.promise;
  const other = await open(back);
  await heading(other.page, 'This link is not valid, or it has expired.');
  expect(await channelsOf('grace')).toEqual([]);
  await page.goto(back);
  await heading(page, 'Your channel is connected');
});
