import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { contextOfAccount } from '../../core/account/acting.ts';
import { accountLink } from '../../core/account/link.ts';
import { dashboardWords } from '../../core/messages/dashboard.ts';
import { linkPageWords } from '../../core/messages/link-page.ts';
import { pageWords } from '../../core/messages/page.ts';
import { sharePageWords } from '../../core/messages/share.ts';
import { signInWords } from '../../core/messages/sign-in.ts';
import { videoShare } from '../../core/video/share.ts';
import { launchChromium } from '../../scripts/chromium.ts';
import { openVisit } from '../../scripts/web-visit.ts';
import type { InvitedProgram } from '../kit/browser-program.ts';
import { makeVideo, publishOffline, watchProgress } from '../kit/browser-videos.ts';
import {
  askForVideo,
  connectYouTube,
  letProgramIn,
  look,
  passUntil,
  signUpInBrowser,
  type Walker,
} from '../kit/browser.ts';
import { videoRow } from '../kit/trips.ts';
import { goodPassword } from '../kit/visitor.ts';
import { createWorld, type World } from '../kit/world.ts';

let world: World;
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
  world = await createWorld({ generationMs: 40_000 });
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const people = [
  {
    on: 'a phone',
    locale: 'zh',
    size: { width: 390, height: 844 },
    email: 'mei@example.org',
    prompt: '夜晚的雨巷里，一只纸船顺着水流漂过霓虹倒影',
    title: '雨巷纸船',
  },
  {
    on: 'a desk',
    locale: 'en',
    size: { width: 1280, height: 800 },
    email: 'ana@example.org',
    prompt: 'A paper boat sails down a rainy street at night',
    title: 'A boat in the rain',
  },
] as const;

type Person = (typeof people)[number];

test.each(people)(
  'on $on a person goes all the way from signing up to a published video',
  async (person) => {
    const { locale, size, email } = person;
    const visit = await openVisit(browser, { url: world.publicUrl, locale, size });
    const walker = { world, visit, email };
    await signUpInBrowser(walker);
    await skipToContent(walker);
    const program = await letProgramIn(walker);
    await connectYouTube(walker, program);
    const asked = await askForVideo(program, person.prompt);
    const video = await makeVideo(walker, program, asked);
    await watchProgress(walker, video);
    await publishOffline(walker, program, { video, title: person.title });
    const { google } = world.emulators;
    await passUntil(walker, async () => google.videos.at(-1)?.privacy === 'unlisted');
    expect(google.videos.at(-1)).toMatchObject({ title: person.title });
    await seeEverything(walker, program, person);
    await seeFurtherPages(walker);
    const troubles = visit.troubles.length;
    await seeMissingPage(walker);
    expect(visit.troubles.slice(0, troubles)).toEqual([]);
    await signOutAndIn(walker);
    await watchShared(person, video);
    await program.close();
    await visit.close();
  },
  240_000,
);

/** The first stop of the tabulator leads past what every page begins with. */
async function skipToContent({ visit: { page } }: Walker): Promise<void> {
  await page.reload();
  await page.keyboard.press('Tab');
  const skip = page.locator('.skip:focus');
  await skip.waitFor();
  expect((await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0);
  await page.keyboard.press('Enter');
  await page.locator('main:focus').waitFor();
}

/** The dashboard shows what was made, where it went, and what it took. */
async function seeEverything(
  walker: Walker,
  program: InvitedProgram,
  { prompt, title, locale }: Person,
): Promise<void> {
  const { visit } = walker;
  const { page } = visit;
  await visit.go('/dashboard');
  await visit.heading(dashboardWords[locale].title);
  await page.locator('.films').getByText(prompt).waitFor();
  await page.getByText(title, { exact: true }).first().waitFor();
  const { available, used_this_month: used } = z
    .looseObject({ available: z.int(), used_this_month: z.int().min(1) })
    .parse(await program.call('quota_show', {}));
  expect(await page.locator('.figure').first().textContent()).toBe(String(available));
  await page.getByText(`${used} / ${used + available}`).waitFor();
  await look(walker, 'dashboard');
}

/** Whatever else somebody who is signed in may open. */
async function seeFurtherPages(walker: Walker): Promise<void> {
  const { visit } = walker;
  const other = await world.context('terminal', `other of ${walker.email}`);
  const { url } = await world.must(accountLink, {}, other);
  const places = ['/tokens', '/account', String(url), '/billing/back', '/billing/cancelled'];
  for (const place of places) {
    await visit.go(place);
    await look(walker, place);
  }
  await visit.go(String(url));
  await visit.pressNamed(linkPageWords[visit.locale].decline);
  await visit.heading(linkPageWords[visit.locale].declined.title);
  await look(walker, 'a declined link');
}

async function seeMissingPage(walker: Walker): Promise<void> {
  await walker.visit.go('/videos/vid_of_nobody');
  await walker.visit.page.getByRole('heading').first().waitFor();
  await look(walker, 'an error');
}

/** Whoever has signed out is led from the dashboard over the sign-in, and back. */
async function signOutAndIn(walker: Walker): Promise<void> {
  const { visit, email } = walker;
  const { page, locale } = visit;
  const words = signInWords[locale];
  await visit.go('/account');
  await visit.pressNamed(pageWords[locale].signOut);
  await visit.heading(words.signIn);
  await visit.go('/reset');
  await look(walker, 'reset');
  await visit.go('/account');
  await visit.heading(words.signIn);
  await look(walker, 'sign in');
  await page.locator('[name=email]').fill(email);
  await page.locator('[name=password]').fill(goodPassword);
  await visit.press(page.locator('main button.main'));
  await page.waitForURL('**/account');
}

/** Somebody who is not signed in watches a shared video. */
async function watchShared({ locale, size, email }: Person, video: string): Promise<void> {
  const { accountId } = await videoRow(world, video);
  const { signal } = new AbortController();
  const owner = await contextOfAccount(world.app, { accountId, surface: 'terminal', signal });
  const { link } = await world.must(videoShare, { video }, owner);
  const visit = await openVisit(browser, { url: world.publicUrl, locale, size });
  await visit.go(String(link));
  await visit.heading(sharePageWords[locale].title);
  const tag = (name: string) =>
    visit.page.locator(`meta[property="${name}"]`).getAttribute('content');
  expect(await tag('og:title')).toBe(sharePageWords[locale].title);
  expect(await tag('og:video')).toBe(`${String(link)}/video.mp4`);
  const still = await visit.context.request.get(String(await tag('og:image')));
  expect(still.headers()['content-type']).toBe('image/jpeg');
  await look({ world, visit, email }, 'shared');
  expect(visit.troubles).toEqual([]);
  await visit.close();
}
