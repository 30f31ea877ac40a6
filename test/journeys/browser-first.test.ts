import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { launchChromium } from '../../scripts/chromium.ts';
import { openVisit } from '../../scripts/web-visit.ts';
import {
  approve,
  askForVideo,
  letProgramIn,
  openQuestion,
  signUpInBrowser,
} from '../kit/browser.ts';
import { createWorld, type World } from '../kit/world.ts';

let world: World;
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
  world = await createWorld();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

test('somebody signs up in a browser, lets a program in, and approves what it asks for', async () => {
  const size = { width: 1280, height: 800 };
  const visit = await openVisit(browser, { url: world.publicUrl, locale: 'en', size });
  const walker = { world, visit, email: 'ana@example.org' };
  await signUpInBrowser(walker);
  const program = await letProgramIn(walker);
  const { input, link } = await askForVideo(program, 'a paper boat sails down a rainy street');
  await openQuestion(walker, link);
  await approve(walker);
  expect(await program.call('video_generate', input)).toMatchObject({ status: 'queued' });
  expect(visit.troubles).toEqual([]);
  await program.close();
  await visit.close();
}, 60_000);
