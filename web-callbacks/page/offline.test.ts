import { eq } from 'drizzle-orm';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { isFault } from '../../core/fault.ts';
import { defineOperation, perform } from '../../core/operation.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { launchChromium } from '../../scripts/chromium.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { createWebApp } from '../app.ts';
import { serveWeb, type WebServer } from '../serve.ts';

let world: World;
let web: WebServer;
let browser: Browser;
const opened: Page[] = [];
const posts: string[] = [];

const notePublish = defineOperation({
  name: 'note_publish',
  summary: { en: 'Publish a note.', zh: '发布一条便签。' },
  effect: 'publish',
  audience: 'everyone',
  needs: [],
  decidedByPerson: ['footer'],
  input: z.object({
    text: z.string().describe('What it says'),
    footer: z.string().default('').describe('Last line'),
  }),
  output: z.object({ text: z.string() }),
  preview: async ({ text }) => ({ title: text, lines: [], cost: 0 }),
  run: async ({ text }) => ({ text }),
  say: ({ text }) => text,
});

beforeAll(async () => {
  world = await createWorld();
  const address = { url: '' };
  const services = { ...world.services, publicUrl: () => address.url };
  web = await serveWeb(
    createWebApp(services, { operations: [notePublish], instanceId: 'run_x' }),
    0,
  );
  address.url = web.url;
  browser = await launchChromium();
});
afterEach(async () => {
  for (const page of opened.splice(0)) await page.context().close();
  posts.splice(0);
});
afterAll(async () => {
  await browser.close();
  await web.close();
  await world.close();
});

/** Asks as a model would, and opens the page on which a person decides. */
async function openQuestion(text: string) {
  const { actor, locale, timeZone, signal } = await world.context('mcp');
  const context = { ...world.services, publicUrl: () => web.url, actor, locale, timeZone, signal };
  const outcome = await perform(notePublish, { text }, context);
  if (outcome.ok || !isFault(outcome.fault, 'approval_required')) throw new Error('not asked');
  const { id, link } = outcome.fault.params;
  const browsing = await browser.newContext({ locale: 'en-GB' });
  const page = await browsing.newPage();
  page.on('request', (request) => {
    if (request.method() === 'POST') posts.push(request.url());
  });
  opened.push(page);
  await page.goto(link ?? '');
  const decision = async () => {
    const [row] = await world.app.database.db.select().from(approvals).where(eq(approvals.id, id));
    return { status: row?.status, choices: row?.choices };
  };
  return { page, browsing, decision };
}

const bar = (page: Page) => page.locator('#line');

test('what was typed and pressed without a line is sent once when it is back', async () => {
  const { page, browsing, decision } = await openQuestion('a note without a line');
  await browsing.setOffline(true);
  await bar(page).getByText('You are offline. What you typed is kept.').waitFor();
  await page.getByLabel('Last line').fill('typed offline');
  await page.getByRole('button', { name: 'Approve' }).click();
  await bar(page).getByText('sent once, as soon as the line is back').waitFor();
  await page.getByRole('button', { name: 'Approve' }).click();
  expect(posts).toEqual([]);
  expect(await decision()).toMatchObject({ status: 'pending' });
  await browsing.setOffline(false);
  await page.getByRole('heading', { name: 'Approved' }).waitFor();
  expect(posts).toHaveLength(1);
  expect(await decision()).toEqual({ status: 'approved', choices: { footer: 'typed offline' } });
});

test('of two presses without a line the last one counts', async () => {
  const { page, browsing, decision } = await openQuestion('a note that nobody wants');
  await browsing.setOffline(true);
  await page.getByRole('button', { name: 'Approve' }).click();
  await bar(page).getByText('sent once').waitFor();
  await page.getByRole('button', { name: 'Decline' }).click();
  await browsing.setOffline(false);
  await page.getByRole('heading', { name: 'Declined' }).waitFor();
  expect(posts).toHaveLength(1);
  expect(await decision()).toMatchObject({ status: 'declined' });
});

test('a line that is broken unnoticed by the browser loses no press', async () => {
  const { page, decision } = await openQuestion('a note over a broken line');
  await page.route('**/healthz', (route) => route.abort('connectionreset'));
  await page.getByRole('button', { name: 'Approve' }).click();
  await bar(page).getByText('sent once').waitFor();
  expect(posts).toEqual([]);
  await page.unroute('**/healthz');
  await page.getByRole('heading', { name: 'Approved' }).waitFor();
  expect(posts).toHaveLength(1);
  expect(await decision()).toMatchObject({ status: 'approved' });
});

test('what was typed survives a reload, and is forgotten once it was sent', async () => {
  const { page } = await openQuestion('a note that is reloaded');
  const link = page.url();
  await page.getByLabel('Last line').fill('half a sentence');
  await page.reload();
  expect(await page.getByLabel('Last line').inputValue()).toBe('half a sentence');
  const kept = () => page.evaluate('Object.keys(sessionStorage).join("\\n")');
  expect(await kept()).toContain('choose_footer');
  expect(await kept()).not.toContain('sig');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('heading', { name: 'Approved' }).waitFor();
  await page.goto(link);
  expect(await page.getByLabel('Last line').count()).toBe(0);
});

test('a second press of a page that was opened twice decides nothing', async () => {
  const { page, browsing, decision } = await openQuestion('a note in two windows');
  const second = await browsing.newPage();
  await second.goto(page.url());
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('heading', { name: 'Approved' }).waitFor();
  await second.getByRole('button', { name: 'Decline' }).click();
  await second.getByRole('heading', { name: /cannot be used/ }).waitFor();
  expect(await decision()).toMatchObject({ status: 'approved' });
});

test('without a script the form works as forms do', async () => {
  const { page, decision } = await openQuestion('a note without script');
  const plain = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' });
  const bare = await plain.newPage();
  opened.push(bare);
  await bare.goto(page.url());
  await bare.getByRole('button', { name: 'Approve' }).click();
  await bare.getByRole('heading', { name: 'Approved' }).waitFor();
  expect(await decision()).toMatchObject({ status: 'approved' });
});
