import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Html, html, sendPage, type Page } from './pages.ts';
import { serveWeb, type WebServer } from './serve.ts';

let web: WebServer;
let page: Page;
beforeAll(async () => {
  const app = express();
  app.set('listen host', '127.0.0.1');
  app.get('/', (_request, response) => {
    response.set('Content-Security-Policy', "default-src 'none'");
    sendPage(response, 200, page);
  });
  web = await serveWeb(app, 0);
});
afterAll(() => web.close());

const plain: Page = { locale: 'en', title: 'A page', body: html`<p>Words</p>` };
const csrf = new Html('<input type="hidden" name="csrf" value="c" />');

async function read(shown: Page) {
  page = shown;
  const response = await fetch(web.url);
  const text = await response.text();
  return { text, policy: response.headers.get('content-security-policy') ?? '' };
}

const count = (text: string, mark: RegExp): number => text.match(mark)?.length ?? 0;

describe('a page', () => {
  test('without a form runs nothing', async () => {
    const { text, policy } = await read(plain);
    expect(text).not.toContain('<script');
    expect(policy).toBe("default-src 'none'");
    expect(text).not.toContain('<nav');
  });

  test.each(['forms', 'video'] as const)('lets its script %s run, and no other', async (script) => {
    const { text, policy } = await read({ ...plain, script });
    const inline = /<script type="module">([\s\S]*?)<\/script>/.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(inline).digest('base64');
    expect(inline.length).toBeGreaterThan(1000);
    expect(policy).toBe(`default-src 'none';script-src 'sha256-${hash}';connect-src 'self'`);
    expect(Buffer.byteLength(text)).toBeLessThan(25_000);
    expect(text).toContain('role="status"');
  });

  test('of somebody who is signed in has landmarks, one heading and the way out', async () => {
    const navigation = { name: 'Ada <b>', current: 'tokens', csrf } as const;
    const { text } = await read({ ...plain, navigation, wide: true });
    expect(text).toMatch(/<body>\s*<a class="skip" href="#main">/);
    for (const mark of [/<header/g, /<nav aria-label="Main">/g, /<main id="main"/g, /<h1/g])
      expect([mark, count(text, mark)]).toEqual([mark, 1]);
    expect(text).toMatch(/href="\/tokens" aria-current="page"/);
    expect(count(text, /aria-current="page"/g)).toBe(1);
    expect(text).toMatch(
      /<form class="inline" method="post" action="\/sign-out">\s*<input type="hidden" name="csrf"/,
    );
    expect(text).toContain('Ada &lt;b&gt;');
    expect(text).toContain('Sign out');
  });

  test('speaks Chinese', async () => {
    const { text } = await read({
      ...plain,
      locale: 'zh',
      navigation: { name: 'A', current: 'dashboard', csrf },
    });
    for (const words of ['lang="zh-CN"', '跳到正文', '概览', '退出登录', '您已离线'])
      expect(text).toContain(words);
  });

  test('for a frame has its body alone', async () => {
    const { text } = await read({ ...plain, bare: true });
    expect(text).toMatch(/<body class="bare">\s*<p>Words<\/p>\s*<\/body>/);
  });
});

/** As WCAG 2.2 counts it: from 1, for the same colour, to 21. */
function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [one, other].map(luminance).toSorted((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('the %s colours', (_name, at) => {
  const css = readFileSync(new URL('page/page.css', import.meta.url), 'utf8');
  const block = [...css.matchAll(/:root \{([^}]*)\}/g)][at]?.[1] ?? '';
  const colours = new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-fA-F]{6});/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
  const colour = (name: string): string => colours.get(name) ?? '';

  test.each([
    ['ink', 'back'],
    ['ink', 'card'],
    ['dim', 'back'],
    ['dim', 'card'],
    ['dim', 'calm-wash'],
    ['main', 'back'],
    ['main', 'card'],
    ['on', 'main'],
    ['calm', 'calm-wash'],
    ['good', 'good-wash'],
    ['bad', 'bad-wash'],
    ['bad', 'card'],
    ['warn', 'warn-wash'],
  ] as const)('let %s be read on %s', (text, ground) => {
    expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['back', 'card'])('show the edge of a field on %s', (ground) => {
    expect(contrast(colour('edge'), colour(ground))).toBeGreaterThanOrEqual(3);
  });
});
