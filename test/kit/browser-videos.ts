import { eq } from 'drizzle-orm';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';

import { catalogue } from '../../core/messages/catalogue.ts';
import { pageWords } from '../../core/messages/page.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { openDoor } from './door.ts';
import type { InvitedProgram } from './browser-program.ts';
import { approve, look, openQuestion, passUntil, type Walker } from './browser.ts';

/** As much of the browser's video element as is used here. */
type Film = {
  muted: boolean;
  readonly currentTime: number;
  play(): Promise<void>;
  addEventListener(event: 'timeupdate', moved: () => void, how: { once: true }): void;
};

/** Plays until the picture moves. @returns how far it has come, in seconds. */
const play = (film: Locator): Promise<number> =>
  film.evaluate(async (video: Film) => {
    video.muted = true;
    await video.play();
    while (video.currentTime === 0)
      await new Promise<void>((moved) =>
        video.addEventListener('timeupdate', moved, { once: true }),
      );
    return video.currentTime;
  });

/** What a browser says of a line that is pulled. */
const brokenLine =
  /net::ERR_(?:INTERNET_DISCONNECTED|CONNECTION_|INCOMPLETE_CHUNKED|EMPTY_RESPONSE)/;

/** How far the page says that the video is. */
const percentOn = async ({ visit }: Walker): Promise<string> =>
  (await visit.page.locator('#percent').textContent()) ?? '';

/** Follows a video on its page from the queue to the film, over a line that breaks in between. */
export async function watchProgress(walker: Walker, video: string): Promise<void> {
  const { world, visit } = walker;
  const { page, context, locale } = visit;
  const bar = page.locator('#line');
  const door = await openDoor();
  door.leadTo(world.publicUrl);
  await visit.go(`${door.url}/videos/${video}`);
  const begun = await percentOn(walker);
  await passUntil(walker, async () => (await percentOn(walker)) !== begun);
  await look(walker, 'a video in progress');
  const moved = await percentOn(walker);
  await door.shut();
  await context.setOffline(true);
  await bar.filter({ hasText: pageWords[locale].offline }).waitFor();
  // What happens meanwhile is not heard, and nothing is lost of it.
  await world.advance(60);
  await world.drain();
  expect(await percentOn(walker)).toBe(moved);
  await door.open();
  await context.setOffline(false);
  const film = page.locator('main video');
  await passUntil(walker, () => film.isVisible());
  await look(walker, 'a video that is ready');
  const poster = z.string().parse(await film.getAttribute('poster'));
  const still = await context.request.get(new URL(poster, world.publicUrl).href);
  expect(still.headers()['content-type']).toBe('image/jpeg');
  expect(await play(film)).toBeGreaterThan(0);
  visit.forgive(brokenLine);
  await visit.go('/dashboard');
  await door.close();
}

/** Asks over MCP to publish, decides who can see it, and presses while there is no line. */
export async function publishOffline(
  walker: Walker,
  program: InvitedProgram,
  input: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { world, visit } = walker;
  const { page, context, locale } = visit;
  const posts: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') posts.push(request.url());
  });
  const link = await program.askFor('publication_create', input);
  await openQuestion(walker, link);
  await page.locator('[name=choose_privacy]').selectOption('unlisted');
  await context.setOffline(true);
  const button = page.getByRole('button', { name: catalogue(locale).words.approve, exact: true });
  await visit.press(button);
  await page.locator('#line').filter({ hasText: pageWords[locale].waiting }).waitFor();
  await visit.press(button);
  expect(posts).toEqual([]);
  await context.setOffline(false);
  await visit.heading(catalogue(locale).words.approved);
  expect(posts).toHaveLength(1);
  visit.forgive(brokenLine);
  const id = new URL(link).pathname.split('/').at(-1) ?? '';
  const rows = await world.app.database.db.select().from(approvals).where(eq(approvals.id, id));
  expect(rows).toMatchObject([{ status: 'approved', choices: { privacy: 'unlisted' } }]);
  await program.call('publication_create', input);
  await world.drain();
}

/** Asks over MCP for a video, and approves it in the browser. @returns the id of the video. */
export async function makeVideo(
  walker: Walker,
  program: InvitedProgram,
  asked: { readonly input: Readonly<Record<string, unknown>>; readonly link: string },
): Promise<string> {
  await openQuestion(walker, asked.link);
  await approve(walker);
  const { video } = await program.call('video_generate', asked.input);
  return z.string().parse(video);
}
