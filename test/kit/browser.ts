import { expect, vi } from 'vitest';

import { catalogue } from '../../core/messages/catalogue.ts';
import { connectPageWords } from '../../core/messages/connect-page.ts';
import { dashboardWords } from '../../core/messages/dashboard.ts';
import { signInWords } from '../../core/messages/sign-in.ts';
import type { Visit } from '../../scripts/web-visit.ts';
import { inviteProgram, type InvitedProgram } from './browser-program.ts';
import { findPageFaults } from './page-faults.ts';
import { goodPassword, linkInMail } from './visitor.ts';
import type { World } from './world.ts';

/** Somebody on the way through our pages in a real browser. */
export type Walker = {
  readonly world: World;
  readonly visit: Visit;
  readonly email: string;
};

/** Looks for everything that is wrong with the page that is open. */
export async function look({ visit }: Walker, name: string): Promise<void> {
  expect.soft(await findPageFaults(visit), `${name} at ${visit.page.url()}`).toEqual([]);
}

/** Lets time go by and work be done, until the page shows it. */
export async function passUntil({ world }: Walker, isShown: () => Promise<boolean>): Promise<void> {
  await vi.waitFor(
    async () => {
      await world.advance(1);
      await world.drain();
      expect(await isShown()).toBe(true);
    },
    { timeout: 30_000, interval: 50 },
  );
}

/** Signs up with an address, is told what is wrong while typing, takes the link of the mail, and sees the welcome. */
export async function signUpInBrowser(walker: Walker): Promise<void> {
  const { world, visit, email } = walker;
  const { page, locale } = visit;
  const words = signInWords[locale];
  await visit.go('/sign-up');
  await look(walker, 'sign up');
  await page.locator('[name=email]').fill(email);
  const password = page.locator('[name=password]');
  const error = page.locator('#password-error');
  await password.fill('short');
  // Half a word is not complained about.
  await password.press('Tab');
  await error.filter({ hasText: words.lacks.too_short }).waitFor();
  await password.fill('long enough');
  await error.filter({ hasText: words.lacks.no_digit }).waitFor();
  await page.locator('[name=repeat]').fill('something else');
  await page.locator('[name=repeat]').press('Tab');
  await page.locator('#repeat-error').filter({ hasText: words.notSame }).waitFor();
  await look(walker, 'sign up with what is wrong');
  await password.fill(goodPassword);
  await page.locator('[name=repeat]').fill(goodPassword);
  await expect.poll(() => page.locator('.error').allTextContents()).toEqual(['', '', '', '']);
  await visit.pressNamed(words.signUp);
  await visit.heading(words.mailSent);
  await world.drain();
  await visit.go(linkInMail(world, email));
  await look(walker, 'verify');
  await visit.pressNamed(words.verifyButton);
  await page.waitForURL('**/dashboard?welcome=1');
  await visit.heading(dashboardWords[locale].welcome.heading);
  await look(walker, 'the first dashboard');
}

/** A program asks to be let in, and the person allows it in their browser. */
export const letProgramIn = (walker: Walker): Promise<InvitedProgram> =>
  inviteProgram(walker.world.publicUrl, 'Claude', async (address) => {
    const { visit } = walker;
    const words = signInWords[visit.locale];
    await visit.go(address.href);
    await visit.heading(words.consent({ program: 'Claude' }));
    await look(walker, 'consent');
    await visit.pressNamed(words.allow);
    await visit.heading('Back in the program');
  });

/** Opens the link that the program was given, goes through Google's page, and comes back. */
export async function connectYouTube(walker: Walker, program: InvitedProgram): Promise<void> {
  const { visit } = walker;
  const { url } = await program.call('channel_connect', { access: 'manage' });
  await visit.go(String(url));
  await look(walker, 'connect a channel');
  await visit.pressNamed(connectPageWords[visit.locale].goOn);
  await visit.pressNamed('Allow');
  await visit.heading(catalogue(visit.locale).words.channelConnected);
  await look(walker, 'connected');
}

/** Opens the question of a program, and looks at it. */
export async function openQuestion(walker: Walker, link: string): Promise<void> {
  const { visit } = walker;
  await visit.go(link);
  await visit.page
    .getByRole('button', { name: catalogue(visit.locale).words.approve, exact: true })
    .waitFor();
  await look(walker, 'approval');
}

/** Approves what is open. */
export async function approve({ visit }: Walker): Promise<void> {
  const { words } = catalogue(visit.locale);
  await visit.pressNamed(words.approve);
  await visit.heading(words.approved);
}

/** Asks for the cheapest video over MCP; the person has not been asked yet. */
export async function askForVideo(
  program: InvitedProgram,
  prompt: string,
): Promise<{ readonly input: Readonly<Record<string, unknown>>; readonly link: string }> {
  const wish = { prompt, model: 'minimax', seconds: 15, shape: '16:9' };
  const { quote } = await program.call('video_quote', wish);
  const input = { quote };
  return { input, link: await program.askFor('video_generate', input) };
}
