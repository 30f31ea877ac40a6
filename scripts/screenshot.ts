import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Locator } from 'playwright-core';

import { locales } from '../core/messages/catalogue.ts';
import { removeEmbedded } from '../drizzle/embedded.ts';
import { openChat, type Chat } from './chat-page.ts';
import { launchChromium } from './chromium.ts';
import { explainFailure } from './explain.ts';
import { openHost, type Host } from './host.ts';
import { isolated } from './isolated.ts';
import { takeWebPictures } from './web-pictures.ts';

const folder = join(import.meta.dirname, '../docs/pictures');

/** What is asked for and pressed for each picture. */
const scenes = [
  {
    file: 'chat.png',
    locale: 'en-US',
    search: { command: '/trend search', options: { keyword: 'AI tools', views_min: '500000' } },
    make: {
      command: '/video generate',
      options: {
        prompt: 'A tidy desk at dawn, small AI tools wake up one by one, warm light, slow push in',
        seconds: { pick: '15' },
        shape: { pick: '9:16' },
      },
    },
    found: 'Make one like this',
    consent: { card: 'Nothing happens before you confirm', press: 'Confirm' },
    ready: 'Your video is ready',
  },
  {
    file: 'chat-zh.png',
    locale: 'zh-CN',
    search: { command: '/爆款 搜索', options: { 关键词: '云海', 最低播放量: '73000' } },
    make: {
      command: '/视频 生成',
      options: {
        提示词: '云海日出，柔和的光落在山峰上，缓慢航拍',
        时长: { pick: '15' },
        画面比例: { pick: '9:16' },
      },
    },
    found: '基于此生成',
    consent: { card: '确认之前什么都不会发生', press: '确认' },
    ready: '视频已完成',
  },
] as const;

type Scene = (typeof scenes)[number];

/** As much of the browser's video element as is used here. */
type Film = {
  muted: boolean;
  currentTime: number;
  play(): Promise<void>;
  addEventListener(event: 'timeupdate', moved: () => void, how: { once: true }): void;
};

type Scroller = { readonly scrollHeight: number; scrollTo(x: number, y: number): void };

/** Plays until the controls have gone, so that they do not cover the picture. */
async function playFilm(film: Locator): Promise<void> {
  await film.evaluate(async (video: Film) => {
    video.muted = true;
    video.currentTime = 4;
    await video.play();
    while (video.currentTime < 8.5)
      await new Promise<void>((moved) =>
        video.addEventListener('timeupdate', moved, { once: true }),
      );
  });
}

async function makeVideo(chat: Chat, scene: Scene): Promise<void> {
  await chat.command(scene.search.command, scene.search.options);
  await chat.card(scene.found).waitFor();
  await chat.command(scene.make.command, scene.make.options);
  await chat.press(scene.consent.card, scene.consent.press);
  const film = chat.card(scene.ready).locator('video');
  await film.waitFor();
  await dismissWhispers(chat);
  await chat.page.mouse.move(0, 0);
  await playFilm(film);
}

/** Takes away what only the person sees, so that the trends stand right above the video. */
async function dismissWhispers(chat: Chat): Promise<void> {
  const dismiss = chat.page.locator('.only-you').getByRole('button');
  while ((await dismiss.count()) > 0) await dismiss.first().click();
}

async function takePicture(browser: Browser, url: string, scene: Scene): Promise<void> {
  const size = { width: 1280, height: 1216 };
  const { locale } = scene;
  const chat = await openChat(browser, { url, locale, size, scale: 1.5, colours: 'dark' });
  try {
    await makeVideo(chat, scene);
    const end = (part: Scroller): void => part.scrollTo(0, part.scrollHeight);
    await chat.page.locator('#scroller').evaluate(end);
    await chat.page.screenshot({ path: join(folder, scene.file), caret: 'hide' });
  } finally {
    await chat.close();
  }
}

/** Each picture has a Jilo of its own, so that its person comes for the first time. */
async function withHost(work: (host: Host) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'jilo-screenshot-'));
  try {
    const host = await openHost({
      as: 'server',
      roles: ['web', 'worker', 'bot'],
      overrides: { ...isolated, JILO_DATA_DIR: dataDir },
      sandbox: { pace: { generationMs: 1000, searchMs: 300, processingMs: 1000 }, seed: 7 },
    });
    try {
      await work(host);
    } finally {
      await host.close();
    }
  } finally {
    removeEmbedded(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The two kinds of pictures; a word of the command line takes one only. */
const kinds = {
  async chat(browser: Browser) {
    for (const scene of scenes)
      await withHost((host) => takePicture(browser, host.discordPage ?? '', scene));
  },
  async web(browser: Browser) {
    for (const locale of locales)
      await withHost((host) =>
        takeWebPictures({ browser, host, url: host.url ?? '', locale, folder }),
      );
  },
};

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const [word] = process.argv.slice(2);
  const browser = await launchChromium();
  try {
    if (word !== 'web') await kinds.chat(browser);
    if (word !== 'chat') await kinds.web(browser);
  } finally {
    await browser.close();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${explainFailure(error)}\n`);
  process.exitCode = 1;
}
