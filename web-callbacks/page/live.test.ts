import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { signInWords } from '../../core/messages/sign-in.ts';
import { launchChromium } from '../../scripts/chromium.ts';
import { createVisitor, goodPassword, linkInMail } from '../../test/kit/visitor.ts';
import { createWorld, type World } from '../../test/kit/world.ts';

let world: World;
let browser: Browser;
const opened: BrowserContext[] = [];
beforeAll(async () => {
  world = await createWorld();
  browser = await launchChromium();
});
afterEach(async () => {
  for (const context of opened.splice(0)) await context.close();
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

const words = signInWords.en;

async function open(
  path: string,
  { locale = 'en-GB', javaScriptEnabled = true } = {},
): Promise<Page> {
  const context = await browser.newContext({ locale, javaScriptEnabled });
  opened.push(context);
  const page = await context.newPage();
  await page.goto(`${world.publicUrl}${path}`);
  return page;
}
const field = (page: Page, name: string) => page.locator(`input[name="${name}"]`);
const said = (page: Page, name: string) => page.locator(`#${name}-error`).textContent();
const isMarked = async (page: Page, name: string) =>
  (await field(page, name).getAttribute('aria-invalid')) === 'true';
/** What the page says of a field, and whether it is marked. */
const state = async (page: Page, name: string) => [
  await said(page, name),
  await isMarked(page, name),
];
/** Types key by key, as a person does. */
const type = (page: Page, name: string, text: string) => field(page, name).pressSequentially(text);

describe('while somebody types', () => {
  test('a password is held against each rule, once the field was left, and at once from then on', async () => {
    const page = await open('/sign-up');
    await type(page, 'password', 'boat');
    expect(await state(page, 'password')).toEqual(['', false]);
    await page.keyboard.press('Tab');
    expect(await state(page, 'password')).toEqual([
      `${words.lacks.too_short} ${words.lacks.no_digit}`,
      true,
    ]);
    await type(page, 'password', 's 7');
    expect(await state(page, 'password')).toEqual([words.lacks.too_short, true]);
    await type(page, 'password', '1');
    expect(await state(page, 'password')).toEqual(['', false]);
    await field(page, 'password').fill('77777777');
    expect(await state(page, 'password')).toEqual([words.lacks.no_letter, true]);
    await field(page, 'password').fill(`${'v'.repeat(127)}7`);
    expect(await state(page, 'password')).toEqual(['', false]);
    await field(page, 'password').fill(`${'v'.repeat(128)}7`);
    expect(await state(page, 'password')).toEqual([words.lacks.too_long, true]);
    // A character of two halves is one, and letters and digits are those of any script.
    await field(page, 'password').fill('🚀🚀🚀🚀🚀舟٧');
    expect(await state(page, 'password')).toEqual([words.lacks.too_short, true]);
    await field(page, 'password').fill('🚀🚀🚀🚀🚀🚀舟٧');
    expect(await state(page, 'password')).toEqual(['', false]);
  });

  test('the repetition is compared, also when the first one changes', async () => {
    const page = await open('/sign-up');
    await type(page, 'password', goodPassword);
    await type(page, 'repeat', 'correct');
    expect(await state(page, 'repeat')).toEqual(['', false]);
    await page.keyboard.press('Tab');
    expect(await state(page, 'repeat')).toEqual([words.notSame, true]);
    await field(page, 'repeat').fill(goodPassword);
    expect(await state(page, 'repeat')).toEqual(['', false]);
    await type(page, 'password', '8');
    expect(await state(page, 'repeat')).toEqual([words.notSame, true]);
  });

  test('an address is looked at, and a field that was left empty is not', async () => {
    const page = await open('/sign-up');
    await field(page, 'email').focus();
    await page.keyboard.press('Tab');
    await type(page, 'email', 'kim@');
    expect(await state(page, 'email')).toEqual(['', false]);
    await page.keyboard.press('Tab');
    expect(await state(page, 'email')).toEqual([words.emailNotValid, true]);
    await type(page, 'email', 'example.org');
    expect(await state(page, 'email')).toEqual(['', false]);
  });

  test('it is said in Chinese to whoever reads Chinese', async () => {
    const page = await open('/sign-up', { locale: 'zh-CN' });
    await type(page, 'password', 'boat');
    await page.keyboard.press('Tab');
    expect(await said(page, 'password')).toBe(
      `${signInWords.zh.lacks.too_short} ${signInWords.zh.lacks.no_digit}`,
    );
  });

  test('what the server has refused is taken back as soon as it is mended', async () => {
    const page = await open('/sign-up');
    for (const [name, text] of [
      ['email', 'kim@example.org'],
      ['password', 'Password1!'],
      ['repeat', 'Password1!'],
      ['name', 'Kim of the boats'],
    ] as const)
      await field(page, name).fill(text);
    await page.locator('select').selectOption('creator');
    await page.locator('button.main').click();
    await page.getByText(words.lacks.too_common).waitFor();
    expect(await field(page, 'email').inputValue()).toBe('kim@example.org');
    expect(await field(page, 'name').inputValue()).toBe('Kim of the boats');
    expect(await page.locator('select').inputValue()).toBe('creator');
    expect(await field(page, 'password').inputValue()).toBe('');
    await field(page, 'password').fill(goodPassword);
    expect(await state(page, 'password')).toEqual(['', false]);
  });
});

test('whoever signs up waits by a button that is busy, and ends before the dashboard, welcomed', async () => {
  const page = await open('/sign-up');
  await field(page, 'email').fill('lee@example.org');
  await field(page, 'password').fill(goodPassword);
  await field(page, 'repeat').fill(goodPassword);
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  // A navigation that is held back would hold the page's own answers back as well.
  await page.route('**/healthz', async (route) => {
    await held;
    await route.continue();
  });
  await page.locator('button.main').click();
  await page.locator('button.main[aria-busy="true"]').waitFor();
  answer();
  await page.getByText(words.mailSentBody({ email: 'lee@example.org' })).waitFor();
  await world.drain();
  await page.goto(linkInMail(world, 'lee@example.org'));
  await page.locator('button.main').click();
  await page.waitForURL('**/dashboard*');
  expect(page.url()).toBe(`${world.publicUrl}/dashboard?welcome=1`);
});

test.each(['/sign-up', '/sign-in', '/reset'])(
  '%s keeps no address and no password in the browser',
  async (path) => {
    const page = await open(path);
    await field(page, 'email').fill('kim@example.org');
    for (const secret of await page.locator('input[type="password"]').all())
      await secret.fill(goodPassword);
    for (const name of await page.locator('input[name="name"]').all()) await name.fill('Kim');
    const kept = await page.evaluate(
      'JSON.stringify([{ ...sessionStorage }, { ...localStorage }])',
    );
    expect(kept).not.toContain('example.org');
    expect(kept).not.toContain('correct');
    await page.reload();
    expect(await field(page, 'email').inputValue()).toBe('');
  },
);

test('without a script the form works, and the server says what is wrong', async () => {
  const page = await open('/sign-up', { javaScriptEnabled: false });
  await field(page, 'email').fill('plain@example.org');
  await field(page, 'password').fill('boats and boats');
  await field(page, 'repeat').fill('boats and boats');
  await page.locator('button.main').click();
  expect(await state(page, 'password')).toEqual([words.lacks.no_digit, true]);
  await field(page, 'password').fill(goodPassword);
  await field(page, 'repeat').fill(goodPassword);
  await page.locator('button.main').click();
  await page.getByText(words.mailSentBody({ email: 'plain@example.org' })).waitFor();
});

test.each(['/sign-up', '/sign-in', '/reset', '/reset/new', '/verify'])(
  '%s weighs less than 50 KB in either language',
  async (path) => {
    for (const language of ['en', 'zh-CN']) {
      const { text } = await createVisitor(world.publicUrl, { language }).open(path);
      expect(Buffer.byteLength(text)).toBeLessThan(50_000);
    }
  },
);
