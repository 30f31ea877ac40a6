import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { launchChromium } from '../../scripts/chromium.ts';
import { cards, openShop, type Shop } from '../kit/stripe-shop.ts';

let shop: Shop;
let browser: Browser;
const profiles: BrowserContext[] = [];

beforeAll(async () => {
  shop = await openShop();
  browser = await launchChromium();
});
afterAll(async () => {
  for (const profile of profiles) await profile.close();
  await browser?.close();
  await shop.close();
});

type Look = { readonly width: number; readonly colorScheme: 'light' | 'dark' };

/** Opens an address as a person without scripts does; the seller's own page says thank you. */
async function open(address: string, { width, colorScheme }: Look): Promise<Page> {
  const profile = await browser.newContext({
    viewport: { width, height: 844 },
    colorScheme,
    javaScriptEnabled: false,
  });
  profile.setDefaultTimeout(20_000);
  profiles.push(profile);
  const page = await profile.newPage();
  await page.route('http://127.0.0.1:8080/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<h1>Thank you</h1>' }),
  );
  await page.goto(address);
  return page;
}

async function openCheckout(look: Look) {
  const { id, url } = await shop.openCheckout({ locale: 'en' });
  const page = await open(url ?? '', look);
  await page.getByLabel('E-mail').fill('ada@example.com');
  return { id, page };
}

const pick = (page: Page, number: string) =>
  page.getByRole('button', { name: `•••• ${number.slice(-4)}` }).click();
const press = (page: Page, name: string) => page.getByRole('button', { name }).click();
const statusOf = async (id: string) =>
  (await shop.api.checkout.sessions.retrieve(id)).payment_status;

async function expectThanks(page: Page, id: string) {
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(page.url()).toBe(`http://127.0.0.1:8080/done?session=${id}`);
  expect(await statusOf(id)).toBe('paid');
}

const boxes = z.array(
  z.object({ left: z.number(), right: z.number(), height: z.number(), name: z.string() }),
);
const measure = `[...document.querySelectorAll('button, a, input:not([type=radio]), .choice')]
  .map((one) => [one.getBoundingClientRect(), one.outerHTML.slice(0, 80)])
  .filter(([box]) => box.width > 0)
  .map(([{ left, right, height }, name]) => ({ left, right, height, name }))`;

/** Nothing lies beyond the edges, and everything to press is large enough for a finger. */
async function expectRoom(page: Page, { width }: Look) {
  const found = boxes.parse(await page.evaluate(measure));
  expect(found.length).toBeGreaterThan(1);
  const outside = ({ left, right }: (typeof found)[number]) => left < 0 || right > width;
  expect(found.filter((box) => outside(box) || box.height < 44)).toEqual([]);
}

const focused = (page: Page) => page.locator(':focus');

describe.each([
  { width: 390, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
] as const)('at $width px, $colorScheme', (look) => {
  test('the success card pays', async () => {
    const { id, page } = await openCheckout(look);
    await expectRoom(page, look);
    await pick(page, cards.success);
    expect(await focused(page).textContent()).toContain('Subscribe');
    await page.keyboard.press('Enter');
    await expectThanks(page, id);
  });

  test('a declined card says so, and another one pays', async () => {
    const { id, page } = await openCheckout(look);
    await pick(page, cards.noFunds);
    await press(page, 'Subscribe');
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('insufficient funds');
    expect(await focused(page).getAttribute('role')).toBe('alert');
    await expectRoom(page, look);
    await pick(page, cards.success);
    await press(page, 'Subscribe');
    await expectThanks(page, id);
  });

  test('3-D Secure is failed, then completed', async () => {
    const { id, page } = await openCheckout(look);
    await pick(page, cards.confirm);
    await press(page, 'Subscribe');
    await page.getByRole('heading', { name: 'Confirm the payment' }).waitFor();
    await expectRoom(page, look);
    await press(page, 'Fail');
    await page.getByRole('alert').waitFor();
    expect(await statusOf(id)).toBe('unpaid');
    await pick(page, cards.confirm);
    await press(page, 'Subscribe');
    await press(page, 'Complete');
    await expectThanks(page, id);
  });

  test('the portal changes the plan, and its buttons have room', async () => {
    const { customer, subscription } = await shop.subscribe();
    const { url } = await shop.openPortal(customer, { locale: 'zh' });
    const page = await open(url, look);
    await expectRoom(page, look);
    await page.getByRole('link', { name: '更改方案' }).click();
    await page.getByRole('radio', { name: 'Team' }).check();
    await expectRoom(page, look);
    await press(page, '继续');
    await press(page, '确认更改');
    await page.getByRole('status').waitFor();
    const { items } = await shop.api.subscriptions.retrieve(subscription);
    expect(items.data[0]?.price.unit_amount).toBe(9900);
  });
});

test('the keyboard alone goes through the form in the order in which it is read', async () => {
  const { id, page } = await openCheckout({ width: 390, colorScheme: 'light' });
  const reached: (string | null)[] = [];
  for (const text of ['', '4242424242424242', '12/34', '12']) {
    await page.keyboard.press('Tab');
    reached.push(await focused(page).getAttribute('name'));
    await page.keyboard.type(text);
  }
  expect(reached).toEqual(['method', 'number', 'expiry', 'cvc']);
  await page.keyboard.press('Enter');
  await page.getByText('security code is incomplete').waitFor();
  expect(await focused(page).getAttribute('name')).toBe('cvc');
  await page.keyboard.type('3');
  await page.keyboard.press('Enter');
  await expectThanks(page, id);
});

test('a bank debit hides the fields of the card', async () => {
  const { id, page } = await openCheckout({ width: 390, colorScheme: 'light' });
  expect(await page.getByText('The bank pays').isVisible()).toBe(false);
  await page.getByText('Bank debit').click();
  expect(await page.getByLabel('Card number').isVisible()).toBe(false);
  await page.getByText('The bank pays').click();
  await press(page, 'Subscribe');
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(await statusOf(id)).toBe('unpaid');
});
