import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { openChat, type Chat } from '../../scripts/chat-page.ts';
import { launchChromium } from '../../scripts/chromium.ts';
import { copyDatabase } from '../kit/database.ts';
import { startJilo, type JiloProcess } from '../kit/process.ts';

/** One Jilo as `npm start` runs it without keys, and the person's own browser. */
let jilo: JiloProcess;
let browser: Browser;
let drop: () => Promise<void>;
const chats: Chat[] = [];
const dataDir = mkdtempSync(join(tmpdir(), 'jilo-page-'));

beforeAll(async () => {
  browser = await launchChromium();
  const database = await copyDatabase();
  drop = database.drop;
  const settings = { JILO_DATA_DIR: dataDir, DATABASE_URL: database.url, PORT: '0' };
  jilo = await startJilo(settings, ['--roles', 'web,worker,bot']);
});

afterEach(async () => {
  for (const chat of chats.splice(0)) await chat.close();
});

afterAll(async () => {
  await browser?.close();
  if (jilo) expect(await jilo.stop()).toBe(0);
  await drop?.();
  rmSync(dataDir, { recursive: true, force: true });
});

async function open(locale: 'en-US' | 'zh-CN' = 'en-US'): Promise<Chat> {
  const chat = await openChat(browser, { url: jilo.page, locale });
  chats.push(chat);
  return chat;
}

const playback = z.object({ duration: z.number(), at: z.number(), readyState: z.number() });

/** As much of the browser's video element as is used here. */
type Film = {
  muted: boolean;
  readonly currentTime: number;
  readonly duration: number;
  readonly readyState: number;
  play(): Promise<void>;
  addEventListener(event: 'timeupdate', moved: () => void, how: { once: true }): void;
};

/** Presses play and waits until the picture moves. */
async function play(video: Locator) {
  const seen = await video.evaluate(async (film: Film) => {
    film.muted = true;
    await film.play();
    while (film.currentTime === 0)
      await new Promise<void>((moved) =>
        film.addEventListener('timeupdate', moved, { once: true }),
      );
    return { duration: film.duration, at: film.currentTime, readyState: film.readyState };
  });
  return playback.parse(seen);
}

/** Whether the top of it stands in the window. */
async function isInSight(element: Locator): Promise<boolean> {
  const { y = -1 } = (await element.boundingBox()) ?? {};
  return y >= 0 && y < (element.page().viewportSize()?.height ?? 0);
}

/** The person's part on our page before Google's, and on Google's. */
async function allow(opened: Page, connected: string): Promise<void> {
  await opened.getByRole('button', { name: /Continue to Google|前往 Google/ }).click();
  await opened.getByRole('button', { name: 'Allow' }).click();
  await opened.getByRole('heading', { name: connected }).waitFor();
  await opened.close();
}

const refusals = ({ page }: Chat): Locator => page.getByRole('button', { name: /refusal|个拒绝/ });

test('a newcomer makes and publishes a video by commands, in English', async () => {
  const chat = await open();
  await chat.command('/trend search', { keyword: 'AI tools', days: { pick: '30' } });
  await chat.card('AI tools').getByRole('button', { name: 'Details' }).first().waitFor();
  await chat.command('/trend show', { trend: { type: 'AI', pick: 'AI tools' } });
  await chat.press('Why it works', 'Make one like this');
  await chat.press('A prompt for your video', 'Use it');
  await chat.press('ready to make', 'Edit');
  const editor = chat.page.getByRole('dialog');
  await editor.getByRole('combobox', { name: 'Model', exact: true }).waitFor();
  await editor.getByRole('radio', { name: /^15/ }).check();
  await editor.getByRole('button', { name: 'Submit' }).click();
  await chat.press(/ready to make.* Standard · 15 s /s, 'Generate');
  await chat.press('Left afterwards', 'Confirm');
  // Edits are paced, so on a busy machine any of these may be the first that is seen.
  const progress = /Your video is (?:on its way|being made|almost there)/;
  await chat.card(progress).getByText('%').waitFor();

  const ready = 'Your video is ready';
  const film = await play(chat.card(ready).locator('video'));
  expect(film.duration).toBeCloseTo(15, 0);
  expect(film.readyState).toBeGreaterThanOrEqual(2);
  expect(film.at).toBeGreaterThan(0);

  await chat.press(ready, 'Publish');
  const form = 'Publish to YouTube';
  await chat.choose(form, 'Visibility', 'Public');
  await chat.card(form).getByText('Public (Everybody)').waitFor();
  await chat.press(form, 'Connect YouTube');
  await allow(await chat.follow("Google's own page", 'Open Google'), 'Your channel is connected');
  await chat.press(form, 'Check again');
  await chat.press(form, 'Edit texts');
  await editor.getByLabel('Title').fill('Stop doing these things');
  await editor.getByRole('button', { name: 'Submit' }).click();
  await chat.card(form).getByText('Stop doing these things').waitFor();
  await chat.press(form, 'Publish');
  await chat.press('Nothing happens before you confirm', 'Confirm');
  const published = chat.card('Published').filter({ hasText: 'Stop doing these things' });
  await published.getByRole('link', { name: 'Watch on YouTube' }).waitFor();
  expect(await published.innerText()).toContain('Public');

  await chat.openDirect();
  await chat.card(ready).getByRole('link', { name: '#general › message' }).click();
  const found = chat.page.locator('.message.found').filter({ hasText: ready });
  await found.waitFor();
  expect(await isInSight(found)).toBe(true);
  expect(chat.page.context().pages()).toHaveLength(1);
  expect(await refusals(chat).count()).toBe(0);
  expect(chat.troubles).toEqual([]);
}, 120_000);

/** Eight o'clock in Shanghai, unless it strikes before the video is done. */
function evening(): string {
  const minutes = Math.floor(Date.now() / 60_000) % (24 * 60);
  const strikesSoon = minutes >= 12 * 60 - 3 && minutes < 12 * 60;
  return strikesSoon ? '明天晚上8点' : '晚上8点';
}

test('a newcomer asks for the whole trip in plain Chinese, and it is scheduled', async () => {
  const chat = await open('zh-CN');
  await chat.join('Guest');
  await chat.speak('中文');
  await chat.openDirect();
  await chat.say(`找一个关于AI工具的爆款，做个15秒竖屏视频，${evening()}发到我的频道`);
  await chat.press('制作 15 秒视频', '确认');
  await chat.card('已确认').waitFor();
  await chat.card('视频已完成').locator('video').waitFor();
  await allow(await chat.follow('Google 的页面', '打开 Google'), '频道已连接');
  await chat.say('连接好了，继续');
  await chat.press('发布到', '确认');
  const scheduled = chat.card('已排期');
  await scheduled.getByRole('link', { name: '在 YouTube 查看' }).waitFor();
  expect(await scheduled.innerText()).toMatch(/20:00（Asia\/Shanghai）起公开/);
  expect(await refusals(chat).count()).toBe(0);
  expect(chat.troubles).toEqual([]);
}, 120_000);

test('what is for one person is neither shown to another nor pressed by them', async () => {
  const owner = await open();
  await owner.join('First guest');
  const other = await open();
  await other.join('Second guest');
  await owner.command('/quota show');
  await owner.page.getByText('Only you can see this').first().waitFor();
  await owner.command('/trend search', { keyword: 'latte art' });
  await other
    .card('latte art')
    .getByRole('button', { name: 'Make one like this' })
    .first()
    .waitFor();
  expect(await other.page.getByText('Only you can see this').count()).toBe(0);
  await other.card('latte art').getByRole('button', { name: 'Make one like this' }).first().click();
  await other.card('This card belongs to somebody else').waitFor();
  expect(await owner.page.getByText('belongs to somebody else').count()).toBe(0);
  expect([...owner.troubles, ...other.troubles]).toEqual([]);
});

/** Holds back the answers to requests like this until released. */
async function hold({ page }: Chat, address: RegExp): Promise<{ release(): Promise<void> }> {
  const gate = Promise.withResolvers<void>();
  const held: Promise<unknown>[] = [];
  await page.route(address, (route) => {
    const passing = gate.promise.then(() => route.continue());
    held.push(
      passing,
      page.waitForResponse((response) => response.request() === route.request()),
    );
  });
  return {
    async release() {
      expect(held).not.toEqual([]);
      gate.resolve();
      await Promise.all(held);
      await page.unroute(address);
    },
  };
}

const personOf = ({ page }: Chat): string => new URL(page.url()).searchParams.get('person') ?? '';

test('an answer that comes late shows the next person nothing of the one before', async () => {
  const chat = await open();
  await chat.join('Early guest');
  const early = personOf(chat);
  await chat.command('/quota show');
  const secret = chat.page.getByText('Only you can see this').first();
  await secret.waitFor();

  const state = await hold(chat, new RegExp(`/page/state\\?person=${early}$`));
  const asked = chat.page.waitForRequest(/page\/state/);
  const newcomer = await open();
  await newcomer.join('Newcomer');
  await asked;
  await chat.join('Late guest');
  await state.release();
  expect(personOf(chat)).not.toBe(early);
  expect(await secret.count()).toBe(0);

  await chat.page.locator('#account').getByRole('button').click();
  await chat.page.getByRole('button', { name: /^Early guest/ }).click();
  await secret.waitFor();
  expect(chat.troubles).toEqual([]);
});

test('a button keeps its name while the bot is at work', async () => {
  const chat = await open();
  await chat.command('/trend search', { keyword: 'bread' });
  const button = chat.card('bread').getByRole('button', { name: 'Make one like this' }).first();
  await button.waitFor();
  const press = await hold(chat, /\/page\/act$/);
  await button.click();
  await chat.page.locator('[aria-busy]').waitFor();
  expect(await button.getAttribute('aria-busy')).toBe('true');
  await press.release();
  await chat.page.locator('[aria-busy]').waitFor({ state: 'detached' });
});

test("what Discord would refuse stands in the channel with Discord's own error", async () => {
  const chat = await open();
  const channel = await chat.page.locator('.channel.open').getAttribute('data-id');
  const refused = await fetch(new URL(`api/v10/channels/${channel}/messages`, jilo.page), {
    method: 'POST',
    headers: { authorization: 'Bot sandbox-discord-token', 'content-type': 'application/json' },
    body: JSON.stringify({ content: 'x'.repeat(2001) }),
  });
  expect(refused.status).toBe(400);
  const alert = chat.page.getByRole('log').getByRole('alert').filter({ hasText: '50035' });
  await alert.waitFor();
  expect(await alert.innerText()).toMatch(/Discord would refuse this.*BASE_TYPE_MAX_LENGTH/s);
  await refusals(chat).click();
  await chat.page.getByRole('dialog').getByText('BASE_TYPE_MAX_LENGTH').waitFor();
});
