import type { Client } from '@modelcontextprotocol/client';
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { decideApproval } from '../../core/consent/decide.ts';
import { operations } from '../../core/operations.ts';
import { launchChromium } from '../../scripts/chromium.ts';
import {
  connectAppClient,
  showApp,
  type AppCall,
  type AppOptions,
  type ShownApp,
} from '../kit/mcp-app-host.ts';
import { serviceOf } from '../kit/mcp-web.ts';
import { connectChannel, quickWish, startVideo } from '../kit/trips.ts';
import { createWorld, type World } from '../kit/world.ts';

/** Apps in a real browser, within a host that hands their calls to the server of a whole Jilo. */
let world: World;
let browser: Browser;
let client: Client;
let disconnect: () => Promise<void>;
let video: string;
let channel: string;
const opened: ShownApp[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  world = await createWorld({ generationMs: 20_000 });
  const connected = await connectAppClient(serviceOf(operations, await world.context('mcp')));
  client = connected.client;
  disconnect = () => connected.close();
  video = await makeVideo();
  channel = await connectChannel(world);
});
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});
afterAll(async () => {
  await disconnect?.();
  await browser?.close();
  await world?.close();
});

/** Waits for what a browser does by itself, on a busy machine as well. */
const soon = (holds: () => Promise<void> | void) =>
  vi.waitFor(holds, { timeout: 20_000, interval: 50 });

/** Lets time pass and the workers work until it holds. */
const untilTrue = (holds: () => Promise<void>) =>
  vi.waitFor(
    async () => {
      await world.advance(6);
      await world.drain();
      await holds();
    },
    { timeout: 60_000, interval: 50 },
  );

async function makeVideo(): Promise<string> {
  const id = await startVideo(world);
  await untilTrue(async () => {
    const { structuredContent } = await client.callTool({
      name: 'video_show',
      arguments: { video: id },
    });
    expect(structuredContent).toMatchObject({ status: 'ready' });
  });
  return id;
}

async function quoteVideo(): Promise<string> {
  const quoted = await client.callTool({ name: 'video_quote', arguments: { ...quickWish } });
  return z.looseObject({ quote: z.string() }).parse(quoted.structuredContent).quote;
}

async function open(call: AppCall, options: Partial<AppOptions> = {}): Promise<ShownApp> {
  const app = await showApp(browser, client, call, { width: 390, ...options });
  opened.push(app);
  return app;
}

const search = (keyword = 'AI tools'): AppCall => ({
  name: 'trend_search',
  input: { keyword, limit: 6 },
});

/** Nothing was refused, nothing else was asked for, and nothing is wider than the window. */
async function expectCalm({ app, troubles, outside }: ShownApp) {
  expect(troubles).toEqual([]);
  expect(outside).toEqual([]);
  const root = app.locator('html');
  const [inner, outer] = await root.evaluate((element) => [
    element.scrollWidth,
    element.clientWidth,
  ]);
  expect(inner).toBe(outer);
}

const looks = [390, 1280].flatMap((width) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    (['en-US', 'zh-CN'] as const).map((locale) => ({ width, theme, locale })),
  ),
);
describe.each(looks)('at $width pixels, $theme, in $locale', (look) => {
  const isChinese = look.locale === 'zh-CN';

  test('trends stand in a grid', async () => {
    const app = await open(search(), look);
    await app.app.getByRole('listitem').first().waitFor();
    expect(await app.app.getByRole('listitem').count()).toBe(6);
    await app.app
      .getByRole('heading', {
        level: 1,
        name: isChinese ? '正在走红的视频' : 'Videos that are taking off',
      })
      .waitFor();
    await expectCalm(app);
  });

  test('a finished video can be played', async () => {
    const app = await open({ name: 'video_show', input: { video } }, look);
    await app.app.locator('video').waitFor();
    const state = isChinese ? '视频已完成' : 'Your video is ready';
    expect(await app.app.getByRole('status').innerText()).toBe(state);
    await expectCalm(app);
  });

  test('the form says who decides', async () => {
    const app = await open({ name: 'publication_suggest', input: { video } }, look);
    const title = app.app.getByLabel(isChinese ? '标题' : 'Title', { exact: true });
    await title.waitFor();
    expect(await title.inputValue()).toMatch(/\S/);
    await app.app
      .getByText(isChinese ? /都由批准人在批准时决定/ : /decided by that person in the approval/)
      .first()
      .waitFor();
    await expectCalm(app);
  });
});

/** Answers with the first trend changed, whatever the server wrote. */
const planting =
  (changes: object) =>
  (answer: CallToolResult): CallToolResult => {
    const found = z
      .looseObject({ trends: z.array(z.looseObject({})) })
      .safeParse(answer.structuredContent);
    if (!found.success) return answer;
    const [first, ...rest] = found.data.trends;
    return {
      ...answer,
      structuredContent: { ...found.data, trends: [{ ...first, ...changes }, ...rest] },
    };
  };

const methodsOf = ({ said }: ShownApp) => said.map(({ method }) => method);
const saidBy = ({ said }: ShownApp, method: string) =>
  said.filter((message) => message.method === method).map(({ params }) => params);

describe('the grid of trends', () => {
  test('shows markup in a title as the text that it is, and opens no address but of the web', async () => {
    const title = '</script><img src=x onerror="parent.postMessage(1)"><b>Bold</b>';
    const app = await open(search(), {
      spoil: planting({
        title,
        channel: '<svg onload=alert(1)>',
        url: 'javascript:alert(1)',
        thumbnail_url: 'https://evil.example/x.png',
        score: 100,
      }),
    });
    const first = app.app.getByRole('heading', { level: 2 }).first();
    expect(await first.textContent()).toBe(title);
    const card = app.app.getByRole('article').first();
    expect(await card.locator('img, b, svg').count()).toBe(0);
    expect(await card.getByRole('link').count()).toBe(0);
    expect(await app.app.getByRole('link').count()).toBe(5);
    await expectCalm(app);
  });

  test('shows a picture of our own, and a tile where it cannot be had', async () => {
    const { structuredContent } = await client.callTool({
      name: 'video_show',
      arguments: { video },
    });
    const { poster_url: poster } = z
      .looseObject({ poster_url: z.string() })
      .parse(structuredContent);
    const app = await open(search(), { spoil: planting({ thumbnail_url: poster, score: 100 }) });
    const image = app.app.getByRole('article').first().locator('img');
    await soon(async () =>
      expect(
        await image.evaluate((element) => Reflect.get(element, 'naturalWidth')),
      ).toBeGreaterThan(0),
    );
    await expectCalm(app);
    const gone = await open(search(), {
      spoil: planting({ thumbnail_url: poster.replace(/sig=.*/, 'sig=no'), score: 100 }),
    });
    await gone.app.getByRole('article').first().locator('.tile').waitFor();
  });

  test('has a prompt written by the keyboard, keeps the focus, and says so to the model', async () => {
    const app = await open(search());
    const button = app.app.getByRole('button', { name: /^Write a prompt/ }).first();
    await button.focus();
    await app.page.keyboard.press('Enter');
    const written = app.app.getByRole('region', { name: 'Prompt' });
    await written.waitFor();
    const [call] = app.calls();
    expect(call).toEqual({
      name: 'prompt_write',
      input: { trend: expect.stringMatching(/^trd_/) },
    });
    const again = app.app.getByRole('button', { name: /^Write another/ });
    expect(await again.evaluate((element) => element.ownerDocument.activeElement === element)).toBe(
      true,
    );
    const text = await written.getByRole('paragraph').innerText();
    expect(JSON.stringify(saidBy(app, 'ui/update-model-context'))).toContain(text.slice(0, 20));
    await written.getByRole('button', { name: 'Make this video' }).click();
    await soon(() =>
      expect(saidBy(app, 'ui/message')).toEqual([
        {
          role: 'user',
          content: [{ type: 'text', text: `Make a video with this prompt: ${text}` }],
        },
      ]),
    );
    await expectCalm(app);
  });

  test('is sorted by score or by views', async () => {
    const app = await open(search());
    const viewsFirst = planting({ views: 987_000_000, score: 0 });
    const other = await open(search(), { spoil: viewsFirst });
    const views = (one: ShownApp) => one.app.getByText(/987M views/);
    await app.app.getByRole('article').first().waitFor();
    await views(other).waitFor();
    const texts = () => other.app.getByRole('article').allInnerTexts();
    expect((await texts()).at(-1)).toContain('987M');
    await other.app.getByLabel('Sort by').selectOption('views');
    expect((await texts()).at(0)).toContain('987M');
    expect(await views(app).count()).toBe(0);
  });

  test('lets the host open links where it offers that, else the browser', async () => {
    const app = await open(search());
    const link = app.app.getByRole('link').first();
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
    const url = await link.getAttribute('href');
    await link.click();
    await soon(() => expect(saidBy(app, 'ui/open-link')).toEqual([{ url }]));
    const plain = await open(search(), { capabilities: {} });
    await plain.app.getByRole('link').first().click();
    expect(methodsOf(plain)).not.toContain('ui/open-link');
    expect(plain.page.context().pages()).toHaveLength(1);
  });

  test('says what to do where the host lets apps call nothing', async () => {
    const app = await open(search(), { capabilities: {} });
    await app.app
      .getByRole('button', { name: /^Write a prompt/ })
      .first()
      .click();
    await app.app.getByText('This app may not call tools from here.').waitFor();
    expect(app.calls()).toEqual([]);
  });

  test("shows a failure in the server's words", async () => {
    const app = await open({ name: 'trend_search', input: { keyword: '' } });
    await app.app.getByRole('alert').waitFor();
    expect(await app.app.getByRole('alert').innerText()).toMatch(/keyword/i);
  });
});

describe('the protocol', () => {
  test('begins as the specification says, and tells its size', async () => {
    const app = await open(search());
    await app.app.getByRole('article').first().waitFor();
    expect(methodsOf(app).slice(0, 2)).toEqual(['ui/initialize', 'ui/notifications/initialized']);
    expect(saidBy(app, 'ui/initialize')[0]).toMatchObject({
      protocolVersion: '2026-01-26',
      appInfo: { name: 'jilo-trends' },
      appCapabilities: {},
    });
    await soon(async () => {
      const { height } = z
        .object({ height: z.number() })
        .parse(saidBy(app, 'ui/notifications/size-changed').at(-1));
      expect(height).toBeGreaterThan(900);
    });
  });

  test('hears nobody but the host', async () => {
    const app = await open(search());
    await app.app.getByRole('article').first().waitFor();
    const forged = {
      jsonrpc: '2.0',
      method: 'ui/notifications/tool-result',
      params: { structuredContent: { status: 'ready', trends: [] } },
    };
    await app.app.locator('body').evaluate(`new Promise((done) => {
      addEventListener('message', () => done(null), { once: true });
      postMessage(${JSON.stringify(forged)}, '*');
    })`);
    expect(await app.app.getByRole('article').count()).toBe(6);
    await app.tell(forged);
    await app.app.getByText('Nothing found').waitFor();
  });

  test('keeps out every script but its own, though the host would let it in', async () => {
    const app = await open(search());
    await app.app.getByRole('article').first().waitFor();
    const ran = await app.app.locator('body').evaluate(`new Promise((done) => {
      document.body.insertAdjacentHTML('beforeend', '<img src="data:x" onerror="window.ran = 1">');
      const script = document.createElement('script');
      script.textContent = 'window.ran = 2';
      document.body.append(script);
      const image = new Image();
      image.addEventListener('error', () => done(window.ran ?? 'nothing'));
      image.src = 'https://evil.example/x.png';
    })`);
    expect(ran).toBe('nothing');
    expect(app.outside).toEqual([]);
    expect(app.troubles.join(' ')).toMatch(/Content Security Policy.*script-src 'sha256-/s);
  });

  test('follows the host in theme and language, and answers it', async () => {
    const app = await open(search(), { theme: 'light' });
    await app.app.getByRole('article').first().waitFor();
    const ground = () =>
      app.app.locator('body').evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await ground()).toBe('rgb(255, 255, 255)');
    await app.tell({
      method: 'ui/notifications/host-context-changed',
      params: {
        theme: 'dark',
        locale: 'zh-Hans',
        styles: { variables: { '--color-background-primary': 'rgb(1, 2, 3)' } },
      },
    });
    await app.app.getByRole('heading', { name: '正在走红的视频' }).waitFor();
    expect(await ground()).toBe('rgb(1, 2, 3)');
    expect(await app.app.locator('html').getAttribute('lang')).toBe('zh-CN');
    await app.tell({ id: 'a', method: 'ping' });
    await app.tell({ id: 'b', method: 'ui/unheard', params: {} });
    await app.tell({ id: 'c', method: 'ui/resource-teardown', params: {} });
    await soon(() =>
      expect(app.said.filter(({ method }) => method === undefined)).toMatchObject([
        { id: 'a', result: {} },
        { id: 'b', error: { code: -32_601 } },
        { id: 'c', result: {} },
      ]),
    );
  });

  test('takes the theme of the browser where the host names none', async () => {
    const app = await open(search());
    await app.app.getByRole('article').first().waitFor();
    const ground = () =>
      app.app.locator('body').evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await ground()).toBe('rgb(255, 255, 255)');
    await app.page.emulateMedia({ colorScheme: 'dark' });
    expect(await ground()).toBe('rgb(28, 28, 32)');
  });
});

/** As much of the browser's video element as is used here. */
type Film = {
  muted: boolean;
  readonly currentTime: number;
  play(): Promise<void>;
  addEventListener(event: 'timeupdate', moved: () => void, how: { once: true }): void;
};

describe('the player', () => {
  test('follows a video until it can be played, then suggests texts', async () => {
    const id = await startVideo(world);
    const app = await open({ name: 'video_show', input: { video: id } });
    await app.app.getByText('Analysing the prompt').waitFor();
    await untilTrue(async () => {
      const { structuredContent } = await client.callTool({
        name: 'video_show',
        arguments: { video: id },
      });
      expect(structuredContent).toMatchObject({ step: 'making' });
    });
    // The workers rest until the page has asked again.
    await soon(async () => {
      await world.advance(1);
      expect(await app.app.getByRole('progressbar').getAttribute('value')).toMatch(/^[1-9]/);
    });
    await untilTrue(async () => expect(await app.app.locator('video').count()).toBe(1));
    await app.app.getByText('Your video is ready').waitFor();
    expect(await app.app.getByRole('progressbar').count()).toBe(0);
    const asked = app.calls();
    expect(asked.length).toBeGreaterThan(1);
    for (const call of asked)
      expect(call).toMatchObject({ name: 'video_show', input: { video: id } });
    expect(asked.at(-1)).toMatchObject({ input: { wait_seconds: 5 } });
    const moves = app.app.locator('video').evaluate(async (film: Film) => {
      film.muted = true;
      await film.play();
      while (film.currentTime === 0)
        await new Promise<void>((moved) =>
          film.addEventListener('timeupdate', moved, { once: true }),
        );
      return film.currentTime;
    });
    expect(await moves).toBeGreaterThan(0);
    await app.app.getByRole('button', { name: 'Suggest texts' }).click();
    const texts = app.app.getByRole('region', { name: 'Suggested texts' });
    await texts.waitFor();
    expect(await texts.getByRole('listitem').count()).toBe(3);
    expect(app.calls().at(-1)).toEqual({ name: 'publication_suggest', input: { video: id } });
    await expectCalm(app);
  });

  test('asks no more once the host puts it away', async () => {
    const id = await startVideo(world);
    const app = await open({ name: 'video_show', input: { video: id } });
    await soon(() => expect(app.calls().length).toBeGreaterThan(0));
    await app.tell({ id: 'over', method: 'ui/resource-teardown', params: {} });
    await soon(() => expect(app.said.some(({ id: answered }) => answered === 'over')).toBe(true));
    const before = app.calls().length;
    await untilTrue(async () => {
      const { structuredContent } = await client.callTool({
        name: 'video_show',
        arguments: { video: id },
      });
      expect(structuredContent).toMatchObject({ status: 'ready' });
    });
    expect(app.calls()).toHaveLength(before);
  });
});

test('a video that waits for a person shows where to decide', async () => {
  const app = await open({ name: 'video_generate', input: { quote: await quoteVideo() } });
  const link = app.app.getByRole('link', { name: 'Open the approval' });
  await link.click();
  const url = await link.getAttribute('href');
  expect(url).toContain(`${world.publicUrl}/approvals/`);
  await soon(() => expect(saidBy(app, 'ui/open-link')).toEqual([{ url }]));
  await expectCalm(app);
});

describe('the form to publish', () => {
  const form = () => open({ name: 'publication_suggest', input: { video } });

  test('counts as YouTube does and marks what does not fit', async () => {
    const { app, ...rest } = await form();
    const cases = [
      ['Title', 'x'.repeat(99), '99 / 100', 'false'],
      ['Title', '😀'.repeat(100), '100 / 100', 'false'],
      ['Title', 'x'.repeat(101), '101 / 100', 'true'],
      ['Title', 'a < b', '5 / 100', 'true'],
      ['Description', '字'.repeat(1666) + 'x', '4999 / 5000', 'false'],
      ['Description', '字'.repeat(1666) + 'xx', '5000 / 5000', 'false'],
      ['Description', '字'.repeat(1667), '5001 / 5000', 'true'],
      ['Tags, separated by commas', 'x'.repeat(499), '499 / 500', 'false'],
      ['Tags, separated by commas', `a b, ${'x'.repeat(494)}`, '500 / 500', 'false'],
      ['Tags, separated by commas', `a b, ${'x'.repeat(495)}`, '501 / 500', 'true'],
    ] as const;
    for (const [label, text, count, invalid] of cases) {
      const field = app.getByLabel(label, { exact: true });
      await field.fill(text);
      expect(await field.getAttribute('aria-invalid'), count).toBe(invalid);
      const note = app.locator(`#${await field.getAttribute('aria-describedby')}`);
      expect(await note.innerText()).toContain(count);
    }
    await app.getByRole('button', { name: 'Ask for approval' }).click();
    const first = app.getByLabel('Title', { exact: true });
    expect(await first.evaluate((element) => element.ownerDocument.activeElement === element)).toBe(
      true,
    );
    expect(rest.calls().map(({ name }) => name)).toEqual(['channel_list']);
  });

  test('publishes what a person has approved, who also decides who can see it', async () => {
    const app = await form();
    const page = app.app;
    await page.getByRole('button', { name: /\d|\?/ }).nth(1).click();
    const title = await page.getByLabel('Title', { exact: true }).inputValue();
    expect(title).toBe(await page.getByRole('button', { pressed: true }).innerText());
    await page.getByLabel('Channel').selectOption(channel);
    await page.getByLabel('Title', { exact: true }).fill('Paper boats');
    await page.getByRole('button', { name: 'Ask for approval' }).click();
    const question = page.getByRole('region', { name: 'Approval' });
    await question.getByText('Paper boats').waitFor();
    const [first] = app.calls().filter(({ name }) => name === 'publication_create');
    expect(Object.keys(first?.input ?? {}).toSorted()).toEqual([
      'channel',
      'description',
      'tags',
      'title',
      'video',
    ]);
    const address = await question.getByRole('link').getAttribute('href');
    const [, id = ''] = /approvals\/(apr_\w+|[a-z]+_\w+)/.exec(address ?? '') ?? [];
    const { actor } = await world.context('mcp');
    await decideApproval(world.app, { id, approved: true, by: actor.accountId, surface: 'web' });
    await question.getByRole('button', { name: 'It is approved: go on' }).click();
    await untilTrue(async () =>
      expect(await page.getByText('On YouTube, as private').count()).toBe(1),
    );
    const sent = app.calls().filter(({ name }) => name === 'publication_create');
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    expect(world.emulators.google.videos.filter((one) => one.title === 'Paper boats')).toHaveLength(
      1,
    );
    await page.getByRole('link', { name: 'Watch on YouTube' }).waitFor();
    await expectCalm(app);
  });
});
