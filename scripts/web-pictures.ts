import { join } from 'node:path';

import type { Browser } from 'playwright-core';
import { z } from 'zod';

import { contextOfAccount } from '../core/account/acting.ts';
import { approvalLink } from '../core/consent/link.ts';
import { isFault } from '../core/fault.ts';
import type { Locale } from '../core/messages/catalogue.ts';
import { signInWords } from '../core/messages/sign-in.ts';
import { perform } from '../core/operation.ts';
import { publicationCreate } from '../core/publication/create.ts';
import { accounts } from '../drizzle/schema/people.ts';
import type { Host } from './host.ts';
import { fillAccount, ideas, type Filled } from './web-pictures-content.ts';
import { openVisit, type Visit } from './web-visit.ts';

const phone = { width: 390, height: 844 };
const desk = { width: 1280, height: 800 };
const password = 'correct horse 7';

/** Where the pictures go, and what they are taken of. */
export type Studio = {
  readonly browser: Browser;
  readonly host: Host;
  readonly url: string;
  readonly locale: Locale;
  readonly folder: string;
};

/** Takes the picture of what is open, from the top to `height`. */
async function take(visit: Visit, { folder }: Studio, file: string, height: number): Promise<void> {
  const { page } = visit;
  const width = page.viewportSize()?.width ?? 0;
  await page.setViewportSize({ width, height });
  const images = page.locator('main img');
  for (const image of await images.all())
    await image.evaluate(async (one: { loading: string; decode(): Promise<void> }) => {
      one.loading = 'eager';
      await one.decode();
    });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, `web-${file}.png`), caret: 'hide' });
}

const open = ({ browser, url, locale }: Studio, size: typeof phone, colours: 'light' | 'dark') =>
  openVisit(browser, { url, locale, size, colours, scale: size === phone ? 1.25 : 0.8 });

/** The link of the newest mail, as its page shows it. */
async function linkInMail({ host }: Studio): Promise<string> {
  const inbox = z.string().parse(host.mailPage);
  for (;;) {
    const list = await (await fetch(inbox)).text();
    const [, path] = /href="(\/mails\/[^"]+)"/.exec(list) ?? [];
    const mail = path === undefined ? '' : await (await fetch(new URL(path, inbox))).text();
    const [link] = /http:[^\s<>"]+\/verify\?token=[^\s<>"&]+/.exec(mail) ?? [];
    if (link !== undefined) return link;
  }
}

/** Signs up on a phone, which is a picture, and opens the dashboard on a desk. */
async function signUp(studio: Studio, isPicture: boolean): Promise<Visit> {
  const words = signInWords[studio.locale];
  const email = studio.locale === 'zh' ? 'mei@example.org' : 'ana@example.org';
  const first = await open(studio, phone, 'light');
  await first.go('/sign-up');
  await first.page.locator('[name=email]').fill(email);
  await first.page.locator('[name=password]').fill(password);
  await first.page.locator('[name=repeat]').fill('correct horse');
  await first.press(first.page.locator('h1'));
  if (isPicture) await take(first, studio, 'sign-up', 1010);
  await first.page.locator('[name=repeat]').fill(password);
  await first.pressNamed(words.signUp);
  await first.heading(words.mailSent);
  await first.close();
  const visit = await open(studio, desk, 'light');
  await visit.go(await linkInMail(studio));
  await visit.pressNamed(words.verifyButton);
  await visit.page.waitForURL('**/dashboard?welcome=1');
  return visit;
}

/** As much of the browser's video element as is used here. */
type Film = {
  muted: boolean;
  readonly currentTime: number;
  play(): Promise<void>;
  addEventListener(event: 'timeupdate', moved: () => void, how: { once: true }): void;
};

/** Plays until the controls have gone, so that they do not cover the picture. */
async function playOn(film: Film): Promise<void> {
  film.muted = true;
  await film.play();
  while (film.currentTime < 4.5)
    await new Promise<void>((moved) => film.addEventListener('timeupdate', moved, { once: true }));
}

/** The question of a program that wants to be let in. */
async function askAsProgram({ url }: Studio): Promise<string> {
  const callback = 'https://claude.ai/api/mcp/auth_callback';
  const answer = await fetch(`${url}/auth/oauth2/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Claude',
      redirect_uris: [callback],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    }),
  });
  const { client_id: client } = z.object({ client_id: z.string() }).parse(await answer.json());
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client,
    redirect_uri: callback,
    scope: 'read spend publish',
    state: 'picture',
    code_challenge: 'A'.repeat(43),
    code_challenge_method: 'S256',
    resource: `${url}/mcp`,
  });
  return `${url}/auth/oauth2/authorize?${query.toString()}`;
}

/** The link to where the person decides about what a model wants to publish. */
async function askToPublish(filled: Filled, locale: Locale): Promise<string> {
  const { context, videos } = filled;
  const idea = ideas[locale][1];
  const input = { video: videos[1], title: idea.title, description: idea.prompt, tags: idea.tags };
  const asking = { ...context, actor: { ...context.actor, surface: 'mcp' } } as const;
  const outcome = await perform(publicationCreate, input, asking);
  if (outcome.ok || !isFault(outcome.fault, 'approval_required')) throw new Error('nothing asked');
  return approvalLink(context, outcome.fault.params.id) ?? '';
}

/** Takes every picture of the web pages that there is in this language. */
export async function takeWebPictures(studio: Studio): Promise<void> {
  const { host, locale } = studio;
  const visit = await signUp(studio, locale === 'en');
  const [account] = await host.app.database.db.select().from(accounts);
  const { signal } = new AbortController();
  const accountId = z.string().parse(account?.id);
  const context = await contextOfAccount(host.app, { accountId, surface: 'terminal', signal });
  const filled = await fillAccount(visit, context, locale);
  const hand = await open(studio, phone, locale === 'zh' ? 'dark' : 'light');
  await hand.context.addCookies(await visit.context.cookies());
  if (locale === 'zh') {
    await hand.go('/dashboard');
    await take(hand, studio, 'dashboard-phone', 1250);
  } else {
    await visit.go('/dashboard');
    await take(visit, studio, 'dashboard', 1500);
    await visit.go(`/videos/${filled.videos[0] ?? ''}`);
    await visit.page.locator('main video').evaluate(playOn);
    await take(visit, studio, 'video', 830);
    await visit.go(await askAsProgram(studio));
    await take(visit, studio, 'consent', 760);
    await hand.go(await askToPublish(filled, locale));
    await take(hand, studio, 'approval', 1070);
  }
  await hand.close();
  await visit.close();
}
